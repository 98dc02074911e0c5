"""What a query means: whether an entry matches it, and where.

A comparison with an unknown value is false, and NOT of it true: ``lang:fr`` and ``NOT lang:fr``
split the entries in two. The other interpreter, `aggregator.store.sql`, finds exactly the
entries that match here.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import assert_never

from aggregator.model.entries import Evidence, TaggedEntry
from aggregator.query.fields import DEFAULT, ascii_lower
from aggregator.query.hits import apart, hits
from aggregator.query.nodes import (
    And,
    AtLeast,
    DateComparison,
    DateRange,
    Exact,
    Except,
    Field,
    Joined,
    Leaf,
    Listed,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Regex,
    Value,
    Wildcard,
    Word,
)
from aggregator.query.periods import bounds
from aggregator.query.reading import Reading
from aggregator.query.regex import Expression, compile_regex
from aggregator.urls import host

MAX_HITS = 100
"""Hits of one part of a query in one text that are kept as evidence: the first ones."""

Hits = tuple[Evidence, ...]


def read(subject: TaggedEntry) -> Reading:
    """Return an entry ready for many queries: it is folded and split at most once."""
    return Reading(subject)


def find(node: Node, subject: TaggedEntry | Reading, now: datetime) -> Hits | None:
    """Return why an entry matches a query; None if it does not.

    The evidence is that of every positive term that made the query true, () where NOT alone
    did. Whoever asks several queries of one entry gives its `read`. ``now`` is the instant that
    relative times are counted from.
    """
    reading = subject if isinstance(subject, Reading) else read(subject)
    found = _Judge(reading, now).judge(node, DEFAULT, True)
    return None if found is None else tuple(dict.fromkeys(found))


class _Judge:
    """Goes down a tree, asking of each part whether it is ``wanted`` (true) or unwanted (false).

    So a negation only turns the question round, and evidence is found behind any number of them.
    """

    def __init__(self, reading: Reading, now: datetime) -> None:
        self.reading = reading
        self.now = now

    def judge(self, node: Node, field: str, wanted: bool) -> Hits | None:
        """Return the evidence if the node is as wanted, else None."""
        match node:
            case Field():
                return self.judge(node.operand, node.name, wanted)
            case Not():
                return self.judge(node.operand, field, not wanted)
            case And():
                return (self.all if wanted else self.any)(node.operands, field, wanted)
            case Or():
                asked = self.reading.promising(node, field, wanted=wanted)
                return (self.any if wanted else self.all)(asked, field, wanted)
            case _:
                hits = self.leaf(node, field)
                if wanted:
                    return hits or None
                return None if hits else ()

    def all(self, nodes: tuple[Node, ...], field: str, wanted: bool) -> Hits | None:
        """Return the evidence of all of them, None if one is not as wanted."""
        found: list[Evidence] = []
        for node in nodes:
            hits = self.judge(node, field, wanted)
            if hits is None:
                return None
            found += hits
        return tuple(found)

    def any(self, nodes: tuple[Node, ...], field: str, wanted: bool) -> Hits | None:
        """Return the evidence of those that are as wanted, None if none is."""
        judged = (self.judge(node, field, wanted) for node in nodes)
        found = [hits for hits in judged if hits is not None]
        return tuple(hit for hits in found for hit in hits) if found else None

    def leaf(self, node: Leaf | Joined, field: str) -> Hits:
        """Return where a term, hit expression, value or period holds; () where it does not."""
        match node:
            case Word() | Phrase():
                return self.address(node.text, field) or self.hits(node, field)
            case Wildcard() | Exact() | Listed() | Near() | Except():
                return self.hits(node, field)
            case AtLeast():
                return self.hits(node, field, node.count)
            case Regex():
                return tuple(self.regex(compile_regex(node.text), field))
            case Value():
                return tuple(self.value(node.text, field))
            case DateRange() | DateComparison():
                return self.period(node)
            case _:
                assert_never(node)

    def hits(self, node: Node, field: str, least: int = 1) -> Hits:
        """Return where words stand, if in all texts of the field together often enough."""
        found = [
            (region.passage, hits(node, region.passage, region.until))
            for region in self.reading.regions(field)
        ]
        if least > 1 and sum(apart(of_one) for _, of_one in found) < least:
            return ()
        return tuple(
            passage.part(*passage.characters(hit))
            for passage, of_one in found
            for hit in of_one[:MAX_HITS]
        )

    def address(self, text: str, field: str) -> Hits:
        """Return evidence if a feed is named by its address."""
        source = self.reading.subject.source
        is_named = field == "feed" and text in (source.key, source.url)
        return (Evidence("feed", 0, len(text), text),) if is_named else ()

    def regex(self, expression: Expression, field: str) -> Iterator[Evidence]:
        """Return where a regular expression matches the text as written."""
        for region in self.reading.regions(field):
            passage = region.passage
            text = passage.text if region.until is None else passage.text[: passage.lead_length]
            for span in islice(expression.spans(text), MAX_HITS):
                yield passage.part(*span)

    def value(self, value: str, field: str) -> Iterator[Evidence]:
        """A value that is compared whole, or by its beginning, end or part, as the field has it."""
        for known in self.known(field):
            part = _PARTS.get(field, _whole)(known, value)
            if part is not None:
                yield Evidence(field, *part, known)

    def known(self, field: str) -> tuple[str, ...]:
        """Return what the entry has for a field whose values are compared."""
        entry = self.reading.entry
        match field:
            case "tag":
                return tuple(tag.name for tag in self.reading.subject.tags)
            case "label":
                return self.reading.subject.source.labels
            case "has":
                return self.possessions()
            case _:
                single = {
                    "lang": entry.language or "und",
                    "id": entry.id,
                    "site": host(entry.link) if entry.link else None,
                    "url": entry.link,
                }
                known = single[field]
                return (known,) if known else ()

    def possessions(self) -> tuple[str, ...]:
        """Return what ``has:`` finds."""
        entry = self.reading.entry
        owned = {
            "enclosure": bool(entry.enclosures),
            "image": bool(entry.image),
            "content": bool(entry.content),
            "author": bool(entry.authors),
            "date": entry.published is not None,
            "duplicate": self.reading.subject.duplicated,
        }
        return tuple(name for name, is_there in owned.items() if is_there)

    def period(self, node: DateRange | DateComparison) -> Hits:
        """A date within a period."""
        at = self.date(node.name)
        first, after = bounds(node, self.now)
        if at is None or (first and at < first) or (after and at >= after):
            return ()
        shown = at.isoformat().replace("+00:00", "Z")
        return (Evidence(node.name, 0, len(shown), shown),)

    def date(self, field: str) -> datetime | None:
        """Return what a field of dates holds, None where it is unknown."""
        subject = self.reading.subject
        if field == "seen":
            return subject.first_seen_at
        return None if subject.entry.published is None else subject.entry.published.at


Part = tuple[int, int] | None
"""The characters of a known value that a query's value is, or None where it is not there."""


def _whole(known: str, value: str) -> Part:
    return (0, len(known)) if known == value else None


def _beginning(known: str, value: str) -> Part:
    return (0, len(value)) if known.startswith(value) else None


def _language_or_its_variant(known: str, value: str) -> Part:
    return (0, len(value)) if f"{ascii_lower(known)}-".startswith(f"{value}-") else None


def _host_or_its_parent(known: str, value: str) -> Part:
    is_there = f".{known}".endswith(f".{value}")
    return (len(known) - len(value), len(known)) if is_there else None


def _somewhere(known: str, value: str) -> Part:
    start = ascii_lower(known).find(ascii_lower(value))
    return None if start < 0 else (start, start + len(value))


_PARTS = {
    "id": _beginning,
    "lang": _language_or_its_variant,
    "site": _host_or_its_parent,
    "url": _somewhere,
}
