"""Why an entry does not match a query: the first part that fails, and what comes nearest to it.

Goes down the tree as `match` does: of an AND to the first operand that does not hold, of an OR
to the one that is missed by least.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import assert_never, get_args

from aggregator.dates import rfc3339
from aggregator.model.entries import Evidence, TaggedEntry
from aggregator.query.distances import too_far
from aggregator.query.fields import DEFAULT, FIELDS, LEAD_WORDS
from aggregator.query.match import find, read
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
    Term,
    Value,
    Wildcard,
    Word,
    leaves,
)
from aggregator.query.reading import Reading, Region
from aggregator.query.shortfalls import (
    MAX_SHOWN,
    Kind,
    Miss,
    Vocabulary,
    covered,
    quoted,
    too_few,
    written_otherwise,
)
from aggregator.urls import host

KINDS: tuple[Kind, ...] = get_args(Kind)
"""The kinds of misses, from the farthest to the nearest."""

_OWN_TEXTS = ("title", "summary", "content")
_PARTS_OF_TEXT = (*_OWN_TEXTS, "lead")


def miss(node: Node, subject: TaggedEntry | Reading, now: datetime) -> Miss | None:
    """Return why an entry does not match a query; None if it does.

    ``now`` is the instant that relative times are counted from.
    """
    reading = subject if isinstance(subject, Reading) else read(subject)
    search = _Search(reading, now)
    return None if search.holds(node, DEFAULT) is not None else search.miss(node, DEFAULT)


class _Search:
    """Looks for what comes nearest; whoever asks knows that the node does not hold."""

    def __init__(self, reading: Reading, now: datetime) -> None:
        self.reading = reading
        self.now = now
        self._vocabularies: dict[str, Vocabulary] = {}

    def holds(self, node: Node, field: str) -> tuple[Evidence, ...] | None:
        """Return the evidence of a node that holds, else None."""
        return find(Field(field, node), self.reading, self.now)

    def miss(self, node: Node, field: str) -> Miss:
        """Return what keeps a node from being true."""
        match node:
            case Field():
                found = self.miss(node.operand, node.name)
                return replace(found, part=Field(node.name, found.part))
            case And():
                return self.first(node, field)
            case Or():
                return self.nearest(node, node.operands, field)
            case Not():
                return self.excluded(node, field)
            case Value() | DateRange() | DateComparison():
                return self.otherwise(node, field)
            case _:
                aside = self.elsewhere(node, field) or self.set_aside(node, field)
                return aside or self.words(node, field)

    def first(self, node: And, field: str) -> Miss:
        """Return the miss of the first operand that does not hold."""
        held = [self.holds(operand, field) for operand in node.operands]
        failed = next(
            operand
            for operand, evidence in zip(node.operands, held, strict=True)
            if evidence is None
        )
        texts = (span.field in _OWN_TEXTS for evidence in held for span in evidence or ())
        found = self.miss(failed, field)
        return replace(found, beside=found.beside or any(texts))

    def nearest(self, node: Node, operands: Sequence[Node], field: str) -> Miss:
        """Return the operand that is missed by least; if none of them occurs, that."""
        found = max((self.miss(operand, field) for operand in operands), key=_nearness)
        if found.kind != "absent" or found.beside:
            return found
        terms = sum(1 for _ in leaves(node))
        return Miss(node, "absent", f"None of its {terms:,} terms occurs.") if terms > 1 else found

    def excluded(self, node: Not, field: str) -> Miss:
        """Return what occurs although it is forbidden."""
        if isinstance(node.operand, Not):
            return self.miss(node.operand.operand, field)
        found = self.holds(node.operand, field) or ()
        if not found:
            return Miss(node, "excluded", "What it excludes is true.")
        texts = (f"{_prefix(span)}{_shown(span)}" for span in found)
        return Miss(node, "excluded", f"It excludes {quoted(texts)}.", found[:MAX_SHOWN])

    def words(self, node: Term | Regex | Joined, field: str) -> Miss:
        """Return what a term or hit expression lacks."""
        regions = self.regions(field)
        match node:
            case Listed():
                return self.nearest(node, (node.operand,), field)
            case Near():
                found = too_far(node, regions)
                return found or Miss(node, "absent", "Neither of its sides occurs.")
            case Except():
                return covered(node, regions) or self.miss(node.kept, field)
            case AtLeast():
                return too_few(node, regions) or self.miss(node.operand, field)
            case Regex():
                return Miss(node, "absent", "The expression matches nothing.")
            case Word() | Phrase() | Wildcard() | Exact():
                return self.term(node, field)
            case _:
                assert_never(node)

    def term(self, node: Term, field: str) -> Miss:
        """Return what comes nearest to a word or phrase."""
        regions = self.regions(field)
        found = written_otherwise(node, regions) if isinstance(node, Exact) else None
        words = self.vocabulary(field)
        found = found or words.scattered(node) or words.alike(node)
        if found is None and FIELDS[field].kind != "text":
            return self.otherwise(node, field)
        return found or Miss(node, "absent", f"{quoted([node.text])} does not occur.")

    def elsewhere(self, node: Term | Regex | Joined, field: str) -> Miss | None:
        """Return where, in other texts of the entry, something stands that a field lacks."""
        found = self.holds(node, DEFAULT) if field in _PARTS_OF_TEXT else None
        if not found:
            return None
        where = f"only behind the title and the first {LEAD_WORDS} words"
        if field != "lead":
            places = " and the ".join(dict.fromkeys(span.field for span in found))
            where = f"in the {places}, but not in the {field}"
        sentence = f"It occurs {where}: {quoted(map(_shown, found))}."
        return Miss(node, "elsewhere", sentence, found[:MAX_SHOWN])

    def set_aside(self, node: Term | Regex | Joined, field: str) -> Miss | None:
        """Return where something stands only in what is not about the entry."""
        entry, subject = self.reading.entry, self.reading.subject
        if not entry.boilerplate:
            return None
        whole = replace(subject, entry=replace(entry, boilerplate=()))
        found = find(Field(field, node), whole, self.now)
        if not found:
            return None
        told = f"It occurs only in boilerplate, which does not count: {quoted(map(_shown, found))}."
        return Miss(node, "elsewhere", told, found[:MAX_SHOWN])

    def regions(self, field: str) -> tuple[Region, ...]:
        """Return the texts in which a field's words stand; none for a field of other values."""
        return self.reading.regions(field) if FIELDS[field].kind in ("text", "words") else ()

    def vocabulary(self, field: str) -> Vocabulary:
        """Return the words of a field's texts."""
        if field not in self._vocabularies:
            self._vocabularies[field] = Vocabulary(self.regions(field))
        return self._vocabularies[field]

    def otherwise(self, node: Leaf, field: str) -> Miss:
        """Return what the entry has in place of a value or a date."""
        if isinstance(node, DateRange | DateComparison):
            return Miss(node, "period", self.date(node.name))
        known = [value for value in self.known(field) if value]
        one, several = _NAMES.get(field, (field, f"{field}s"))
        told = f"{several} are" if len(known) > 1 else f"{one} is"
        sentence = f"Its {told} {quoted(known)}." if known else f"It has no {one}."
        return Miss(node, "value", sentence)

    def known(self, field: str) -> Iterable[str]:
        """Return the entry's values of a field that is no text."""
        entry, source = self.reading.entry, self.reading.subject.source
        match field:
            case "tag":
                return [tag.name for tag in self.reading.subject.tags]
            case "label":
                return source.labels
            case "has":
                return ()
            case "author" | "category" | "feed":
                return [region.passage.text for region in self.reading.regions(field)]
            case "site":
                return [host(entry.link) or ""] if entry.link else []
            case _:
                known = {"lang": entry.language or "und", "id": entry.id, "url": entry.link or ""}
                return [known.get(field, "")]

    def date(self, name: str) -> str:
        """Say when it was instead."""
        published = self.reading.entry.published
        if name == "seen":
            return f"It was first seen {rfc3339(self.reading.subject.first_seen_at)}."
        return f"It was published {rfc3339(published.at)}." if published else "It has no date."


_NAMES = {
    "category": ("category", "categories"),
    "has": ("such thing", ""),
    "id": ("id", ""),
    "lang": ("language", ""),
    "url": ("link", ""),
}
"""What people call the values of a field: one, and several."""


def _nearness(found: Miss) -> int:
    return KINDS.index(found.kind) + (len(KINDS) // 2 if found.beside else 0)


def _shown(span: Evidence) -> str:
    return span.value if span.field in _OWN_TEXTS else span.value[span.start : span.end]


def _prefix(span: Evidence) -> str:
    return "" if span.field in _OWN_TEXTS else f"{span.field}:"
