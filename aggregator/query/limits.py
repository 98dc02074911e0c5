"""How much a query may hold: counted while it is read, so that nothing hostile is read to its end.

What the lists of a query hold counts as if it were written there.
"""

from dataclasses import dataclass
from itertools import islice

from aggregator.errors import QueryError
from aggregator.query.cursor import Cursor
from aggregator.query.nodes import Leaf, Listed, Node, Regex, leaves, operands

MAX_BYTES = 100_000
MAX_NESTING = 50
MAX_TERMS = 10_000
MAX_EXPRESSIONS = 100
"""Regular expressions in one query: each is compiled, and kept, for itself."""

_DIVIDE = "Divide it into several."


def refuse_length(cursor: Cursor) -> None:
    """Raise QueryError if the query is too long to be read at all."""
    size = len(cursor.text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        sentence = f"The query has {size:,} bytes; at most {MAX_BYTES:,} are read."
        raise cursor.error(0, 0, sentence, _DIVIDE)


@dataclass(frozen=True, slots=True)
class _Size:
    """The terms of a list (one too many, if there are more) and the depth of its tree."""

    terms: int
    depth: int


class Limits:
    """Counts terms, regular expressions and levels; raises QueryError at the first too many."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._nesting = 0
        self._terms = 0
        self._expressions = 0
        self._sizes: dict[str, _Size] = {}

    def enter(self, start: int) -> None:
        """Go one level deeper, at the character ``start``."""
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise self._too_deep(start, start + 1)

    def leave(self) -> None:
        """Come back from a level."""
        self._nesting -= 1

    def count(self, node: Leaf | Listed) -> None:
        """Count a term, or all terms of a list."""
        match node:
            case Listed():
                self._count_list(node)
            case Regex():
                self._terms += 1
                self._expressions += 1
            case _:
                self._terms += 1
        if self._terms > MAX_TERMS:
            raise self._too_much(node, f"more than {MAX_TERMS:,} terms")
        if self._expressions > MAX_EXPRESSIONS:
            raise self._too_much(node, f"more than {MAX_EXPRESSIONS} regular expressions")

    def _count_list(self, node: Listed) -> None:
        if node.name not in self._sizes:
            number = sum(1 for _ in islice(leaves(node), MAX_TERMS + 1))
            depth = _depth(node) if number <= MAX_TERMS else 0
            self._sizes[node.name] = _Size(number, depth)
        size = self._sizes[node.name]
        self._terms += size.terms
        if self._nesting + size.depth > MAX_NESTING:
            raise self._too_deep(node.start, node.end)

    def _too_deep(self, start: int, end: int) -> QueryError:
        return self._cursor.error(
            start, end, f"The query is nested more than {MAX_NESTING} deep, its lists included."
        )

    def _too_much(self, node: Leaf | Listed, what: str) -> QueryError:
        including = ", those of its lists included" if isinstance(node, Listed) else ""
        sentence = f"The query has {what}{including}."
        return self._cursor.error(node.start, node.end, sentence, _DIVIDE)


def _depth(node: Node) -> int:
    """Return how many levels of operators a small tree has."""
    below = operands(node)
    return 1 + max(map(_depth, below)) if below else 0
