"""Atom 1.0 (RFC 4287)."""

from collections.abc import Sequence
from html import escape

from lxml import etree

from aggregator.dates import rfc3339
from aggregator.model.details import Comments, Person
from aggregator.model.entries import Entry, Source, TaggedEntry
from aggregator.output.addresses import email, media_type, uri
from aggregator.output.channel import GENERATOR, Channel, self_address
from aggregator.output.characters import clean, looks_like_markup, without_markup
from aggregator.output.modules import NAMESPACES, add_evidence, add_modules, has_part
from aggregator.output.publication import (
    TAG_SCHEME,
    Publication,
    category_scheme,
    credit,
    known_language,
    person_name,
    publications,
    size_bytes,
    source_id,
    source_url,
    updated_at,
)
from aggregator.output.xml import (
    ATOM,
    HISTORY,
    LANGUAGE,
    add,
    content_html,
    document,
    qualified,
    summary_html,
)

TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"

_NAMESPACES = {"fh": HISTORY, "at": TOMBSTONES, **NAMESPACES}


def render(channel: Channel, entries: Sequence[TaggedEntry]) -> bytes:
    """Return an Atom document; the same entries give the same bytes."""
    published = publications(entries, channel.ids)
    # lxml takes None for the default namespace; its stubs do not know.
    namespaces: dict[str | None, str] = {None: ATOM}
    namespaces.update(_NAMESPACES)
    feed = etree.Element(qualified(ATOM, "feed"), nsmap=namespaces)  # type: ignore[arg-type]
    _add_text(feed, "title", channel.title)
    if clean(channel.description).strip():
        _add_text(feed, "subtitle", channel.description)
    _add(feed, "id", channel.id)
    _add(feed, "updated", rfc3339(updated_at(published)))
    _add(feed, "generator", GENERATOR, version=channel.version or None)
    _add(feed, "link", rel="self", type="application/atom+xml", href=self_address(channel))
    if address := uri(channel.site_url):
        _add(feed, "link", rel="alternate", href=address)
    _add_history(feed, channel)
    for tombstone in channel.tombstones:
        name = qualified(TOMBSTONES, "deleted-entry")
        add(feed, name, ref=tombstone.id, when=rfc3339(tombstone.at))
    for publication in published:
        _add_entry(feed, publication, channel)
    return document(feed)


def _add_history(feed: etree._Element, channel: Channel) -> None:
    """Say which hub tells of changes, and where other pages are (WebSub §4, RFC 5005)."""
    if hub := uri(channel.hub):
        _add(feed, "link", rel="hub", href=hub)
    for relation, address in channel.links:
        _add(feed, "link", rel=relation, type="application/atom+xml", href=uri(address))
    if channel.is_archive:
        add(feed, qualified(HISTORY, "archive"))


def _add_entry(feed: etree._Element, publication: Publication, channel: Channel) -> None:
    entry = publication.tagged.entry
    element = _add(feed, "entry")
    if code := known_language(entry):
        element.set(LANGUAGE, code)
    _add_text(element, "title", publication.title)
    _add(element, "id", publication.id)
    _add(element, "updated", rfc3339(publication.updated_at))
    if publication.published_at:
        _add(element, "published", rfc3339(publication.published_at))
    _add_authors(element, publication.tagged)
    _add_links(element, publication)
    _add_categories(element, publication.tagged, channel)
    _add_texts(element, publication)
    if rights := without_markup(clean(entry.details.rights).strip()):
        _add(element, "rights", rights)
    _add_source(element, publication)
    add_modules(element, entry, entry.enclosures)
    if channel.evidence:
        add_evidence(element, publication.tagged)


def _add_authors(element: etree._Element, tagged: TaggedEntry) -> None:
    """Add the authors; where the publisher names none, the feed stands in (RFC 4287 §4.1.2)."""
    people = [person for person in tagged.entry.authors if person_name(person)]
    for person in people:
        _add_person(element, "author", person)
    if not people:
        _add(_add(element, "author"), "name", without_markup(credit(tagged.source)))
    for person in tagged.entry.details.contributors:
        if person_name(person) and not has_part(person):
            _add_person(element, "contributor", person)


def _add_person(element: etree._Element, kind: str, person: Person) -> None:
    added = _add(element, kind)
    _add(added, "name", without_markup(person_name(person)))
    if address := uri(person.url):
        _add(added, "uri", address)
    if mailbox := email(person.email):
        _add(added, "email", mailbox)


def _add_links(element: etree._Element, publication: Publication) -> None:
    entry, told = publication.tagged.entry, publication.tagged.entry.details
    comments = told.comments or Comments()
    links = (
        ("alternate", uri(entry.link), None),
        *(("related", address, None) for address in publication.related),
        ("license", uri(told.license), None),
        ("replies", uri(comments.url), "text/html"),
        ("replies", uri(comments.feed_url), None),
    )
    for relation, address, kind in links:
        if address:
            _add(element, "link", rel=relation, type=kind, href=address)
    _add_files(element, entry)


def _add_files(element: etree._Element, entry: Entry) -> None:
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
        label = without_markup(channel.tag_titles.get(tag.name, tag.name))
        _add(element, "category", scheme=TAG_SCHEME, term=tag.name, label=label)
    for category in tagged.entry.categories:
        if term := clean(category.term).strip():
            scheme = category_scheme(category.scheme)
            called = without_markup(category.label or "") or None
            _add(element, "category", scheme=scheme, term=term, label=called)


def _add_texts(element: etree._Element, publication: Publication) -> None:
    """Add summary and content.

    An entry without a link must have content (RFC 4287 §4.1.2), and one without any text is
    none to readers: the title stands for it.
    """
    entry = publication.tagged.entry
    summary, content = summary_html(entry), content_html(entry)
    title = escape(publication.title, quote=False)
    if not content and uri(entry.link) is None:
        content = summary or title
    if summary or not content:
        _add(element, "summary", summary or title, type="html")
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
    parent: etree._Element, name: str, text: str = "", /, **attributes: str | None
) -> etree._Element:
    return add(parent, qualified(ATOM, name), text, **attributes)


def _add_text(parent: etree._Element, name: str, plain: str) -> None:
    """Add a text construct (RFC 4287 §3.1); declared HTML where it could be taken for it."""
    if looks_like_markup(plain):
        _add(parent, name, escape(plain, quote=False), type="html")
    else:
        _add(parent, name, plain)
