"""From what a document says to what we keep: plain and safe texts, absolute links, dates in UTC.

Pure and total: whatever a publisher sends becomes entries that fit the store.
Nothing about an entry depends on the day it is read, and nothing but telling apart two entries
that share an identity, and what is repeated in all of a feed's, depends on the others.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256

from aggregator import particulars
from aggregator.boilerplate.marked import marked
from aggregator.boilerplate.repeated import repeated
from aggregator.canonical.form import canonical
from aggregator.dates import read_date
from aggregator.dating.clues import Clues, clues
from aggregator.detection.deciding import language_of
from aggregator.html.layout import Block, blocks, from_text
from aggregator.html.sanitising import sanitise
from aggregator.html.titles import decode_title
from aggregator.html.tree import printable
from aggregator.identity import entry_id, identity_key, page, place, told_apart
from aggregator.language import normalise_tag
from aggregator.model.boilerplate import Boilerplate, Fingerprints
from aggregator.model.details import Enclosure, Person
from aggregator.model.entries import Dated, Entry, Feed
from aggregator.model.raw import Category, RawEntry, RawFeed, RawText
from aggregator.query.fields import counted
from aggregator.text import BLOCK_END, index_words, single_line
from aggregator.urls import MAX_URL, fetchable, names_a_page, resolve

VERSION = 2
"""Counts the changes to this module, and to what it asks, by which the same document is read
otherwise: no entry is called revised because of them."""

MAX_TEXT = 100_000
"""No more characters of a plain text are kept, and so neither tagged nor searched."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def normalise(
    raw: RawFeed, *, key: str, url: str, known: tuple[Fingerprints, ...] = ()
) -> tuple[Feed, tuple[Entry, ...]]:
    """Return the feed and its entries in document order.

    ``key`` is the subscription's, ``url`` where the document came from, ``known`` what was read
    of the feed before. Every entry has the id of its first generation; `aggregator.changes`
    decides which entry it is in the end. Of entries that are one and the same within the
    document, the later-dated is kept.
    """
    document = url if fetchable(url) else None
    link = resolve(document, raw.link or "")
    fallback = document or link or _own_address(raw)
    language = normalise_tag(raw.language)
    scope = _Scope(
        feed=key,
        base=resolve(fallback, raw.base or "") or fallback,
        language=language,
        authors=raw.authors,
        dates=clues(language, (url, link), raw.date_order),
        addresses=(url, link),
    )
    described = _read(raw.description, scope.base)
    feed = Feed(
        title=decode_title(raw.title) if raw.title else "",
        format=raw.format,
        description=described.plain,
        link=resolve(scope.base, raw.link or ""),
        language=scope.language,
        problem=_one_line(raw.problem) or None,
        authors=particulars.people(raw.authors, scope.base),
        categories=_categories(raw.categories),
        updated=read_date(printable(raw.updated or ""), element="updated", clues=scope.dates),
        image=resolve(scope.base, raw.image or ""),
        icon=resolve(scope.base, raw.icon or ""),
        rights=decode_title(raw.rights) if raw.rights else "",
        generator=particulars.name(raw.generator),
    )
    distinct = _distinct([_entry(one, scope) for one in raw.entries])
    return feed, _without_repeated(distinct, known)


def _own_address(raw: RawFeed) -> str | None:
    return next((link.url for link in raw.links if link.relation == "self"), None)


@dataclass(frozen=True, slots=True)
class _Scope:
    """What entries inherit from their feed."""

    feed: str
    base: str | None
    language: str | None
    authors: tuple[Person, ...]
    dates: Clues
    addresses: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    plain: str = ""
    html: str = ""
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class _Texts:
    summary: _Text
    content: _Text


# --- one entry ----------------------------------------------------------------------------------


def _entry(raw: RawEntry, scope: _Scope) -> Entry:
    base = resolve(scope.base, raw.base or "") or scope.base
    guid = _one_line(raw.guid)
    link = resolve(base, raw.link or "")
    title = decode_title(raw.title) if raw.title else ""
    texts = _texts(raw, base, link)
    identity = _identity(raw, guid, link, texts.content.plain or texts.summary.plain)
    published, updated = _dates(raw, scope)
    enclosures = particulars.files(raw.enclosures, base)
    unhashed = Entry(
        id=entry_id(scope.feed, identity),
        feed=scope.feed,
        identity=identity,
        content_hash="",
        guid=guid[:MAX_URL] or None,
        link=link,
        canonical_link=canonical(link) if link else None,
        title=title,
        summary=texts.summary.plain,
        content=texts.content.plain,
        summary_html=texts.summary.html,
        content_html=texts.content.html,
        published=published,
        unread_date=None if published else particulars.name(raw.published or raw.updated) or None,
        updated=updated,
        authors=(
            particulars.people(raw.authors, base) or particulars.people(scope.authors, scope.base)
        ),
        categories=_categories(raw.categories),
        enclosures=enclosures,
        image=resolve(base, raw.image or "") or _picture(enclosures),
        language=language_of(
            normalise_tag(raw.language) or scope.language,
            (title, texts.summary.plain, texts.content.plain),
        ),
        normalised_by=VERSION,
        details=particulars.details(raw.details, base),
    )
    entry = _without(unhashed, marked(title, texts.summary.blocks, texts.content.blocks))
    return replace(entry, content_hash=content_hash(entry))


def content_hash(entry: Entry) -> str:
    """Return the hex sha256 of what readers and rules see of an entry.

    Dates alone, markup, white space, tracking parameters and the parameters of enclosures
    (tokens that expire) make no revision; pictures and the language do not either, nor what is
    marked as leading elsewhere. What is only repeated counts: how often changes with the feed.
    """
    entry = replace(
        entry, boilerplate=tuple(part for part in entry.boilerplate if part.reason == "marked")
    )
    parts = (
        entry.title,
        single_line(counted(entry, "summary")),
        single_line(counted(entry, "content")),
        entry.canonical_link or "",
        *sorted(person.name or person.email or person.url for person in entry.authors),
        "",
        *sorted(category.term for category in entry.categories),
        "",
        *(canonical(enclosure.url).partition("?")[0] for enclosure in entry.enclosures),
    )
    return sha256("\n".join(parts).encode()).hexdigest()


def _identity(raw: RawEntry, guid: str, link: str | None, text: str) -> str:
    """Return the identity of an entry that shares it with no other of the document.

    A link to a part of a page (``changes#v2``) names the part; one to the front page names
    nothing, unless there is nothing else to go by.
    """
    title = _one_line(raw.title.value if raw.title else None)
    dated = _one_line(raw.published or raw.updated)
    known = canonical(link) if link else ""
    is_named = link and (names_a_page(known) or not (title or text))
    named = page(link, known) if link and is_named else None
    return identity_key(guid, named, title, dated, single_line(text))


def _texts(raw: RawEntry, base: str | None, page: str | None) -> _Texts:
    summary, content = _read(raw.summary, base, page), _read(raw.content, base, page)
    if summary.plain and single_line(summary.plain) == single_line(content.plain):
        summary = _Text()  # said once, not twice
    return _Texts(summary, content)


def _read(text: RawText | None, base: str | None, page: str | None = None) -> _Text:
    """Return a text as plain text and as safe markup."""
    if text is None or not text.value:
        return _Text()
    html = from_text(text.value) if text.kind == "text" else text.value
    own_base = resolve(base, text.base or "") or base
    laid_out = blocks(html)
    plain = "\n\n".join(block.text for block in laid_out)[:MAX_TEXT].rstrip()
    return _Text(plain, sanitise(html, own_base, page), laid_out)


def _repeats(summary: str, content: str) -> bool:
    """Tell whether every word of the summary stands in the content."""
    if not summary or not content:
        return False
    return set(index_words(summary).split(" ")) <= {*index_words(content).split(" "), BLOCK_END}


def _without(entry: Entry, parts: Iterable[Boilerplate]) -> Entry:
    """Return an entry of which these parts, beside those told before, count no more."""
    told = {(part.field, part.start): part for part in (*parts, *entry.boilerplate)}
    longest = {"summary": len(entry.summary), "content": len(entry.content)}
    kept = sorted(
        (
            replace(part, end=min(part.end, longest[part.field]))
            for part in told.values()
            if part.start < longest[part.field]
        ),
        key=lambda part: (part.field, part.start),
    )
    entry = replace(entry, boilerplate=tuple(kept))
    repeats = _repeats(counted(entry, "summary"), counted(entry, "content"))
    return replace(entry, summary_repeats=repeats)


def _dates(raw: RawEntry, scope: _Scope) -> tuple[Dated | None, Dated | None]:
    known = scope.dates
    if raw.language:
        known = clues(normalise_tag(raw.language), scope.addresses, known.order)
    # A comment in a date is no part of it, but is kept with it.
    updated = read_date(printable(raw.updated or ""), element="updated", clues=known)
    published = read_date(printable(raw.published or ""), clues=known)
    return published or updated, updated


def _categories(categories: Iterable[Category]) -> tuple[Category, ...]:
    tidied = (
        Category(
            particulars.name(category.term),
            particulars.name(category.scheme) or None,
            particulars.name(category.label) or None,
        )
        for category in categories
    )
    return particulars.first_few(category for category in tidied if category.term)


def _picture(enclosures: tuple[Enclosure, ...]) -> str | None:
    pictures = (one.url for one in enclosures if (one.media_type or "").startswith("image/"))
    return next(pictures, None)


# --- entries of one document --------------------------------------------------------------------


def _without_repeated(
    entries: tuple[Entry, ...], known: tuple[Fingerprints, ...]
) -> tuple[Entry, ...]:
    found = repeated(entries, known)
    return tuple(
        _without(entry, found[entry.id]) if found.get(entry.id) else entry for entry in entries
    )


def _distinct(entries: list[Entry]) -> tuple[Entry, ...]:
    """Tell apart what shares an identity and differs, and keep one of what does not differ.

    All of those that share it are told apart, not the second alone: which comes first in the
    document changes from poll to poll.
    """
    differences: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        differences[entry.identity].add(_difference(entry))
    kept: dict[str, Entry] = {}
    for entry in entries:
        alone = len(differences[entry.identity]) == 1
        own = (
            entry
            if alone
            else _with_identity(entry, told_apart(entry.identity, _difference(entry)))
        )
        other = kept.get(own.identity)
        kept[own.identity] = own if other is None or _date(own) > _date(other) else other
    return tuple(kept.values())


def _difference(entry: Entry) -> str:
    """Return what tells entries with one guid, or without one with one link, apart.

    With one guid and one page they are one entry and its correction; a guid that a template
    gives to all, where no link names a page, leaves the titles.
    """
    link, known = entry.link, entry.canonical_link
    if not entry.guid or not link or not known:
        return entry.title
    return place(link, known) if names_a_page(known) else place(link, known) + entry.title


def _with_identity(entry: Entry, identity: str) -> Entry:
    return replace(entry, identity=identity, id=entry_id(entry.feed, identity))


def _date(entry: Entry) -> datetime:
    dated = entry.updated or entry.published
    return dated.at if dated else _LONG_AGO


# --- small parts --------------------------------------------------------------------------------


def _one_line(raw: str | None) -> str:
    return single_line(printable(raw or ""))
