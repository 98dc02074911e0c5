"""Which tags, labels and feeds a query speaks of."""

from collections.abc import Iterator
from typing import assert_never

from aggregator.query.nodes import (
    And,
    DateComparison,
    DateRange,
    Field,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Value,
    Word,
)

Named = Word | Phrase | Prefix | Value


def mentioned(node: Node, field: str) -> Iterator[Named]:
    """Yield what stands in a field, wherever the query asks for it: a and b in tag:(a OR b)."""
    match node:
        case Field():
            if node.name == field:
                yield from _leaves(node.operand)
        case And() | Or():
            for operand in node.operands:
                yield from mentioned(operand, field)
        case Not():
            yield from mentioned(node.operand, field)
        case Word() | Phrase() | Prefix() | Value() | DateRange() | DateComparison():
            return
        case _:
            assert_never(node)


def _leaves(node: Node) -> Iterator[Named]:
    match node:
        case Word() | Phrase() | Prefix() | Value():
            yield node
        case And() | Or():
            for operand in node.operands:
                yield from _leaves(operand)
        case Not() | Field():
            yield from _leaves(node.operand)
        case DateRange() | DateComparison():
            return
        case _:
            assert_never(node)
