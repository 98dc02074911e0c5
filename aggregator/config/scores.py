"""The ``score:`` of a tag → `Score`: clauses with their points, and how many it takes."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from aggregator.config.keys import CLAUSE
from aggregator.config.queries import Asked, read_query
from aggregator.config.reading import Problems, Section, items, section
from aggregator.config.tree import Sequence, Value
from aggregator.query.nodes import Node
from aggregator.query.printing import show
from aggregator.tagging import Clause, Score

MAX_POINTS = 1_000_000


@dataclass(frozen=True, slots=True)
class ScoreRead:
    """A score, None if it is wrong, and the queries of its clauses."""

    score: Score | None = None
    asked: tuple[Asked, ...] = ()


def read_score(keys: Section, parse: Callable[[str], Node], problems: Problems) -> ScoreRead:
    """Read the score of a tag, if it has one."""
    threshold = keys.number("threshold", MAX_POINTS)
    value = keys.get("score")
    if value is None:
        if "threshold" in keys and "score" not in keys:
            keys.wrong(
                "threshold", "A `threshold` needs a `score`, the clauses whose points count."
            )
        return ScoreRead()
    if "threshold" not in keys:
        problems.at(value, "A `score` needs a `threshold`: the points from which the tag is given.")
    read = [_clause(item, parse, problems) for item in items(value, "`score`", problems)]
    found = [each for each in read if each is not None]
    clauses = tuple(clause for clause, _ in found)
    asked = tuple(asked for _, asked in found)
    if isinstance(value, Sequence) and not value.items:
        problems.at(value, "`score` has no clause: give it one, like `- {when: coup, weight: 3}`.")
    if threshold is None or len(found) < len(read) or not read:
        return ScoreRead(None, asked)
    _refuse_pointless(keys, clauses, threshold)
    return ScoreRead(Score(clauses, threshold), asked)


def _clause(
    item: Value, parse: Callable[[str], Node], problems: Problems
) -> tuple[Clause, Asked] | None:
    keys = section(item, CLAUSE, problems)
    if keys is None:
        return None
    query, weight = keys.get("when"), keys.number("weight", MAX_POINTS)
    for key, wanted in (("when", "a query"), ("weight", "the points that it adds")):
        if key not in keys:
            problems.at(item, f"A clause of `score` needs `{key}`, {wanted}.")
    if weight == 0:
        keys.wrong(
            "weight", "A `weight` of 0 changes nothing: give points, or take the clause out."
        )
    per_hit, at_most = keys.flag("per_hit"), keys.whole("max", 2, 1000)
    if "max" in keys and not per_hit:
        keys.wrong("max", "`max` bounds a clause that counts `per_hit: true`; others count once.")
    asked = None if query is None else read_query(query, parse, problems)
    if asked is None or not weight:
        return None
    return Clause(asked.node, show(asked.node), weight, per_hit, at_most), asked


def _refuse_pointless(keys: Section, clauses: tuple[Clause, ...], threshold: float) -> None:
    if threshold <= 0:
        told = "an entry in which nothing is found has 0 points"
        keys.wrong("threshold", f"`threshold` must be above 0: {told}.")
        return
    most = math.fsum(_most(clause) for clause in clauses)
    if round(most, 6) < threshold:
        told = f"the clauses come to {most:g} {'point' if most == 1 else 'points'} at most"
        keys.wrong("threshold", f"The `threshold` of {threshold:g} can never be reached: {told}.")


def _most(clause: Clause) -> float:
    if clause.weight < 0 or not clause.per_hit:
        return max(0.0, clause.weight)
    return math.inf if clause.at_most is None else clause.weight * clause.at_most
