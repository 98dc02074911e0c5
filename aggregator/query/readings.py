"""AND beside OR: refused, with both readings spelled out."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from aggregator.errors import QueryError
from aggregator.query.cursor import Cursor
from aggregator.query.nodes import And, Node, Or
from aggregator.query.printing import show

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Operator:
    """AND or OR between two operands; an empty span where they stand side by side."""

    name: Literal["AND", "OR"]
    start: int
    end: int


def mixture(cursor: Cursor, operands: list[Node], operators: list[Operator]) -> QueryError:
    """Return the complaint that these operands, joined by these operators, mean two things."""
    blamed = next(each for each in operators if each.name == "OR")
    readings = _readings(operands, operators)
    if max(map(len, readings)) > _LONGEST:
        at = next(
            index
            for index, (one, next_one) in enumerate(pairwise(operators))
            if one.name != next_one.name
        )
        near = _readings(operands[at : at + 3], operators[at : at + 2])
        readings = (f"… {near[0]} …", f"… {near[1]} …")
    hint = f"Write `{readings[0]}` or `{readings[1]}`."
    if max(map(len, readings)) > 2 * _LONGEST:
        hint = "Put brackets around what belongs together."
    return cursor.error(
        blamed.start,
        blamed.end,
        "AND (written, or meant by words side by side) beside OR can be read in two ways.",
        hint,
    )


def _readings(operands: list[Node], operators: list[Operator]) -> tuple[str, str]:
    """Return how the operands may be bracketed: AND first, OR first."""
    and_first = [_joined(And, group) for group in _divided(operands, operators, "OR")]
    or_first = [_joined(Or, group) for group in _divided(operands, operators, "AND")]
    return show(_joined(Or, and_first)), show(_joined(And, or_first))


def _divided(
    operands: list[Node], operators: list[Operator], name: Literal["AND", "OR"]
) -> list[list[Node]]:
    """Return the operands, divided at every operator of that name."""
    groups = [[operands[0]]]
    for operator, operand in zip(operators, operands[1:], strict=True):
        if operator.name == name:
            groups.append([])
        groups[-1].append(operand)
    return groups


def _joined(branch: type[And | Or], operands: list[Node]) -> Node:
    return operands[0] if len(operands) == 1 else branch(tuple(operands))
