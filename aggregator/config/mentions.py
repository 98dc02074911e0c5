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
    leaves,
)

Named = Word | Phrase | Prefix | Value


def mentioned(node: Node, field: str) -> Iterator[Named]:
    """Yield what stands in a field, wherever the query asks for it: a and b in tag:(a OR b)."""
    match node:
        case Field():
            if node.name == field:
                yield from (leaf for leaf in leaves(node.operand) if isinstance(leaf, Named))
        case And() | Or():
            for operand in node.operands:
                yield from mentioned(operand, field)
        case Not():
            yield from mentioned(node.operand, field)
        case Word() | Phrase() | Prefix() | Value() | DateRange() | DateComparison():
            return
        case _:
            assert_never(node)
