"""Scores: clauses with points, a threshold that can be reached, and nothing that is ignored."""

import pytest

from aggregator.config.load import load
from aggregator.query.syntax import parse
from aggregator.tagging import Clause, Score
from tests.config.mistakes import Write, caret, problem

SCORED = """\
tags:
  sport: {query: football}
  crisis:
    score:
      - {when: coup, weight: 3}   # a comment of YAML's
      - {when: 'title:(emergency OR curfew)', weight: 2, per_hit: true, max: 2}
      - when: |
          tag:sport   # never that
        weight: -4.5
    threshold: 4
"""


def test_a_score_is_read_with_its_clauses(write: Write) -> None:
    sport, crisis = load(write(SCORED)).rules
    assert crisis.score == Score(
        (
            Clause(parse("coup"), "coup", 3),
            Clause(parse("title:(emergency OR curfew)"), "title:(emergency OR curfew)", 2, True, 2),
            Clause(parse("tag:sport"), "tag:sport", -4.5),
        ),
        4,
    )
    assert (sport.name, crisis.query, crisis.refers_to) == ("sport", None, ("sport",))


def scored(clauses: str, threshold: str = "threshold: 1") -> str:
    return f"tags:\n  a:\n    score: {clauses}\n    {threshold}\n"


MISTAKES = [
    ("tags: {a: {query: b, threshold: 1}}", 1, "A `threshold` needs a `score`"),
    (scored("[{when: b, weight: 1}]", "title: x"), 3, "A `score` needs a `threshold`"),
    (scored("[{when: b, weight: 1}]", "threshold: 0"), 4, "must be above 0"),
    (scored("[{when: b, weight: 1}]", "threshold: -1"), 4, "must be above 0"),
    (scored("[{when: b, weight: 1}]", "threshold: much"), 4, "a number like 3 or -1.5"),
    (scored("[{when: b, weight: 1}]", "threshold: 1e3"), 4, "a number like 3 or -1.5"),
    (
        scored("[{when: b, weight: 1}, {when: c, weight: -3}]", "threshold: 2"),
        4,
        "The `threshold` of 2 can never be reached: the clauses come to 1 point at most.",
    ),
    (
        scored("[{when: b, weight: 1, per_hit: true, max: 3}]", "threshold: 4"),
        4,
        "come to 3 points",
    ),
    (scored("[]"), 3, "`score` has no clause"),
    (scored("b"), 3, "must be a list"),
    (scored("[b]"), 3, "with: when, weight, per_hit, max"),
    (scored("[{weight: 1}]"), 3, "needs `when`"),
    (scored("[{when: b}]"), 3, "needs `weight`"),
    (scored("[{when: b, weight: 0}]"), 3, "changes nothing"),
    (scored("[{when: b, weight: 1, max: 3}]"), 3, "`per_hit: true`"),
    (scored("[{when: b, weight: 1, per_hit: true, max: 1}]"), 3, "from 2 to 1000"),
    (scored("[{when: b, weight: 1, per_hit: yes}]"), 3, "true or false"),
    (scored("[{when: b, weight: 1, perhit: true}]"), 3, "did you mean `per_hit`?"),
    (scored("[{when: NOT b, weight: 1}]"), 3, "nothing but NOT"),
    (scored("[{when: tag:b, weight: 1}]"), 3, "There is no tag 'b'"),
    ("weight: 3", 1, "it belongs to a feed or a clause of `score`"),
]


@pytest.mark.parametrize(("text", "line", "told"), MISTAKES)
def test_a_mistake_is_one_problem_with_its_line(
    write: Write, text: str, line: int, told: str
) -> None:
    found = problem(write(text))
    assert (found.line, told in found.sentence) == (line, True), found.sentence


def test_a_threshold_just_reached_is_reached(write: Write) -> None:
    text = scored("[{when: b, weight: 0.1}, {when: c, weight: 0.2}]", "threshold: 0.3")
    assert load(write(text)).rules[0].score is not None


@pytest.mark.parametrize(
    ("when", "line", "blamed"),
    [
        ("when: Mali )", 4, ")"),
        ("when: 'Mali )'", 4, ")"),
        ("when: |\n          Mali\n          )", 6, ")"),
        ("when: >\n          Mali\n          )", 6, ")"),
        ("when: Mali # x", 4, "#"),
    ],
)
def test_a_mistake_in_a_clause_points_at_its_line_and_character(
    write: Write, when: str, line: int, blamed: str
) -> None:
    found = problem(write(scored(f"\n      - {when}\n        weight: 1")))
    assert (found.line, caret(found)) == (line, blamed)
