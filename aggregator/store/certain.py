"""The part of a query that SQL decides alone, where the whole is to be judged entry by entry.

Most terms of a rule are plain words; what they find need not be read because another term of
the rule is behind a ``=``.
"""

from collections.abc import Callable
from dataclasses import replace

from aggregator.query.fields import DEFAULT
from aggregator.query.nodes import And, Field, Listed, Node, Or

IsExact = Callable[[Node], bool]
"""Tells whether SQL finds just the entries that match."""


def certain(node: Node, is_exact: IsExact, field: str = DEFAULT) -> Node | None:
    """Return a query that only matches where this one does and that SQL decides; None without."""
    match node:
        case Field():
            operand = certain(node.operand, is_exact, node.name)
            return operand and replace(node, operand=operand)
        case Or():
            return _one_of(node, [certain(each, is_exact, field) for each in node.operands])
        case And():
            operands = [certain(each, is_exact, field) for each in node.operands]
            return None if None in operands else _with(node, operands)
        # An address of a feed is found by a term, but not by the same term in a list.
        case Listed() if field != "feed":
            return certain(node.operand, is_exact, field)
        case _:
            asked = node if field == DEFAULT else Field(field, node)
            return node if is_exact(asked) else None


def _one_of(node: Or, operands: list[Node | None]) -> Node | None:
    kept = [each for each in operands if each is not None]
    return _with(node, operands) if len(kept) > 1 else next(iter(kept), None)


def _with(node: And | Or, operands: list[Node | None]) -> Node:
    return replace(node, operands=tuple(each for each in operands if each is not None))
