"""An entry as queries read it: folded and split once, however many queries follow."""

from dataclasses import dataclass, field, replace
from typing import Self

from aggregator.model.entries import Entry, Tag, TaggedEntry
from aggregator.query.fields import (
    author_values,
    body,
    category_values,
    counted,
    summary_counts,
)
from aggregator.query.nodes import Node, Or
from aggregator.query.passages import Passage


@dataclass(frozen=True, slots=True)
class Region:
    """What a field means of one text: all of it, or only the words before ``until``."""

    passage: Passage
    until: int | None = None


Regions = tuple[Region, ...]


@dataclass(frozen=True)
class Reading:
    """A tagged entry with its passages, each made when it is first asked for."""

    subject: TaggedEntry
    _regions: dict[str, Regions] = field(default_factory=dict, repr=False, compare=False)

    @property
    def entry(self) -> Entry:
        """The entry itself."""
        return self.subject.entry

    def carrying(self, tags: tuple[Tag, ...]) -> Self:
        """Return the same entry with other tags, without folding anything again."""
        return replace(self, subject=replace(self.subject, tags=tags))

    def regions(self, name: str) -> Regions:
        """Return the texts, or the values, that a field of words means."""
        known = self._regions.get(name)
        if known is None:
            known = self._regions[name] = self._read(name)
        return known

    def promising(self, either: Or, name: str, *, wanted: bool) -> tuple[Node, ...]:
        """Return those operands of an OR that must be asked, within a field.

        The others are false, and have no evidence to give to whoever ``wanted`` them false.
        """
        return either.operands

    def passage(self, name: str, text: str) -> Passage:
        """Return a text, or a value, ready to be searched."""
        return Passage(name, text)

    def _read(self, name: str) -> Regions:
        entry = self.entry
        match name:
            case "text":
                beside = self.regions("summary") if entry.summary and summary_counts(entry) else ()
                return self.regions("title") + beside + self.regions("content")
            case "lead":
                (main,) = self.regions(body(entry)[0])
                return *self.regions("title"), Region(main.passage, main.passage.lead_end)
            case _:
                return tuple(Region(self.passage(name, value)) for value in self._values(name))

    def _values(self, name: str) -> tuple[str, ...]:
        entry = self.entry
        match name:
            case "author":
                return author_values(entry)
            case "category":
                return category_values(entry)
            case "feed":
                return (self.subject.source.name,)
            case "summary" | "content":
                return (counted(entry, name),)
            case _:
                return (entry.title,)
