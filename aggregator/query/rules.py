"""What a rule may not say although a search may: refused, because a tag must stay what it is."""

from collections.abc import Iterator

from aggregator.errors import QueryError
from aggregator.query.nodes import (
    And,
    DateComparison,
    DateRange,
    Field,
    Listed,
    Node,
    Not,
    Or,
    Regex,
    Value,
    operands,
)
from aggregator.query.periods import is_relative


def refuse_in_rules(node: Node, text: str) -> None:
    """Raise QueryError if the query ``node``, read from ``text``, is unfit for a rule.

    Unfit is what changes without any news (times relative to now, and whether another feed has
    the entry too), and what can be true without anything that the index knows: of nothing but
    NOT, or of regular expressions alone, also as one side of an OR.
    """
    for changing, told in _changing(node):
        raise QueryError(text, changing.start, changing.end, *told)
    if (unfounded := _unfounded(node)) is not None:
        is_regex = isinstance(unfounded, Regex)
        told = _ONLY_REGEX if is_regex else _ONLY_NOT
        raise QueryError(text, unfounded.start, unfounded.end, *told)


_FROM_NOW = (
    "A rule may not count from now: its tags would change without any news.",
    "Name the days, like published:>=2026-11-01, or ask for it in a search.",
)
_DUPLICATE = (
    "A rule may not ask for duplicates: its tags would change when a copy comes.",
    "Ask for them in a search, or in an output's query.",
)
_ONLY_NOT = (
    "A rule needs something to look for: this is nothing but NOT.",
    "Add a term that must occur beside it.",
)
_ONLY_REGEX = (
    "A rule needs a term that the index knows beside a regular expression: this one alone would"
    " be tried on every entry.",
    "Add a word, phrase or field that must hold beside it.",
)


def _changing(node: Node, field: str = "") -> Iterator[tuple[Node, tuple[str, str]]]:
    """Yield the parts that come true or false by themselves, with what is said of them."""
    match node:
        case DateRange() | DateComparison():
            if is_relative(node):
                yield node, _FROM_NOW
        case Value(text="duplicate") if field == "has":
            yield node, _DUPLICATE
        case Listed():
            return  # hit expressions, however many, which ask neither for dates nor for values
        case _:
            inside = node.name if isinstance(node, Field) else field
            for operand in operands(node):
                yield from _changing(operand, inside)


def _unfounded(node: Node) -> Node | None:
    """Return the part that can be true without a positive term of the index, None if none can."""
    match node:
        case Not(operand=Not(operand=inside)) | Field(operand=inside):
            return _unfounded(inside)
        case Regex() | Not():
            return node
        case And():
            parts = [_unfounded(operand) for operand in node.operands]
            return _told_of(node, parts) if all(parts) else None
        case Or():
            parts = [_unfounded(operand) for operand in node.operands]
            return next((part for part in parts if part is not None), None)
        case _:
            return None


def _told_of(node: And, parts: list[Node | None]) -> Node:
    """Return the regular expression among the parts, which needs more beside it, or the whole."""
    return next((part for part in parts if isinstance(part, Regex)), node)
