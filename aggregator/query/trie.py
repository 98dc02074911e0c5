"""Many terms at once: one pass over the words of a text finds wherever each of them stands.

A tree of plain dicts, an edge a word. What may be one of several words (an Arabic word behind
its particles, a wildcard) is an edge of its own, a sort; which sorts a word is of is worked
out when the word is first met, and kept.
"""

from bisect import insort
from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Mapping
from typing import TypeVar

from aggregator.query.globs import Glob
from aggregator.query.passages import Hit
from aggregator.query.terms import Pattern, Place
from aggregator.text import BLOCK_END

MAX_KEPT = 100_000
"""Words of which it is kept what they are: more than a language's usual ones."""
LONGEST_KEPT = 40
"""Letters of a word that is kept."""

_Known = TypeVar("_Known")


class Trie:
    """Patterns by their numbers, made to be found together."""

    def __init__(self, patterns: Mapping[int, Pattern]) -> None:
        self._root = _Node()
        self._sorts = _Sorts()
        for number, pattern in patterns.items():
            for sequence in pattern.sequences:
                self._add(sequence, number)
        self._several = {
            number for number, pattern in patterns.items() if len(pattern.sequences) > 1
        }
        self._firsts = Kept(self._first)

    def _add(self, sequence: tuple[Place, ...], number: int) -> None:
        node = self._root
        for place in sequence:
            if isinstance(place, Glob) or len(place) > 1:
                if node.sorts is _NO_SORTS:
                    node.sorts = {}
                edges, edge = node.sorts, self._sorts.edge(place)
            else:
                edges, edge = node, place[0]
            if edge not in edges:
                edges[edge] = _Node()
            node = edges[edge]
        node.ends = (*node.ends, number)

    def scan(self, tokens: list[str]) -> dict[int, list[Hit]]:
        """Return where the patterns stand among folded words, each in reading order."""
        found: defaultdict[int, list[Hit]] = defaultdict(list)
        # What follows the last word is the end of a block: the walk needs to look at no length.
        followed = [*tokens, BLOCK_END]
        for at, first in enumerate(map(self._firsts.__getitem__, tokens)):
            if first is None:
                continue
            ends, followers, nodes = first
            for number in ends:
                found[number].append((at, at + 1))
            if followers is None or followed[at + 1] in followers:
                self._walk(nodes, followed, at, found)
        for number in found.keys() & self._several:
            found[number] = sorted(set(found[number]))
        return found

    def _walk(
        self,
        reached: "list[_Node]",
        tokens: list[str],
        at: int,
        found: defaultdict[int, list[Hit]],
    ) -> None:
        """Go on behind the first word, at ``at``, wherever its followers lead."""
        after = at + 1
        while reached and after < len(tokens):
            token = tokens[after]
            after += 1
            reached = [behind for node in reached for behind in self._behind(node, token)]
            for node in reached:
                for number in node.ends:
                    found[number].append((at, after))

    def _behind(self, node: "_Node", token: str) -> "Iterator[_Node]":
        if token in node:
            yield node[token]
        if node.sorts:
            for sort in self._sorts.of[token]:
                if sort in node.sorts:
                    yield node.sorts[sort]

    def _first(self, token: str) -> "_First | None":
        nodes = list(self._behind(self._root, token))
        if not nodes:
            return None
        ends = tuple(number for node in nodes for number in node.ends)
        if any(node.sorts for node in nodes):
            return ends, None, nodes
        return ends, nodes[0] if len(nodes) == 1 else set().union(*nodes), nodes


class _Node(dict[str, "_Node"]):
    """What may follow: words, and ``sorts`` of words. ``ends`` are the patterns that end here."""

    __slots__ = ("ends", "sorts")

    def __init__(self) -> None:
        self.ends: tuple[int, ...] = ()
        self.sorts: dict[str, _Node] = _NO_SORTS


_NO_SORTS: dict[str, _Node] = {}
"""Shared by the many nodes without any; never written to."""

_First = tuple[tuple[int, ...], Container[str] | None, list[_Node]]
"""What a word begins: patterns of it alone, and what must follow for others (None: who knows)."""


class Kept(dict[str, _Known]):
    """What is known of words, worked out when one is first met; of not more than ``most``."""

    def __init__(self, work_out: Callable[[str], _Known], most: int = MAX_KEPT) -> None:
        super().__init__()
        self._work_out = work_out
        self._most = most

    def __missing__(self, word: str) -> _Known:
        known = self._work_out(word)
        if len(word) <= LONGEST_KEPT:
            if len(self) >= self._most:
                self.clear()
            self[word] = known
        return known


class _Sorts:
    """The sorts of words that patterns name, and which of them a word is ``of``."""

    def __init__(self) -> None:
        self._edges: dict[Place, str] = {}
        self._listed: defaultdict[str, list[str]] = defaultdict(list)
        self._beginnings: defaultdict[str, list[tuple[Glob, str]]] = defaultdict(list)
        self._lengths: list[int] = []
        self.of = Kept(self._of)

    def edge(self, place: Place) -> str:
        """Return the name of a sort; no word has a space in it."""
        if place not in self._edges:
            edge = self._edges[place] = f"sort {len(self._edges)}"
            if isinstance(place, Glob):
                for form in place.forms:
                    self._begin(Glob((form,)), edge)
            else:
                for word in place:
                    self._listed[word].append(edge)
        return self._edges[place]

    def _begin(self, glob: Glob, edge: str) -> None:
        (letters,) = glob.beginnings
        self._beginnings[letters].append((glob, edge))
        if len(letters) not in self._lengths:
            insort(self._lengths, len(letters))

    def _of(self, word: str) -> tuple[str, ...]:
        listed = self._listed.get(word, ())
        beginning = (word[:length] for length in self._lengths if length <= len(word))
        globs = (
            edge
            for letters in beginning
            for glob, edge in self._beginnings.get(letters, ())
            if glob.fits(word)
        )
        return tuple(dict.fromkeys((*listed, *globs)))
