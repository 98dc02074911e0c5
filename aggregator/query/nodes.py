"""What a parsed query is: a plain tree of frozen values, and how it is printed.

Step by step the language grows (NEAR, EXCEPT, lists, scores …); each construct is one class
here, one production in `syntax`, one case in `match` and one in `store.sql`. Every node knows
the characters ``start:end`` of the query it was read from; two trees are equal wherever they
were read from.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, assert_never

# --- leaves: terms --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Word:
    """A word as written without quotes: ``Sahel``, ``N'Djamena``, ``U.S.``."""

    text: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in quotes, single spaces between them: they follow each other in this order."""

    text: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Prefix:
    """A word, or a phrase's last word, with any ending: ``militar*``, ``"joint patrol*"``.

    ``text`` is without the star.
    """

    text: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Value:
    """What a field is compared with whole: the ``fr`` of ``lang:fr``; only within a `Field`."""

    text: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


Term = Word | Phrase | Prefix

# --- leaves: dates --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Day:
    """A whole day in UTC."""

    day: date


@dataclass(frozen=True, slots=True)
class FromNow:
    """An instant relative to now: ``now-7d`` has a negative offset."""

    offset: timedelta


Moment = Day | FromNow
Comparison = Literal[">", ">=", "<", "<="]


@dataclass(frozen=True, slots=True)
class DateRange:
    """``published:[2024-04-01 TO 2024-04-30]``: both ends belong to it; None is open."""

    name: str
    first: Moment | None
    last: Moment | None
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class DateComparison:
    """``seen:>=2026-11-01``, ``published:>now-7d``."""

    name: str
    comparison: Comparison
    moment: Moment
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


# --- branches -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Field:
    """``title:Sahel``, ``lang:(fr OR ar)``: the operand holds no other field."""

    name: str
    operand: "Node"
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """``NOT a`` and ``-a``."""

    operand: "Node"
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """Two operands or more, all of which hold."""

    operands: tuple["Node", ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """Two operands or more, one of which holds."""

    operands: tuple["Node", ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


Leaf = Word | Phrase | Prefix | Value | DateRange | DateComparison
Node = Leaf | Field | Not | And | Or


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the leaves of a tree from left to right."""
    match node:
        case Field() | Not():
            yield from leaves(node.operand)
        case And() | Or():
            for operand in node.operands:
                yield from leaves(operand)
        case _:
            yield node


# --- printing -------------------------------------------------------------------------------------


def show(node: Node) -> str:
    """Return the canonical form: every operator written out, no bracket that is not needed.

    Parsing it gives an equal tree.
    """
    match node:
        case Word() | Phrase() | Prefix() | Value():
            return _show_term(node)
        case DateRange() | DateComparison():
            return f"{node.name}:{_show_period(node)}"
        case Field():
            is_leaf = isinstance(node.operand, Word | Phrase | Prefix | Value)
            operand = show(node.operand)
            return f"{node.name}:" + (operand if is_leaf else f"({operand})")
        case Not():
            return f"NOT {_show_operand(node.operand)}"
        case And():
            return " AND ".join(map(_show_operand, node.operands))
        case Or():
            return " OR ".join(map(_show_operand, node.operands))
        case _:
            assert_never(node)


def _show_operand(node: Node) -> str:
    return f"({show(node)})" if isinstance(node, And | Or) else show(node)


OPERATORS = frozenset({"AND", "OR", "NOT", "NEAR", "ONEAR", "EXCEPT", "ATLEAST", "TO"})
"""Words that are operators in capitals; in quotes they are words."""

SLIPS = frozenset({"and", "or", "not", "near", "except"})
"""What, in lower case between terms, was meant as an operator more likely than as a word."""

_BARE = re.compile(r"[^\W_][\w.-]*")


def _show_term(node: Term | Value) -> str:
    match node:
        case Word():
            return node.text
        case Phrase():
            return f'"{node.text}"'
        case Prefix():
            return f"{node.text}*" if _is_bare(node.text) else f'"{node.text}*"'
        case Value():
            return node.text if _is_bare(node.text) else f'"{node.text}"'
        case _:
            assert_never(node)


def _is_bare(text: str) -> bool:
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
