"""What a parsed query is: a plain tree of frozen values, and how it is printed.

Each construct is one class here, one production in `syntax`, one case in `match` and one in
`store.sql`. Every node knows the characters ``start:end`` of the query it was read from; two
trees are equal wherever they were read from.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
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
class Wildcard:
    """A word, or a phrase some of whose words have ``*`` (any letters) or ``?`` (any one letter).

    ``militar*``, ``wom?n``, ``*ending``, ``"joint patrol*"``; ``text`` is as written, single
    spaces between its words.
    """

    text: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Exact:
    """A word or phrase exactly as written, case and accents included: ``=AES``, ``="Le Monde"``.

    ``text`` is without the sign and the quotes, single spaces between its words.
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


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression in RE2's syntax, over the text as written: ``/jihad(ist|i)s?/``.

    ``text`` is what stands between the slashes, ``\\/`` still written so.
    """

    text: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


Term = Word | Phrase | Wildcard | Exact

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


# --- hit expressions ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listed:
    """A named list of terms, ``$sahel-states``, with the hit expression that it stands for.

    Lists are small trees that many queries share: the same object, not a copy.
    """

    name: str
    operand: "Node"
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


Scope = Literal["sentence", "paragraph"]


@dataclass(frozen=True, slots=True)
class Near:
    """Hits of both within each other's reach, which do not overlap.

    ``within`` is how many words may lie between their nearest ends (``NEAR/4``), or the unit
    that both stand in (``NEAR/s``, ``NEAR/p``). ``ordered`` wants the left one first (``ONEAR``).
    """

    left: "Node"
    right: "Node"
    within: int | Scope
    ordered: bool = False
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Except:
    """Hits of ``kept`` that share no character with a hit of ``dropped``."""

    kept: "Node"
    dropped: "Node"
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """``count`` hits or more, each of which overlaps no other that is counted."""

    count: int
    operand: "Node"
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


Leaf = Term | Regex | Value | DateRange | DateComparison
Joined = Listed | Near | Except | AtLeast
"""What is made of hits: its operands are hit expressions (terms, lists, their OR, an EXCEPT)."""
Node = Leaf | Joined | Field | Not | And | Or


def operands(node: Node) -> tuple[Node, ...]:
    """Return what a node is made of, from left to right; () for a leaf."""
    match node:
        case Field() | Not() | Listed() | AtLeast():
            return (node.operand,)
        case And() | Or():
            return node.operands
        case Near():
            return (node.left, node.right)
        case Except():
            return (node.kept, node.dropped)
        case _:
            return ()


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the leaves of a tree from left to right, those of its lists too."""
    match node:
        case Field() | Not() | And() | Or() | Listed() | Near() | Except() | AtLeast():
            for operand in operands(node):
                yield from leaves(operand)
        case _:
            yield node


def expanded(node: Node) -> Node:
    """Return the tree with every list replaced by what it stands for."""
    match node:
        case Listed():
            return expanded(node.operand)
        case Field() | Not() | AtLeast():
            return replace(node, operand=expanded(node.operand))
        case And() | Or():
            return replace(node, operands=tuple(map(expanded, node.operands)))
        case Near():
            return replace(node, left=expanded(node.left), right=expanded(node.right))
        case Except():
            return replace(node, kept=expanded(node.kept), dropped=expanded(node.dropped))
        case _:
            return node


# --- printing -------------------------------------------------------------------------------------

OPERATORS = frozenset({"AND", "OR", "NOT", "NEAR", "ONEAR", "EXCEPT", "ATLEAST", "TO"})
"""Words that are operators in capitals; in quotes they are words."""

SLIPS = frozenset({"and", "or", "not", "near", "onear", "except", "atleast"})
"""What, in lower case between terms, was meant as an operator more likely than as a word."""

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
