"""An entry as queries read it: folded and split once, however many queries follow."""

from dataclasses import dataclass, replace
from functools import cached_property

from aggregator.model import Entry, Tag, TaggedEntry
from aggregator.query.fields import author_values, body, category_values, summary_counts
from aggregator.query.passages import Passage


@dataclass(frozen=True, slots=True)
class Region:
    """What a field means of one text: all of it, or only the words before ``until``."""

    passage: Passage
    until: int | None = None


@dataclass(frozen=True)
class Reading:
    """A tagged entry with its passages; like them without slots."""

    subject: TaggedEntry

    @property
    def entry(self) -> Entry:
        """The entry itself."""
        return self.subject.entry

    def carrying(self, tags: tuple[Tag, ...]) -> "Reading":
        """Return the same entry with other tags, without folding anything again."""
        reading = Reading(replace(self.subject, tags=tags))
        reading.__dict__.update(
            {name: kept for name, kept in self.__dict__.items() if name != "subject"}
        )
        return reading

    def regions(self, field: str) -> tuple[Region, ...]:
        """Return the texts, or the values, that a field of words means."""
        match field:
            case "lead":
                return Region(self._title), Region(self._body, self._body.lead_end)
            case "text":
                return self._text
            case "author":
                return self._authors
            case "category":
                return self._categories
            case _:
                return (Region(self._single(field)),)

    def _single(self, field: str) -> Passage:
        single = {
            "title": self._title,
            "summary": self._summary,
            "content": self._content,
            "feed": self._feed,
        }
        return single[field]

    @cached_property
    def _title(self) -> Passage:
        return Passage("title", self.entry.title)

    @cached_property
    def _summary(self) -> Passage:
        return Passage("summary", self.entry.summary)

    @cached_property
    def _content(self) -> Passage:
        return Passage("content", self.entry.content)

    @cached_property
    def _text(self) -> tuple[Region, ...]:
        summary = (self._summary,) if summary_counts(self.entry) else ()
        return tuple(map(Region, (self._title, *summary, self._content)))

    @property
    def _body(self) -> Passage:
        return self._content if body(self.entry)[0] == "content" else self._summary

    @cached_property
    def _authors(self) -> tuple[Region, ...]:
        return tuple(Region(Passage("author", value)) for value in author_values(self.entry))

    @cached_property
    def _categories(self) -> tuple[Region, ...]:
        return tuple(Region(Passage("category", value)) for value in category_values(self.entry))

    @cached_property
    def _feed(self) -> Passage:
        return Passage("feed", self.subject.source.name)
