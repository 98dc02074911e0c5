"""A change of rules: which tags are pending, which entries it may concern, what moves."""

import random
from dataclasses import replace

import pytest

from aggregator.model.entries import TaggedEntry
from aggregator.query.match import find
from aggregator.query.printing import show
from aggregator.query.syntax import parse
from aggregator.retagging import (
    MOST_TERMS,
    NO_RULE,
    Candidates,
    Judged,
    Move,
    TagState,
    TagStates,
    moves,
    needed,
    notice,
    pending,
    plan,
)
from aggregator.tagging import (
    ANY_TIME,
    Clause,
    Rule,
    Scope,
    Score,
    find_circle,
    order_rules,
    tag,
)
from tests import builders
from tests.builders import entry, evidence, tagged


def rule(name: str, query: str | None = None, **changes: object) -> Rule:
    node = None if query is None else parse(query)
    return replace(Rule(name, name, node, query or "", "v1"), **changes)  # type: ignore[arg-type]


# --- which tags are pending --------------------------------------------------------------------

SETTLED = TagState("mali", carried=True, used="v1", applied="v1")


@pytest.mark.parametrize(
    ("state", "awaited"),
    [
        (SETTLED, ()),
        (replace(SETTLED, carried=False), ()),
        (replace(SETTLED, used="v0"), ()),
        (replace(SETTLED, applied="v0"), ("mali",)),
        (replace(SETTLED, applied=NO_RULE), ("mali",)),
        (replace(SETTLED, mixed=True), ("mali",)),
        (replace(SETTLED, target="v1"), ("mali",)),
        (replace(SETTLED, target="v0"), ("mali",)),
        (replace(SETTLED, tag="chad"), ("mali", "chad")),
        (replace(SETTLED, tag="chad", carried=False), ("mali",)),
    ],
)
def test_a_tag_is_pending_until_all_that_is_stored_follows_its_rule(
    state: TagState, awaited: tuple[str, ...]
) -> None:
    assert pending([rule("mali", "Mali")], TagStates(True, (state,))) == awaited


def test_a_database_without_entries_has_nothing_to_retag() -> None:
    assert pending([rule("mali", "Mali")], TagStates(False)) == ()
    assert pending([rule("mali", "Mali")], TagStates(True)) == ("mali",)


def test_the_notice_names_some_tags_and_the_commands_to_type() -> None:
    assert notice(()) == ""
    assert notice(("mali",)) == (
        "Rules were changed since the stored entries were tagged (mali):"
        " `aggregator retag --dry-run` shows what would change, `aggregator retag` applies it."
    )
    assert "(a, b, c, d, e and 2 more)" in notice(tuple("abcdefg"))


# --- which entries it may concern --------------------------------------------------------------


def reach(rules: list[Rule], *changed: str, unsettled: tuple[str, ...] = ()) -> str:
    wanted = plan(order_rules(tuple(rules)), changed, unsettled).candidates
    if wanted.everything:
        return "everything"
    return "" if wanted.query is None else show(wanted.query)


def test_candidates_of_a_rule_are_what_it_asks_for() -> None:
    scope = Scope(parse("label:africa"), "label:africa")
    assert reach([rule("a", "Mali AND NOT football")], "a") == "Mali AND NOT football"
    assert reach([rule("a", "Mali", feeds=scope)], "a") == "Mali AND label:africa"
    assert reach([rule("a", feeds=scope)], "a") == "label:africa"
    assert reach([rule("a", "Mali"), rule("b", "Chad")], "a", "b") == "Mali OR Chad"


def test_a_score_needs_one_of_the_clauses_that_add_to_it() -> None:
    clauses = tuple(
        Clause(parse(query), query, weight)
        for query, weight in (("coup", 3.0), ("title:junta", 1.0), ("football", -4.0))
    )
    scored = rule("a", score=Score(clauses, 3))
    assert reach([scored], "a") == "coup OR title:junta"
    assert reach([replace(scored, query=parse("Mali"))], "a") == "Mali AND (coup OR title:junta)"
    assert reach([replace(scored, score=Score(clauses, 0))], "a") == "everything"


def test_a_tag_that_is_taken_off_concerns_those_that_carry_it() -> None:
    assert plan((), ["a"], ()).candidates == Candidates(("a",))
    assert plan((), ["a"], ()).targets == {"a": NO_RULE}


def test_of_a_settled_tag_it_is_known_who_carries_it() -> None:
    rules = [rule("sport", "football"), rule("a", "Mali AND NOT tag:sport", refers_to=("sport",))]
    assert reach(rules, "a") == "Mali AND NOT tag:sport"


def test_of_an_unsettled_tag_it_is_not() -> None:
    sport = rule("sport", "football")
    for query, expected in {
        "tag:sport AND Mali": "football AND Mali",
        "Mali AND NOT tag:sport": "Mali",
        "Mali OR NOT tag:sport": "everything",
        "NOT (NOT tag:sport) AND Mali": "football AND Mali",
        "NOT (tag:sport OR Mali)": "NOT Mali",
        "NOT (tag:sport AND Mali)": "everything",
        "tag:(sport OR chad)": "football OR tag:chad",
        "Mali AND tag:(NOT sport)": "Mali",
    }.items():
        rules = [sport, rule("chad", "Chad"), rule("a", query, refers_to=("sport", "chad"))]
        assert reach(rules, "a", unsettled=("sport",)) == expected, query


def test_what_implies_a_tag_reaches_as_far() -> None:
    wire = rule("wire", "Reuters", implies=("africa",))
    africa = rule("africa", "Mali", implied_by=("wire",))
    assert reach([wire, africa], "africa") == "tag:wire OR Mali"
    assert reach([wire, africa], "africa", unsettled=("wire",)) == "Reuters OR Mali"
    assert reach([wire, replace(africa, query=None)], "africa") == "tag:wire"


def test_for_very_many_terms_it_is_not_worth_while_to_look() -> None:
    many = [
        rule(str(number), " OR ".join(f"w{number}x{term}" for term in range(MOST_TERMS // 3)))
        for number in range(4)
    ]
    assert len(reach(many[:3], "0", "1", "2")) > MOST_TERMS
    assert reach(many, "0", "1", "2", "3") == "everything"


def test_a_plan_holds_the_rules_that_it_needs_and_no_other() -> None:
    rules = order_rules(
        (
            rule("a", "tag:b", refers_to=("b",)),
            rule("b", implied_by=("c",)),
            rule("c", "Mali", implies=("b",)),
            rule("d", "tag:a", refers_to=("a",)),
        )
    )
    assert [each.name for each in needed(rules, ["a"])] == ["c", "b", "a"]
    assert [each.name for each in plan(rules, ["b", "gone"], ()).rules] == ["c", "b"]


WORDS = ("mali", "chad", "niger", "coup", "football")


def random_query(chance: random.Random, tags: tuple[str, ...], depth: int = 0) -> str:
    kind = chance.random()
    if depth > 2 or kind < 0.35:
        return chance.choice((*WORDS, *(f"tag:{name}" for name in tags), "title:mali"))
    if kind < 0.5:
        return f"NOT ({random_query(chance, tags, depth + 1)})"
    operator = chance.choice((" AND ", " OR "))
    parts = (random_query(chance, tags, depth + 1) for _ in range(2))
    return operator.join(f"({part})" for part in parts)


def random_rules(chance: random.Random) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    for name in "abcd":
        before = tuple(each.name for each in rules)
        query = random_query(chance, before)
        made = rule(name, query, version=str(chance.random()), refers_to=before)
        if chance.random() < 0.25:
            clauses = tuple(
                Clause(parse(part), part, chance.choice((-2.0, 1.0, 2.0)))
                for part in (random_query(chance, before) for _ in range(2))
            )
            made = replace(made, query=chance.choice((None, made.query)), score=Score(clauses, 1))
        if before and chance.random() < 0.25:
            made = replace(made, implied_by=(chance.choice(before),))
        rules.append(made)
    assert not find_circle({each.name: each.stands_behind() for each in rules})
    return tuple(rules)


def concerns(wanted: Candidates, subject: TaggedEntry) -> bool:
    carried = {each.name for each in subject.tags}
    found = None if wanted.query is None else find(wanted.query, subject, ANY_TIME)
    return wanted.everything or bool(carried & set(wanted.tags)) or found is not None


def test_no_entry_moves_that_is_not_among_the_candidates() -> None:
    chance = random.Random(20261123)
    moved = 0
    for _ in range(150):
        before, after = random_rules(chance), random_rules(chance)
        # Some rules stay; those that stand behind a changed one are changed.
        kept = chance.choice(("", "a", "ab", "abc"))
        after = tuple(
            old if old.name in kept else new for old, new in zip(before, after, strict=True)
        )
        changed = [each.name for each in after if each.name not in kept]
        asked = chance.sample(changed, chance.randint(1, len(changed)))
        planned = plan(after, asked, changed)
        for _ in range(4):
            words = " ".join(chance.sample(WORDS, chance.randint(0, 4)))
            subject = tagged(entry(words, summary=""))
            subject = replace(subject, tags=tag(subject, before))
            told = moves(planned.judge()(subject), asked)
            expected = moves(Judged(subject, tag(subject, after)), asked)
            assert told == expected
            if set(told.values()) - {Move.KEPT}:
                moved += 1
                assert concerns(planned.candidates, subject)
    assert moved > 100


# --- what moves --------------------------------------------------------------------------------


def test_a_tag_is_gained_lost_kept_or_renewed() -> None:
    old = tuple(builders.tag(name) for name in ("lost", "kept", "renewed", "other"))
    new = (
        builders.tag("gained"),
        builders.tag("kept", rule_version="2"),
        builders.tag("renewed", evidence=(evidence(start=0),)),
    )
    judged = Judged(tagged(tags=old), new)
    assert moves(judged, ("gained", "lost", "kept", "renewed", "neither")) == {
        "gained": Move.GAINED,
        "lost": Move.LOST,
        "kept": Move.KEPT,
        "renewed": Move.RENEWED,
    }
