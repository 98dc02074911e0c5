"""What a rule may not say although a search may: refused, because a tag must stay what it is."""

from aggregator.errors import QueryError
from aggregator.query.nodes import (
    And,
    DateComparison,
    DateRange,
    Field,
    Node,
    Not,
    Or,
    leaves,
)
from aggregator.query.periods import is_relative


def refuse_in_rules(node: Node, text: str) -> None:
    """Raise QueryError if the query ``node``, read from ``text``, is unfit for a rule.

    Unfit are times relative to now (a tag must not change because a day has passed) and queries
    of nothing but NOT (they would tag nearly everything), also as one side of an OR.
    """
    for leaf in leaves(node):
        if isinstance(leaf, DateRange | DateComparison) and is_relative(leaf):
            raise QueryError(
                text,
                leaf.start,
                leaf.end,
                "A rule may not count from now: its tags would change without any news.",
                "Name the days, like published:>=2026-11-01, or ask for it in a search.",
            )
    if (excluding := _nothing_but_not(node)) is not None:
        raise QueryError(
            text,
            excluding.start,
            excluding.end,
            "A rule needs something to look for: this is nothing but NOT.",
            "Add a term that must occur beside it.",
        )


def _nothing_but_not(node: Node) -> Node | None:
    """Return the part that can be true without anything occurring, None if there is none."""
    match node:
        case Not(operand=Not(operand=operand)):
            return _nothing_but_not(operand)
        case Not():
            return node
        case Field():
            return _nothing_but_not(node.operand)
        case And():
            parts = [_nothing_but_not(operand) for operand in node.operands]
            return node if all(parts) else None
        case Or():
            parts = [_nothing_but_not(operand) for operand in node.operands]
            return next((part for part in parts if part is not None), None)
        case _:
            return None
