"""What every format says alike of an entry: its public id, its title, its times, its source."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import quote

from aggregator.model.details import Enclosure, Person
from aggregator.model.entries import Dated, Entry, Source, TaggedEntry
from aggregator.output.addresses import is_absolute_id, uri
from aggregator.output.characters import clean
from aggregator.output.languages import CODES
from aggregator.text import single_line
from aggregator.urls import without_credentials

TAG_SCHEME = "urn:aggregator:tag"
"""The scheme of our tags."""

PUBLISHER_SCHEME = "urn:aggregator:publisher-category"
"""The scheme of a publisher's category that has none of its own."""

NEVER = datetime(2000, 1, 1, tzinfo=UTC)
"""When a feed without entries last changed: a fixed instant, since no clock is read."""

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No feed is older: what a publisher dates earlier is told in JSON alone."""

_LEEWAY = timedelta(minutes=10)
"""How far a publisher's clock may be ahead of ours."""

_EXCERPT_LENGTH = 80
_OUR_NAMES = "urn:aggregator:"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[0-9A-Za-z]{1,8})*")


@dataclass(frozen=True, slots=True)
class Publication:
    """An entry as it is published.

    ``id`` is unique in its output. ``title`` is never blank. ``date`` is the publisher's, None
    where it gave none; ``modified_at`` is the last meaningful change that we or the publisher
    know of, None if neither does.
    """

    id: str
    tagged: TaggedEntry
    title: str
    date: Dated | None
    modified_at: datetime | None

    @property
    def published_at(self) -> datetime | None:
        """When it was published, as XML may tell it: not before feeds, nor after it was seen."""
        latest = self.tagged.first_seen_at + _LEEWAY
        return self.date.at if self.date and EARLIEST <= self.date.at <= latest else None

    @property
    def related(self) -> tuple[str, ...]:
        """Where the same is told, or what it is told of, beside its own page."""
        entry = self.tagged.entry
        address = uri(entry.details.external_link)
        return (address,) if address and address != uri(entry.link) else ()

    @property
    def updated_at(self) -> datetime:
        """When the entry last changed, as far as we know: Atom requires an answer.

        The change, else the publisher's date, else when we first saw it. A date later than
        that cannot be right: nothing changes after it was seen without our seeing it. Nor can
        one from before there were feeds.
        """
        seen = self.tagged.first_seen_at
        told = self.modified_at or (min(self.date.at, seen) if self.date else seen)
        return told if told >= EARLIEST else seen


def publications(
    entries: Iterable[TaggedEntry], ids: Mapping[str, str] | None = None
) -> tuple[Publication, ...]:
    """Return what is published of each entry, in their order; one given twice appears once.

    ``ids`` are public ids that were given before, by our own.
    """
    distinct = tuple({tagged.entry.id: tagged for tagged in entries}.values())
    return tuple(
        Publication(public_id, tagged, _title(tagged.entry), _date(tagged.entry), _modified(tagged))
        for public_id, tagged in zip(_public_ids(distinct, ids or {}), distinct, strict=True)
    )


def without_copies(
    entries: Sequence[TaggedEntry], ids: Mapping[str, str] | None = None
) -> tuple[TaggedEntry, ...]:
    """Leave out entries that are others once more: with the same id and the same page.

    Who reads a feed that we publish (we ourselves, or one who reads us and whom we read) has
    each entry twice, and would publish it for ever under ever new ids. The first seen stays. Of
    an entry that ``ids`` tell to be published elsewhere, in an archive, the id alone decides.
    """
    here = {one.id: one.tagged.entry for one in publications(entries, ids)}
    elsewhere = set((ids or {}).values()) - here.keys()

    def is_copy(entry: Entry) -> bool:
        if entry.guid is None or entry.guid not in here:
            return entry.guid in elsewhere and entry.id not in (ids or {})
        other = here[entry.guid]
        return other.id != entry.id and other.canonical_link == entry.canonical_link

    return tuple(tagged for tagged in entries if not is_copy(tagged.entry))


def updated_at(published: Sequence[Publication]) -> datetime:
    """Return when an output last changed: the newest change among its entries, else `NEVER`."""
    return max((publication.updated_at for publication in published), default=NEVER)


def credit(source: Source) -> str:
    """Return what the entry's origin is called; never blank."""
    names = (source.title, source_name(source), source.link or "")
    return next((name for name in map(_line, names) if name), "Unknown source")


def source_name(source: Source) -> str:
    """Return what we call the feed; an address in place of a name, without its credentials."""
    return without_credentials(source.name) if source.name == source.key else source.name


def source_url(source: Source) -> str | None:
    """Return the feed's public address, None for a file; credentials in it are left out."""
    return uri(source.key)


def source_id(source: Source) -> str:
    """Return an id of the source feed: its address, else a URN that does not tell a file's path."""
    address = source_url(source)
    if address and is_absolute_id(address):
        return address
    digest = sha256(source.key.encode("utf-8", "replace")).hexdigest()
    return f"{_OUR_NAMES}feed:{digest[:16]}"


def category_scheme(scheme: str | None) -> str:
    """Return the scheme of a publisher's category; ours are never lent to a publisher."""
    address = scheme if scheme and is_absolute_id(scheme) else uri(scheme)
    if address is None or address.startswith(_OUR_NAMES):
        return PUBLISHER_SCHEME
    return address


def person_name(person: Person) -> str:
    """Return what an author is called, empty if nothing readable is known."""
    return _line(person.name) or _line(person.email) or _line(person.url)


def size_bytes(enclosure: Enclosure) -> int | None:
    """Return a file's size as the publisher claims it, None where it claims nothing possible."""
    claim = enclosure.length_bytes
    return claim if claim is not None and claim >= 0 else None


def known_language(entry: Entry) -> str | None:
    """Return the entry's language if validators of XML feeds know it."""
    code = language(entry)
    return code if code and code.partition("-")[0].lower() in CODES else None


def language(entry: Entry) -> str | None:
    """Return the entry's language if it has the form of a language tag (RFC 5646 §2.1)."""
    code = entry.language
    return code if code and _LANGUAGE.fullmatch(code) else None


def _public_ids(entries: Sequence[TaggedEntry], given: Mapping[str, str]) -> tuple[str, ...]:
    """Keep a publisher's own id where it is absolute; of several entries the first seen has it.

    Republishing must not change an id (RFC 4287 §4.2.6), and two entries must not share one.
    """
    own = {each.entry.id: _OUR_NAMES + quote(each.entry.id, errors="replace") for each in entries}
    public = {id: given[id] for id in own if id in given}
    taken = {*own.values(), *given.values()}
    for tagged in sorted(entries, key=lambda each: (each.first_seen_at, each.entry.id)):
        guid, id = tagged.entry.guid, tagged.entry.id
        if id not in public:
            is_free = guid is not None and guid not in taken and is_absolute_id(guid)
            public[id] = guid if guid and is_free else own[id]
            taken.add(public[id])
    return tuple(public[each.entry.id] for each in entries)


def _title(entry: Entry) -> str:
    texts = (entry.title, _excerpt(entry.summary), _excerpt(entry.content), entry.link or "")
    return next((line for line in map(_line, texts) if line), "Untitled")


def _excerpt(text: str) -> str:
    """Return the first words of a text, cut between words."""
    start = single_line(text[: 4 * _EXCERPT_LENGTH])
    if len(start) <= _EXCERPT_LENGTH:
        return start
    cut = start[:_EXCERPT_LENGTH]
    return f"{cut.rpartition(' ')[0] or cut}…"


def _line(text: str) -> str:
    return single_line(clean(text))


def _date(entry: Entry) -> Dated | None:
    return entry.published or entry.updated


def _modified(tagged: TaggedEntry) -> datetime | None:
    if tagged.revised_at:
        return tagged.revised_at
    date = _date(tagged.entry)
    claim = tagged.entry.updated or (date if date and date.element == "updated" else None)
    return min(claim.at, tagged.first_seen_at) if claim else None
