"""Rules give tags with evidence, in an order in which each may refer to those before it."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model.entries import Entry, Evidence, Source, Tag, TaggedEntry
from aggregator.query.match import read
from aggregator.query.syntax import parse
from aggregator.tagger import Tagger
from aggregator.tagging import (
    MAX_EVIDENCE,
    Clause,
    Rule,
    Scope,
    Score,
    find_circle,
    order_rules,
    tag,
    tidy,
    total,
    version_of,
    weigh,
)

DAY = datetime(2024, 4, 22, tzinfo=UTC)


def subject(title: str = "", content: str = "", labels: tuple[str, ...] = ()) -> TaggedEntry:
    entry = Entry("id", "feed", "identity", "hash", title=title, content=content)
    return TaggedEntry(entry, Source("feed", "A feed", labels), DAY, DAY)


def rule(name: str, query: str | None = None, *refers_to: str, scope: str | None = None) -> Rule:
    return Rule(
        name=name,
        title=name,
        query=None if query is None else parse(query),
        query_text=query or "",
        version=f"v-{name}",
        feeds=None if scope is None else Scope(parse(scope), scope),
        refers_to=refers_to,
    )


def names(subject: TaggedEntry, *rules: Rule) -> list[str]:
    return [given.name for given in tag(subject, rules)]


def test_a_tag_carries_its_rules_version_and_the_spans_that_matched() -> None:
    (given_tag,) = tag(subject("News from Mali", "Mali, again."), (rule("sahel", "Mali"),))
    assert given_tag == Tag(
        "sahel",
        "v-sahel",
        (Evidence("title", 10, 14, "Mali"), Evidence("content", 0, 4, "Mali")),
    )


def test_a_rule_that_does_not_match_gives_nothing() -> None:
    assert tag(subject("Somalia"), (rule("sahel", "Mali"),)) == ()
    assert tag(subject("Mali"), ()) == ()


def test_later_rules_see_the_tags_of_earlier_ones() -> None:
    rules = (rule("sahel", "Mali"), rule("crisis", "tag:sahel coup", "sahel"))
    assert names(subject("Coup in Mali"), *rules) == ["sahel", "crisis"]
    assert names(subject("Coup in Gabon"), *rules) == []


def test_tags_from_before_do_not_count() -> None:
    tagged = replace(subject("Coup"), tags=(Tag("sahel", "old"),))
    assert names(tagged, rule("crisis", "tag:sahel coup")) == []


def test_a_scope_confines_a_rule_to_its_feeds() -> None:
    scoped = rule("sahel", "Mali", scope="label:wire")
    assert names(subject("Mali", labels=("wire",)), scoped) == ["sahel"]
    assert names(subject("Mali", labels=("press",)), scoped) == []


def test_a_scope_alone_tags_every_entry_of_its_feeds() -> None:
    (given_tag,) = tag(subject("x", labels=("wire",)), (rule("wires", scope="label:wire"),))
    assert given_tag.evidence == (Evidence("label", 0, 4, "wire"),)


def scored(name: str, threshold: float, *clauses: Clause) -> Rule:
    return replace(rule(name), score=Score(clauses, threshold))


def clause(query: str, weight: float, per_hit: bool = False, at_most: int | None = None) -> Clause:
    return Clause(parse(query), query, weight, per_hit, at_most)


def test_a_score_gives_its_tag_from_the_threshold_on() -> None:
    crisis = scored("crisis", 4, clause("coup", 3), clause("curfew", 1), clause("football", -2))
    assert names(subject("Coup and curfew"), crisis) == ["crisis"]
    assert names(subject("Coup, coup, coup"), crisis) == []
    assert names(subject("Coup and curfew, then football"), crisis) == []


def test_tenths_add_up() -> None:
    tenths = scored("tenths", 0.3, clause("a", 0.1), clause("b", 0.2))
    assert names(subject("a b"), tenths) == ["tenths"]


def test_a_clause_may_count_each_hit_at_most_so_often() -> None:
    each = scored("each", 3, clause("coup", 1, True), clause("curfew", 1, True, 2))
    assert names(subject("Coup, coup", "coup"), each) == ["each"]
    assert names(subject("Curfew curfew curfew curfew"), each) == []
    assert names(subject("Curfew curfew curfew coup"), each) == ["each"]


def test_hits_that_overlap_count_once() -> None:
    each = scored("each", 2, clause('Mali OR "Mali Federation"', 1, True))
    assert names(subject("The Mali Federation"), each) == []
    assert names(subject("The Mali Federation, and Mali"), each) == ["each"]


def test_hits_in_different_values_are_different_hits() -> None:
    each = scored("each", 2, clause("tag:(a OR b)", 1, True))
    assert names(subject("x"), rule("a", "x"), rule("b", "x"), each) == ["a", "b", "each"]


def test_the_evidence_of_a_score_is_that_of_what_spoke_for_it() -> None:
    crisis = scored("crisis", 1, clause("coup", 3), clause("curfew", 5), clause("club", -2))
    (given_tag,) = tag(subject("Coup at the club"), (crisis,))
    assert given_tag.evidence == (Evidence("title", 0, 4, "Coup"),)


def test_query_score_and_scope_must_all_hold() -> None:
    whole = replace(
        rule("a", "Mali", scope="label:wire"), score=Score((clause("coup", 1),), threshold=1)
    )
    wired = ("wire",)
    assert names(subject("Coup in Mali", labels=wired), whole) == ["a"]
    assert names(subject("Coup in Mali"), whole) == []
    assert names(subject("Coup", labels=wired), whole) == []
    assert names(subject("Mali", labels=wired), whole) == []
    (given_tag,) = tag(subject("Coup in Mali", labels=wired), (whole,))
    assert [span.value for span in given_tag.evidence] == ["Coup", "Mali"]


def test_what_is_weighed_is_told() -> None:
    score = Score((clause("coup", 1.5, True, 2), clause("curfew", 1), clause("club", -2)), 1)
    weighed = weigh(score, read(subject("Coup coup coup, club")))
    assert [(each.clause.query_text, each.times, each.points) for each in weighed] == [
        ("coup", 2, 3.0),
        ("club", 1, -2.0),
    ]
    assert total(weighed) == 1.0


IMPLIED = (
    replace(rule("wire", "label:wire"), implies=("africa",)),
    replace(rule("sahel", "Mali"), implies=("africa",)),
    replace(rule("africa", "Africa"), implied_by=("sahel", "wire")),
)


def test_an_implied_tag_is_given_beside_the_one_that_implies_it() -> None:
    given_tags = tag(subject("Mali"), IMPLIED)
    assert [given_tag.name for given_tag in given_tags] == ["sahel", "africa"]
    assert given_tags[1] == Tag("africa", "v-africa", (Evidence("tag", 0, 5, "sahel"),))


def test_where_its_own_rule_matches_an_implied_tag_has_its_own_evidence() -> None:
    given_tags = tag(subject("Mali, in Africa"), IMPLIED)
    assert given_tags[1].evidence == (Evidence("title", 9, 15, "Africa"),)


def test_a_tag_that_nothing_implies_and_whose_rule_does_not_match_is_not_given() -> None:
    assert names(subject("Oslo"), *IMPLIED) == []


def test_several_implying_tags_are_all_evidence() -> None:
    given_tags = tag(subject("Mali", labels=("wire",)), IMPLIED)
    assert [span.value for span in given_tags[2].evidence] == ["sahel", "wire"]


def test_a_rule_without_parts_gives_its_tag_only_where_it_is_implied() -> None:
    umbrella = (*IMPLIED[:2], replace(IMPLIED[2], query=None))
    assert names(subject("Africa"), *umbrella) == []
    assert names(subject("Mali"), *umbrella) == ["sahel", "africa"]


def test_an_implied_tag_is_not_confined_to_its_scope() -> None:
    scoped = replace(rule("africa", "Africa", scope="label:x"), implied_by=("sahel",))
    assert names(subject("Mali in Africa"), IMPLIED[1], scoped) == ["sahel", "africa"]
    assert names(subject("Africa"), IMPLIED[1], scoped) == []


def test_rules_are_ordered_behind_those_that_imply_them() -> None:
    assert [each.name for each in order_rules(tuple(reversed(IMPLIED)))][-1] == "africa"


def test_evidence_is_in_reading_order_without_repetition() -> None:
    spans = (
        Evidence("label", 0, 1, "x"),
        Evidence("content", 5, 6, "b"),
        Evidence("title", 9, 10, "a"),
        Evidence("content", 5, 6, "b"),
        Evidence("content", 1, 2, "b"),
    )
    assert [(span.field, span.start) for span in tidy(spans)] == [
        ("title", 9),
        ("content", 1),
        ("content", 5),
        ("label", 0),
    ]


def test_evidence_is_capped_to_the_first_spans() -> None:
    (given_tag,) = tag(subject("Mali", "Niger " * 500), (rule("sahel", "Mali OR Niger"),))
    assert len(given_tag.evidence) == MAX_EVIDENCE
    assert given_tag.evidence[0].field == "title"


def test_rules_are_ordered_behind_what_they_refer_to() -> None:
    rules = (rule("c", "x", "b", "a"), rule("b", "x", "a"), rule("a", "x"))
    assert [ordered.name for ordered in order_rules(rules)] == ["a", "b", "c"]


def test_a_circle_is_named_and_refused() -> None:
    rules = (rule("a", "x", "b"), rule("b", "x", "c"), rule("c", "x", "a"), rule("d", "x", "a"))
    circle = find_circle({each.name: each.refers_to for each in rules})
    assert circle[0] == circle[-1]
    assert set(circle) == {"a", "b", "c"}
    following = {each.name: each.refers_to for each in rules}
    assert all(after in following[name] for name, after in pairwise(circle))
    with pytest.raises(ValueError, match="circle"):
        order_rules(rules)


def test_no_circle_is_nothing() -> None:
    assert find_circle({"a": ("b",), "b": ()}) == ()


graphs = st.dictionaries(
    st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"), unique=True).map(tuple)
)


@given(graphs)
def test_an_order_exists_exactly_where_there_is_no_circle(
    graph: dict[str, tuple[str, ...]],
) -> None:
    known = {name: tuple(to for to in others if to in graph) for name, others in graph.items()}
    rules = tuple(rule(name, "x", *others) for name, others in known.items())
    if find_circle(known):
        return
    ordered = [each.name for each in order_rules(rules)]
    assert sorted(ordered) == sorted(graph)
    assert all(
        ordered.index(to) < ordered.index(name) for name, others in known.items() for to in others
    )


@given(st.lists(st.text(max_size=4), max_size=4), st.lists(st.text(max_size=4), max_size=4))
def test_versions_differ_where_parts_do(one: list[str], other: list[str]) -> None:
    assert (version_of(one) == version_of(other)) == (one == other)


def test_a_version_is_stable() -> None:
    assert version_of(["Mali"]) == version_of(("Mali",))
    assert len(version_of(["Mali"])) == 12


def test_one_tag_can_be_asked_for_with_all_that_it_rests_on() -> None:
    sport = rule("sport", "football")
    sahel = replace(rule("sahel", "Mali NOT tag:sport", "sport"), implies=("africa",))
    africa = replace(rule("africa", "Africa"), implied_by=("sahel",))
    asked = subject("Mali"), subject("Mali football"), subject("Africa"), subject("Oslo")
    tagger = Tagger((sport, sahel, africa))
    for each in asked:
        given_tags = {given_tag.name: given_tag for given_tag in tagger.tag(each)}
        for name in ("sport", "sahel", "africa"):
            assert tagger.given(name, each) == given_tags.get(name)
