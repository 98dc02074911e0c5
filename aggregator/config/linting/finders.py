"""Which term finds whatever another one finds: `Mali` all that "Mali Empire" does.

Answered by looking up parts of phrases in dictionaries, in time linear in the terms. Nothing is
claimed that is not certain; not everything that is certain is seen.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from aggregator.config.linting.written import shown
from aggregator.query.globs import Glob
from aggregator.query.nodes import (
    And,
    AtLeast,
    Exact,
    Except,
    Field,
    Listed,
    Near,
    Node,
    Or,
    Phrase,
    Term,
    Value,
    Wildcard,
    Word,
)
from aggregator.query.terms import Place, pattern

Key = tuple[str, ...]
"""A sequence of words or wildcards, each by its plain form."""

_WITHIN = {
    "title": ("title", "lead", "text"),
    "lead": ("lead", "text"),
    "content": ("content", "text"),
}
"""For a field, those in which everything that stands in it is found."""

_LEAST_BEGINNING = 3


@dataclass(frozen=True, slots=True)
class Atom:
    """What a term looks for in a field: one of the keys; ``written`` for a term behind ``=``."""

    field: str
    keys: tuple[Key, ...]
    written: Key = ()

    def finds(self, key: Key, written: Key = ()) -> bool:
        """Tell whether wherever ``key`` stands (``written`` so), this term is found."""
        return any(
            mine == key[at : at + len(mine)]
            and (not self.written or self.written == written[at : at + len(mine)])
            for mine in self.keys
            for at in range(len(key) - len(mine) + 1)
        )


@lru_cache(maxsize=65_536)
def atom(node: Term | Value | Listed, field: str) -> Atom:
    """Return what a term, a value or a list as a whole looks for."""
    match node:
        case Value():
            return Atom(field, ((f"={node.text.lower()}",),))
        case Listed():
            return Atom(field, ((f"${node.name}",),))
        case _:
            found = pattern(node)
            keys = tuple(tuple(map(_plain, sequence)) for sequence in found.sequences)
            return Atom(field, keys, found.written)


def _plain(place: Place) -> str:
    return place.forms[0] if isinstance(place, Glob) else place[0]


def needs(node: Node, field: str) -> Iterator[tuple[Atom, ...]]:
    """Yield sets of terms, from each of which one must be found where ``node`` is true."""
    match node:
        case Word() | Phrase() | Wildcard() | Exact() | Value() | Listed():
            yield (atom(node, field),)
        case Field():
            yield from needs(node.operand, node.name)
        case AtLeast():
            yield from needs(node.operand, field)
        case Except():
            yield from needs(node.kept, field)
        case Near():
            yield from needs(node.left, field)
            yield from needs(node.right, field)
        case And():
            for operand in node.operands:
                yield from needs(operand, field)
        case Or():
            firsts = [next(needs(operand, field), ()) for operand in node.operands]
            if all(firsts):
                yield tuple(each for first in firsts for each in first)
        case _:
            return


def enough(node: Node, field: str) -> Iterator[tuple[Node, Atom]]:
    """Yield terms each of which alone makes ``node`` true wherever it is found."""
    match node:
        case Word() | Phrase() | Wildcard() | Exact() | Value() | Listed():
            yield node, atom(node, field)
        case Field():
            yield from enough(node.operand, node.name)
        case Or():
            for operand in node.operands:
                yield from enough(operand, field)
        case _:
            return


@dataclass(frozen=True, slots=True)
class Finder:
    """A term among others, with its place in their order, and whose it is."""

    atom: Atom
    number: int
    name: str
    owner: str


class Finders:
    """Terms, asked for one that finds whatever another one finds."""

    def __init__(self, finders: Iterable[Finder]) -> None:
        self._by_key: defaultdict[tuple[str, Key], list[Finder]] = defaultdict(list)
        self._by_beginning: defaultdict[tuple[str, str], list[tuple[Glob, Finder]]]
        self._by_beginning = defaultdict(list)
        self._lengths: set[int] = set()
        for finder in finders:
            self._add(finder)

    def _add(self, finder: Finder) -> None:
        atom = finder.atom
        for key in atom.keys:
            self._by_key[atom.field, key].append(finder)
            self._lengths.add(len(key))
            if len(key) == 1 and "*" in key[0]:
                glob = Glob(key)
                beginning = glob.beginnings[0][:_LEAST_BEGINNING]
                self._by_beginning[atom.field, beginning].append((glob, finder))

    def covering(self, sought: Atom) -> Iterator[Finder]:
        """Yield the terms that find whatever ``sought`` finds, itself perhaps among them."""
        first, *others = sought.keys or ((),)
        for finder in self._candidates(sought.field, first):
            atom = finder.atom
            if atom.written and not atom.finds(first, sought.written):
                continue
            if all(self._is_found(finder, sought.field, key) for key in others):
                yield finder

    def _is_found(self, finder: Finder, field: str, key: Key) -> bool:
        return any(each is finder for each in self._candidates(field, key))

    def _candidates(self, field: str, key: Key) -> Iterator[Finder]:
        for wider in _WITHIN.get(field, (field,)):
            for length in self._lengths:
                for at in range(len(key) - length + 1):
                    yield from self._by_key.get((wider, key[at : at + length]), ())
            if self._by_beginning:
                yield from self._by_glob(wider, key)

    def _by_glob(self, field: str, key: Key) -> Iterator[Finder]:
        for word in key:
            globs = self._by_beginning.get((field, word[:_LEAST_BEGINNING]), ())
            yield from (f for glob, f in globs if _fits(glob, word))


def _fits(glob: Glob, word: str) -> bool:
    """Tell whether whatever a word, or another wildcard, stands for has the form of ``glob``."""
    if "*" in word or "?" in word:
        return glob.is_beginning and word.startswith(glob.beginnings) and word != glob.forms[0]
    return glob.fits(word)


def finders(nodes: Iterable[tuple[Node, str]], owner: str = "") -> Finders:
    """Return the terms that alone are enough for one of the nodes, each asked of its field."""
    found = (pair for node, field in nodes for pair in enough(node, field))
    return Finders(
        Finder(atom, number, shown(node, atom.field), owner)
        for number, (node, atom) in enumerate(found)
    )
