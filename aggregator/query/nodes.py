"""What a parsed query is: a plain tree of frozen values.

Each construct is one class here, one production in `syntax`, one case in `match` and one in
`store.sql`. Every node knows the characters ``start:end`` of the query it was read from; two
trees are equal wherever they were read from.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

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
        case Word() | Phrase() | Wildcard():  # most nodes are
            return ()
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
    waiting = [node]
    while waiting:
        match waiting.pop():
            case Field() | Not() | And() | Or() | Listed() | Near() | Except() | AtLeast() as inner:
                waiting.extend(reversed(operands(inner)))
            case leaf:
                yield leaf


def listed(node: Node) -> Iterator[Listed]:
    """Yield the lists that a tree calls, those within a list before it, as often as they are."""
    for operand in operands(node):
        yield from listed(operand)
    if isinstance(node, Listed):
        yield node


# --- words of the language ------------------------------------------------------------------------

OPERATORS = frozenset({"AND", "OR", "NOT", "NEAR", "ONEAR", "EXCEPT", "ATLEAST", "TO"})
"""Words that are operators in capitals; in quotes they are words."""

SLIPS = frozenset({"and", "or", "not", "near", "onear", "except", "atleast"})
"""What, in lower case between terms, was meant as an operator more likely than as a word."""
