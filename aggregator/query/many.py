"""Many queries of one entry: its words are looked at once, and only what may be true is asked.

The answers are exactly those of `aggregator.query.match.find`, one query after the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from aggregator.model.entries import TaggedEntry
from aggregator.query.fields import DEFAULT
from aggregator.query.match import Hits, find
from aggregator.query.nodes import Node, Or, Term
from aggregator.query.passages import Hit, Passage
from aggregator.query.reading import Reading
from aggregator.query.trie import Trie
from aggregator.query.triggers import Choice, Soil, Triggers, ground

_NOWHERE: list[Hit] = []


class Many:
    """Queries made ready to be asked together.

    ``also`` are further queries that are asked of what `read` returns: parts of the others, say.
    ``frequency`` tells in how many entries a folded word occurs, as far as it is known; it
    decides on speed alone.
    """

    def __init__(
        self,
        queries: Sequence[Node],
        also: Iterable[Node] = (),
        frequency: Mapping[str, int] | None = None,
    ) -> None:
        triggers = Triggers(frequency)
        # Nodes are told apart by their identity: they must not be forgotten.
        self._queries, self._also = tuple(queries), tuple(also)
        for node in self._also:
            triggers.of(node, DEFAULT)
        of_each = [triggers.of(node, DEFAULT) for node in self._queries]
        self._choice = Choice(self._queries, of_each)
        self._triggers = triggers
        self._fields = tuple(sorted(triggers.fields))
        self._grounds = {where: _Ground(soil) for where, soil in triggers.soils.items()}

    def find(self, subject: TaggedEntry, now: datetime) -> dict[int, Hits]:
        """Return the queries that an entry matches, by their places, and why each does."""
        reading = self.read(subject)
        found: dict[int, Hits] = {}
        for place in sorted(self.promising(reading)):
            evidence = find(self._queries[place], reading, now)
            if evidence is not None:
                found[place] = evidence
        return found

    def read(self, subject: TaggedEntry) -> "Scanned":
        """Return an entry in which all terms of the queries have been looked for."""
        return Scanned(subject, many=self)

    def promising(self, reading: "Scanned") -> set[int]:
        """Return the places of the queries that may be true of an entry."""
        return self._choice.places(reading.found)

    def mentions(self, tag: str) -> bool:
        """Tell whether any query asks for a tag."""
        return self._triggers.tag(tag) is not None

    def triggered_by(self, tag: str) -> Iterable[int]:
        """Return the places of the queries that a tag may make true."""
        number = self._triggers.tag(tag)
        return () if number is None else self._choice.triggered_by(number)

    # --- for what is read -------------------------------------------------------------------------

    def passage(self, name: str, text: str) -> Passage:
        """Return a text to be searched for the terms of its field."""
        scan = self._grounds.get(ground(name))
        return Passage(name, text) if scan is None else _ScannedPassage(name, text, scan)

    def numbers(self, reading: "Scanned") -> set[int]:
        """Return the numbers of all terms that stand in an entry, and of its tags."""
        passages = {
            id(region.passage): region.passage
            for name in self._fields
            for region in reading.regions(name)
        }
        tags = (self._triggers.tag(tag.name) for tag in reading.subject.tags)
        found = {number for number in tags if number is not None}
        for passage in passages.values():
            assert isinstance(passage, _ScannedPassage)
            found.update(passage.found)
        return found

    def choice(self, either: Or, name: str, *, wanted: bool) -> Choice:
        """Return the operands of an OR."""
        return self._triggers.choices[id(either), ground(name), wanted]


@dataclass(frozen=True)
class Scanned(Reading):
    """An entry ready for the queries of a `Many`, and for no others."""

    many: Many = field(kw_only=True)

    @cached_property
    def found(self) -> set[int]:
        """The numbers of the terms that stand in the entry, and of its tags."""
        return self.many.numbers(self)

    def promising(self, either: Or, name: str, *, wanted: bool) -> tuple[Node, ...]:
        """Return those operands whose triggers were found."""
        return self.many.choice(either, name, wanted=wanted).among(self.found)

    def passage(self, name: str, text: str) -> Passage:
        """Return a text that knows where the terms stand."""
        return self.many.passage(name, text)


class _Ground:
    """The terms that are looked for in one sort of texts."""

    def __init__(self, soil: Soil) -> None:
        self.numbers = soil.numbers
        self.choices = soil.choices
        self.trie = Trie(soil.patterns)


@dataclass(frozen=True)
class _ScannedPassage(Passage):
    """A text that is walked through once, for all terms."""

    ground: _Ground

    @cached_property
    def found(self) -> dict[int, list[Hit]]:
        """Where each term stands, by its number."""
        return self.ground.trie.scan(self.tokens)

    def standing(self, term: Term) -> list[Hit]:
        """Return where a term was found."""
        return self.found.get(self.ground.numbers[id(term)], _NOWHERE)

    def promising(self, either: Or) -> tuple[Node, ...]:
        """Return those operands whose triggers were found in this text."""
        return self.ground.choices[id(either)].among(self.found.keys())
