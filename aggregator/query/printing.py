"""The canonical form of a query: what parses to the same tree."""

import re
from datetime import timedelta
from typing import assert_never

from aggregator.query.nodes import (
    OPERATORS,
    SLIPS,
    And,
    AtLeast,
    DateComparison,
    DateRange,
    Day,
    Exact,
    Except,
    Field,
    FromNow,
    Joined,
    Leaf,
    Listed,
    Moment,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Regex,
    Scope,
    Value,
    Wildcard,
    Word,
)

_REACHES: dict[Scope, str] = {"sentence": "s", "paragraph": "p"}


def show(node: Node) -> str:
    """Return the canonical form: every operator written out, brackets where a reader needs them.

    Parsing it, with the same lists, gives an equal tree.
    """
    match node:
        case Field():
            return f"{node.name}:{_show_one(node.operand)}"
        case Not():
            is_long = isinstance(node.operand, And | Or | Near | Except)
            return f"NOT ({show(node.operand)})" if is_long else f"NOT {show(node.operand)}"
        case And():
            return " AND ".join(map(_show_operand, node.operands))
        case Or():
            return " OR ".join(map(_show_operand, node.operands))
        case Listed() | Near() | Except() | AtLeast():
            return _show_joined(node)
        case _:
            return _show_leaf(node)


def _show_joined(node: Joined) -> str:
    match node:
        case Listed():
            return f"${node.name}"
        case Near():
            operator = "ONEAR" if node.ordered else "NEAR"
            reach = node.within if isinstance(node.within, int) else _REACHES[node.within]
            return f"{_show_one(node.left)} {operator}/{reach} {_show_one(node.right)}"
        case Except():
            return f"{_show_one(node.kept)} EXCEPT {_show_one(node.dropped)}"
        case AtLeast():
            return f"ATLEAST/{node.count} {_show_one(node.operand)}"
        case _:
            assert_never(node)


def _show_operand(node: Node) -> str:
    return f"({show(node)})" if isinstance(node, And | Or) else show(node)


def _show_one(node: Node) -> str:
    """Show what stands beside an operator of hits, or behind a field: bare only if it is one."""
    is_one = isinstance(node, Word | Phrase | Wildcard | Exact | Regex | Value | Listed)
    return show(node) if is_one else f"({show(node)})"


_BARE = re.compile(r"[^\W_][\w.-]*")
_BARE_WILDCARD = re.compile(r"[\w*?][\w.*?-]*")


def _show_leaf(node: Leaf) -> str:
    match node:
        case Word():
            return node.text
        case Phrase():
            return f'"{node.text}"'
        case Wildcard():
            return node.text if _BARE_WILDCARD.fullmatch(node.text) else f'"{node.text}"'
        case Exact() | Value():
            shown = node.text if is_bare(node.text) else f'"{node.text}"'
            return f"={shown}" if isinstance(node, Exact) else shown
        case Regex():
            return f"/{node.text}/"
        case DateRange() | DateComparison():
            return f"{node.name}:{_show_period(node)}"
        case _:
            assert_never(node)


def is_bare(text: str) -> bool:
    """Tell whether a word or value needs no quotes, wherever it stands."""
    return (
        _BARE.fullmatch(text) is not None and text not in OPERATORS and text.casefold() not in SLIPS
    )


def _show_period(node: DateRange | DateComparison) -> str:
    match node:
        case DateRange():
            return f"[{_show_end(node.first)} TO {_show_end(node.last)}]"
        case DateComparison():
            return f"{node.comparison}{_show_end(node.moment)}"
        case _:
            assert_never(node)


def _show_end(moment: Moment | None) -> str:
    match moment:
        case None:
            return "*"
        case Day():
            return moment.day.isoformat()
        case FromNow():
            sign = "-" if moment.offset < timedelta(0) else "+"
            return f"now{sign}{_show_offset(abs(moment.offset))}" if moment.offset else "now"
        case _:
            assert_never(moment)


def _show_offset(offset: timedelta) -> str:
    hours, seconds = divmod(offset.seconds, 3600)
    parts = ((offset.days, "d"), (hours, "h"), (seconds // 60, "m"), (seconds % 60, "s"))
    return "".join(f"{count}{unit}" for count, unit in parts if count)
