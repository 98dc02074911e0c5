"""Tags that imply others, their codes, their circles, and what makes a version."""

from pathlib import Path

import pytest

from aggregator.config.load import load
from tests.config.mistakes import Write, caret, problem

IMPLYING = """\
tags:
  africa: {title: Africa, code: 'medtop:20000001'}
  sahel: {query: Sahel, implies: [africa]}
  wire: {query: 'label:wire', feeds: {label: africa}, implies: [africa, sahel]}
"""


def test_rules_stand_behind_those_that_imply_them(write: Write) -> None:
    rules = load(write(IMPLYING)).rules
    assert [rule.name for rule in rules] == ["wire", "sahel", "africa"]
    assert [rule.implied_by for rule in rules] == [(), ("wire",), ("sahel", "wire")]
    assert rules[0].implies == ("africa", "sahel")
    assert rules[2].code == "medtop:20000001"
    assert (rules[2].query, rules[2].feeds, rules[2].score) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (
            "tags:\n  a:\n    query: |\n      x OR\n      y  # text\n\n  # N.\n  b: {query: z}\n",
            "a:\n  query: |\n    x OR\n    y  # text",
        ),
        ("tags: {a: {query: x}, b: {query: y}}", "a: {query: x}"),
        (
            "tags:\n  'a':\n    query: x\n    # why\n    title: A",
            "'a':\n  query: x\n  # why\n  title: A",
        ),
    ],
)
def test_a_rule_knows_how_it_is_written(write: Write, text: str, written: str) -> None:
    assert load(write(text)).rules_by_name()["a"].written == written


MISTAKES = [
    ("tags: {a: {query: x, implies: [b]}, c: {query: y}}", 1, "There is no tag 'b'"),
    ("tags: {a: {query: x, implies: [sahle]}, sahel: {query: y}}", 1, "did you mean `sahel`?"),
    ("tags: {a: {query: x, implies: b}, b: {query: y}}", 1, "must be a list: write [b]"),
    ("tags: {a: {query: x, implies: [a]}}", 1, "in a circle: a implies a."),
    (
        "tags:\n  a: {query: x, implies: [b]}\n  b: {query: y, implies: [a]}",
        2,
        "in a circle: b implies a, a implies b.",
    ),
    (
        "tags:\n  a: {query: 'x tag:b'}\n  b: {query: y, implies: [c]}\n"
        "  c: {query: z, implies: [a]}\n  d: {score: [{when: tag:a, weight: 1}], threshold: 1,"
        " implies: [b]}",
        2,
        "in a circle: ",
    ),
    ("tags: {a: {title: A}}", 1, "or let another tag imply it"),
    ("tags: {a: {none: [x]}, b: {query: y, implies: [a]}}", 1, "only says what it is not"),
]


@pytest.mark.parametrize(("text", "line", "told"), MISTAKES)
def test_a_mistake_is_one_problem_with_its_line(
    write: Write, text: str, line: int, told: str
) -> None:
    found = problem(write(text))
    assert told in found.sentence, found.sentence
    assert found.line >= line


def test_what_is_excluded_may_be_anything_that_stays_true(write: Write) -> None:
    (rule,) = load(write("tags: {a: {query: x, none: [NOT lang:fr, '/y+/']}}")).rules
    assert rule.query_text == "x AND NOT NOT lang:fr AND NOT /y+/"
    found = problem(write("tags: {a: {query: x, none: ['seen:>now-7d']}}"))
    assert "may not count from now" in found.sentence


def test_an_unknown_implied_tag_is_pointed_at(write: Write) -> None:
    found = problem(write("tags:\n  a:\n    query: x\n    implies:\n      - sahle\n"))
    assert (found.line, caret(found)) == (5, "sahle")


def test_a_score_may_close_a_circle(write: Write) -> None:
    text = "tags:\n  a: {score: [{when: tag:b, weight: 1}], threshold: 1}\n  b: {query: 'x tag:a'}"
    assert "refer to each other in a circle" in problem(write(text)).sentence


# --- versions ---------------------------------------------------------------------------------


def versions(path: Path) -> dict[str, str]:
    return {rule.name: rule.version for rule in load(path).rules}


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name in before.keys() & after.keys() if before[name] != after[name]}


BASE = """\
terms:
  states: [Mali, $lake]
  lake: [Chad, Tchad]
tags:
  listed: {query: $states}
  within: {query: x NOT $lake}
  implying: {query: y, implies: [implied]}
  implied: {query: z}
  scored: {score: [{when: v, weight: 1, per_hit: true, max: 3}, {when: w, weight: 2}], threshold: 2}
  scoring: {score: [{when: tag:implied, weight: 1}], threshold: 1}
"""


@pytest.mark.parametrize(
    ("was", "is_now", "expected"),
    [
        ("Tchad]", "Tchad, Ndjamena]", {"listed", "within"}),
        ("[Mali, ", "[Niger, ", {"listed"}),
        ("query: y", "query: yy", {"implying", "implied", "scoring"}),
        ("query: z", "query: zz", {"implied", "scoring"}),
        (", implies: [implied]", "", {"implied", "scoring"}),
        ("threshold: 2", "threshold: 3", {"scored"}),
        ("weight: 2", "weight: 2.5", {"scored"}),
        (", max: 3", "", {"scored"}),
        (", per_hit: true, max: 3", "", {"scored"}),
        ("when: w", "when: ww", {"scored"}),
        ("query: z", "title: Z, description: d, code: c, query: (z)", set()),
        ("weight: 2", "weight: 2.0", set()),
        ("[Chad, Tchad]", "['Chad', \"Tchad\"]", set()),
        ("lake", "water", set()),
    ],
)
def test_a_version_changes_with_the_meaning_and_with_nothing_else(
    write: Write, was: str, is_now: str, expected: set[str]
) -> None:
    before = versions(write(BASE))
    assert changed(before, versions(write(BASE.replace(was, is_now)))) == expected


def test_labels_and_feeds_in_a_clause_are_part_of_the_version(write: Write) -> None:
    text = (
        "feeds: [{url: 'https://a.example/', name: A, labels: [x]}]\n"
        "tags:\n  a: {score: [{when: 'label:x', weight: 1}], threshold: 1}\n"
        "  b: {query: x, feeds: {feed: A}}\n  c: {query: x}\n"
    )
    before = versions(write(text))
    assert changed(before, versions(write(text.replace("[x]", "[y]")))) == {"a"}
    assert changed(before, versions(write(text.replace("name: A", "name: B")))) == {"b"}
