"""An entry as queries read it: folded and split once, however many queries follow."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from aggregator.model import Entry, Evidence, Tag, TaggedEntry
from aggregator.query.fields import (
    LEAD_WORDS,
    author_values,
    body,
    category_values,
    summary_counts,
)
from aggregator.query.terms import Alternatives, Pattern
from aggregator.text import BLOCK_END, Word, index_words, words

MAX_HITS = 100
"""Hits of one pattern in one text that are kept as evidence: the first ones."""


_NOWHERE: list[int] = []


@dataclass(frozen=True)
class Passage:
    """One text of an entry, or one value of its metadata; ``field`` is what evidence calls it.

    Without slots, because its words are split at the first question and then kept.
    """

    field: str
    text: str

    @cached_property
    def tokens(self) -> list[str]:
        """The folded words, with `BLOCK_END` between blocks."""
        return index_words(self.text).split()

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for place, token in enumerate(self.tokens):
            places.setdefault(token, []).append(place)
        return places

    @cached_property
    def _spans(self) -> list[Word | None]:
        """Where each token stands in the text: the same list as ``tokens``."""
        found = iter(words(self.text))
        return [None if token == BLOCK_END else next(found) for token in self.tokens]

    def find(self, pattern: Pattern, until: int | None = None) -> tuple[Evidence, ...]:
        """Return where the pattern stands, at most `MAX_HITS` times, before the token ``until``."""
        hits: set[tuple[int, int]] = set()
        for sequence in pattern.sequences:
            length = len(sequence)
            places = self._beginnings(sequence[0], pattern.is_prefix and length == 1)
            if places:
                end = len(self.tokens) if until is None else until
                fitting = self._fitting(sequence, pattern.is_prefix, places, end - length)
                hits.update((place, place + length) for place in islice(fitting, MAX_HITS))
        return tuple(self._evidence(*hit) for hit in sorted(hits)[:MAX_HITS]) if hits else ()

    def _beginnings(self, alternatives: Alternatives, is_prefix: bool) -> list[int]:
        """Return, in order, the places of every word that the first of a sequence may be."""
        known = self._places
        if len(alternatives) == 1 and not is_prefix:
            return known.get(alternatives[0], _NOWHERE)
        if is_prefix:
            beginning = [word for word in known if word.startswith(alternatives)]
        else:
            beginning = [word for word in alternatives if word in known]
        return sorted(place for word in beginning for place in known[word])

    def _fitting(
        self, sequence: tuple[Alternatives, ...], is_prefix: bool, places: list[int], last: int
    ) -> Iterator[int]:
        """Yield the places, none after ``last``, at which the rest of the sequence follows."""
        for place in places:
            if place > last:
                return
            if len(sequence) == 1 or self._continues(sequence, is_prefix, place):
                yield place

    def _continues(self, sequence: tuple[Alternatives, ...], is_prefix: bool, place: int) -> bool:
        following = self.tokens[place + 1 : place + len(sequence)]
        *middle, last = zip(following, sequence[1:], strict=True)
        word, endings = last
        is_last = word.startswith(endings) if is_prefix else word in endings
        return is_last and all(token in alternatives for token, alternatives in middle)

    def _evidence(self, first: int, after: int) -> Evidence:
        begin, finish = self._spans[first], self._spans[after - 1]
        assert begin is not None
        assert finish is not None
        return self.part(begin.start, finish.end)

    def part(self, start: int, end: int) -> Evidence:
        """Return evidence of the characters ``start:end``: of a text that part, else the value."""
        is_text = self.field in ("title", "summary", "content")
        return Evidence(self.field, start, end, self.text[start:end] if is_text else self.text)

    @cached_property
    def lead_end(self) -> int:
        """The token before which the first `LEAD_WORDS` words end."""
        places = (place for place, token in enumerate(self.tokens) if token != BLOCK_END)
        last = next(islice(places, LEAD_WORDS - 1, None), None)
        return len(self.tokens) if last is None else last + 1


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

    def find(self, field: str, pattern: Pattern) -> tuple[Evidence, ...]:
        """Return where the pattern stands in a field of words."""
        if field == "lead":
            return (
                *self._title.find(pattern),
                *self._body.find(pattern, until=self._body.lead_end),
            )
        hits: tuple[Evidence, ...] = ()
        for passage in self._passages(field):
            hits += passage.find(pattern)
        return hits

    def _passages(self, field: str) -> tuple[Passage, ...]:
        match field:
            case "text":
                return self._text
            case "author":
                return self._authors
            case "category":
                return self._categories
            case _:
                return (self._single(field),)

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
    def _text(self) -> tuple[Passage, ...]:
        texts = (self._title, self._summary, self._content)
        return texts if summary_counts(self.entry) else (self._title, self._content)

    @property
    def _body(self) -> Passage:
        return self._content if body(self.entry)[0] == "content" else self._summary

    @cached_property
    def _authors(self) -> tuple[Passage, ...]:
        return tuple(Passage("author", value) for value in author_values(self.entry))

    @cached_property
    def _categories(self) -> tuple[Passage, ...]:
        return tuple(Passage("category", value) for value in category_values(self.entry))

    @cached_property
    def _feed(self) -> Passage:
        return Passage("feed", self.subject.source.name)
