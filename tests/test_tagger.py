"""A Tagger gives the tags that its rules give one by one, with the same evidence."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model.entries import TaggedEntry
from aggregator.query.nodes import And, Field, Node, Not, Or, Value
from aggregator.query.syntax import parse
from aggregator.tagger import Tagger
from aggregator.tagging import Clause, Rule, Scope, Score, tag
from tests import builders
from tests.query import strategies
from tests.query.test_hits import work

NAMES = ("first", "mali", "sahel", "fourth", "last")


@st.composite
def rules(draw: st.DrawFn, pieces: tuple[Node, ...]) -> tuple[Rule, ...]:
    """Build rules that refer to and imply each other, and share parts."""
    parts = st.sampled_from(pieces)
    asks = st.sampled_from(NAMES).map(lambda name: Field("tag", Value(name)))
    several = st.lists(parts | asks, min_size=2, max_size=3).map(tuple)
    queries = st.one_of(parts, asks, several.map(And), several.map(Or), asks.map(Not))
    clauses = st.builds(
        Clause,
        queries,
        st.just(""),
        st.sampled_from([-2.0, 0.5, 1.0, 3.0]),
        st.booleans(),
        st.none() | st.just(2),
    )
    scores = st.builds(
        Score, st.lists(clauses, min_size=1, max_size=3).map(tuple), st.sampled_from([0.5, 2.0])
    )
    return tuple(
        Rule(
            name,
            name,
            draw(st.none() | queries),
            "",
            f"v-{name}",
            feeds=draw(st.none() | parts.map(lambda node: Scope(node, ""))),
            score=draw(st.none() | scores),
            implied_by=tuple(draw(st.lists(st.sampled_from(NAMES), max_size=2, unique=True))),
        )
        for name in NAMES
    )


@given(st.lists(strategies.meetings(), min_size=2, max_size=3), st.data())
@settings(max_examples=settings().max_examples // 6)
def test_a_tagger_gives_what_the_rules_give(
    meetings: list[tuple[Node, TaggedEntry]], data: st.DataObject
) -> None:
    ours = data.draw(rules(tuple(query for query, _ in meetings)))
    tagger = Tagger(ours)
    for _, subject in meetings:
        assert tagger.tag(subject) == tag(subject, ours)


def rule(name: str, query: str, *implied_by: str) -> Rule:
    return Rule(name, name, parse(query), query, "1", implied_by=implied_by)


def names(tagger: Tagger, title: str) -> list[str]:
    subject = builders.tagged(builders.entry(title, summary=""))
    return [given.name for given in tagger.tag(replace(subject, tags=(builders.tag("old"),)))]


def test_tags_bring_about_other_tags() -> None:
    tagger = Tagger(
        (
            rule("sahel", "Mali"),
            rule("crisis", "tag:sahel coup"),
            rule("alert", "tag:crisis OR siege"),
            rule("africa", "Kenya", "sahel"),
            rule("calm", "tag:africa NOT tag:crisis"),
            rule("new", "NOT tag:old"),
        )
    )
    assert names(tagger, "Mali") == ["sahel", "africa", "calm", "new"]
    assert names(tagger, "Coup in Mali") == ["sahel", "crisis", "alert", "africa", "new"]
    assert names(tagger, "Kenya") == ["africa", "calm", "new"]
    assert names(tagger, "Coup") == ["new"]


def test_without_rules_there_are_no_tags() -> None:
    assert Tagger(()).tag(builders.tagged()) == ()


def test_a_score_is_asked_only_where_a_clause_adds_to_it() -> None:
    score = Score((Clause(parse("coup"), "", 2.0), Clause(parse("NOT sport"), "", -1.0)), 2.0)
    tagger = Tagger((Rule("crisis", "", None, "", "1", score=score),))
    assert names(tagger, "Coup") == []
    assert names(tagger, "Coup in sport") == ["crisis"]
    assert names(tagger, "Sport") == []


def test_a_hundred_times_as_many_rules_cost_nearly_the_same() -> None:
    subject = builders.tagged(builders.entry("word1 word2 coup", summary="word3 " * 50))

    def of_rules(number: int) -> int:
        tagger = Tagger(
            tuple(rule(f"r{each}", f"word{each} NEAR/3 coup") for each in range(number))
        )
        tagger.tag(subject)
        return work(lambda: tagger.tag(subject))

    assert of_rules(500) < 1.2 * of_rules(5)
