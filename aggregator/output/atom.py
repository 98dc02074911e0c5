"""Atom 1.0 (RFC 4287)."""

from collections.abc import Sequence
from html import escape

from lxml import etree

from aggregator.dates import rfc3339
from aggregator.model.entries import Entry, Source, TaggedEntry
from aggregator.output.addresses import email, media_type, uri
from aggregator.output.channel import GENERATOR, Channel
from aggregator.output.characters import clean, looks_like_markup
from aggregator.output.publication import (
    TAG_SCHEME,
    Publication,
    category_scheme,
    credit,
    language,
    person_name,
    publications,
    size_bytes,
    source_id,
    source_url,
    updated_at,
)
from aggregator.output.xml import (
    ATOM,
    LANGUAGE,
    MEDIA,
    add,
    content_html,
    document,
    qualified,
    summary_html,
)

_NAMESPACES = {None: ATOM, "media": MEDIA}


def render(channel: Channel, entries: Sequence[TaggedEntry]) -> bytes:
    """Return an Atom document; the same entries give the same bytes."""
    published = publications(entries)
    # lxml takes None for the default namespace; its stubs do not know.
    feed = etree.Element(qualified(ATOM, "feed"), nsmap=_NAMESPACES)  # type: ignore[arg-type]
    _add_text(feed, "title", channel.title)
    if channel.description:
        _add_text(feed, "subtitle", channel.description)
    _add(feed, "id", channel.id)
    _add(feed, "updated", rfc3339(updated_at(published)))
    _add(feed, "generator", GENERATOR, version=channel.version or None)
    if channel.self_url:
        _add(feed, "link", rel="self", type="application/atom+xml", href=uri(channel.self_url))
    if channel.site_url:
        _add(feed, "link", rel="alternate", href=uri(channel.site_url))
    for publication in published:
        _add_entry(feed, publication, channel)
    return document(feed)


def _add_entry(feed: etree._Element, publication: Publication, channel: Channel) -> None:
    entry = publication.tagged.entry
    element = _add(feed, "entry")
    if code := language(entry):
        element.set(LANGUAGE, code)
    _add_text(element, "title", publication.title)
    _add(element, "id", publication.id)
    _add(element, "updated", rfc3339(publication.updated_at))
    if publication.date:
        _add(element, "published", rfc3339(publication.date.at))
    _add_authors(element, publication.tagged)
    _add_links(element, entry)
    _add_categories(element, publication.tagged, channel)
    _add_texts(element, publication)
    _add_source(element, publication)
    if image := uri(entry.image):
        add(element, qualified(MEDIA, "thumbnail"), url=image)


def _add_authors(element: etree._Element, tagged: TaggedEntry) -> None:
    """Add the authors; where the publisher names none, the feed stands in (RFC 4287 §4.1.2)."""
    people = [person for person in tagged.entry.authors if person_name(person)]
    for person in people:
        author = _add(element, "author")
        _add(author, "name", person_name(person))
        if address := uri(person.url):
            _add(author, "uri", address)
        if mailbox := email(person.email):
            _add(author, "email", mailbox)
    if not people:
        _add(_add(element, "author"), "name", credit(tagged.source))


def _add_links(element: etree._Element, entry: Entry) -> None:
    if address := uri(entry.link):
        _add(element, "link", rel="alternate", href=address)
    for enclosure in entry.enclosures:
        if address := uri(enclosure.url):
            size = size_bytes(enclosure)
            _add(
                element,
                "link",
                rel="enclosure",
                type=media_type(enclosure.media_type),
                length=None if size is None else str(size),
                href=address,
            )


def _add_categories(element: etree._Element, tagged: TaggedEntry, channel: Channel) -> None:
    for tag in tagged.tags:
        label = channel.tag_titles.get(tag.name, tag.name)
        _add(element, "category", scheme=TAG_SCHEME, term=tag.name, label=label)
    for category in tagged.entry.categories:
        if term := clean(category.term).strip():
            scheme = category_scheme(category.scheme)
            _add(element, "category", scheme=scheme, term=term, label=category.label or None)


def _add_texts(element: etree._Element, publication: Publication) -> None:
    """Add summary and content; an entry without a link must have content (RFC 4287 §4.1.2)."""
    entry = publication.tagged.entry
    summary, content = summary_html(entry), content_html(entry)
    if summary:
        _add(element, "summary", summary, type="html")
    if not content and uri(entry.link) is None:
        content = summary or escape(publication.title, quote=False)
    if content:
        _add(element, "content", content, type="html")


def _add_source(element: etree._Element, publication: Publication) -> None:
    """Credit the origin (RFC 4287 §4.2.11).

    Its ``updated`` is the entry's: the feed changed at that instant, and what we publish of an
    entry does not change because another has come.
    """
    origin: Source = publication.tagged.source
    source = _add(element, "source")
    _add_text(source, "title", credit(origin))
    _add(source, "id", source_id(origin))
    _add(source, "updated", rfc3339(publication.updated_at))
    if address := source_url(origin):
        _add(source, "link", rel="self", href=address)
    if address := uri(origin.link):
        _add(source, "link", rel="alternate", href=address)


def _add(
    parent: etree._Element, name: str, text: str = "", **attributes: str | None
) -> etree._Element:
    return add(parent, qualified(ATOM, name), text, **attributes)


def _add_text(parent: etree._Element, name: str, plain: str) -> None:
    """Add a text construct (RFC 4287 §3.1); declared HTML where it could be taken for it."""
    if looks_like_markup(plain):
        _add(parent, name, escape(plain, quote=False), type="html")
    else:
        _add(parent, name, plain)
