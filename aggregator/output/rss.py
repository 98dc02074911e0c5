"""RSS 2.0 (rssboard.org/rss-specification), with the modules that its profile recommends."""

from collections.abc import Sequence
from html import escape

from lxml import etree

from aggregator.dates import rfc822
from aggregator.model.entries import Entry, Source, TaggedEntry
from aggregator.output.addresses import enclosure_url, file_type, uri
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
    source_url,
    updated_at,
)
from aggregator.output.xml import ATOM, MEDIA, add, content_html, document, qualified, summary_html

CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"

_NAMESPACES = {"atom": ATOM, "content": CONTENT, "dc": DUBLIN_CORE, "media": MEDIA}


def render(channel: Channel, entries: Sequence[TaggedEntry]) -> bytes:
    """Return an RSS document; the same entries give the same bytes.

    A channel must have a link: without a site's, the feed's own address or id stands in.
    """
    published = publications(entries)
    rss = etree.Element("rss", nsmap=_NAMESPACES, version="2.0")
    element = add(rss, "channel")
    add(element, "title", _plain(channel.title))
    add(element, "link", uri(channel.site_url) or uri(channel.self_url) or channel.id)
    add(element, "description", _plain(channel.description or channel.title))
    add(element, "generator", f"{GENERATOR} {channel.version}".strip())
    if published:
        add(element, "lastBuildDate", rfc822(updated_at(published)))
    if address := uri(channel.self_url):
        name = qualified(ATOM, "link")
        add(element, name, rel="self", type="application/rss+xml", href=address)
    for publication in published:
        _add_item(element, publication)
    return document(rss)


def _add_item(channel: etree._Element, publication: Publication) -> None:
    entry = publication.tagged.entry
    item = add(channel, "item")
    link = uri(entry.link)
    add(item, "title", _plain(publication.title))
    if link:
        add(item, "link", link)
    add(item, "guid", publication.id, isPermaLink="true" if publication.id == link else "false")
    if publication.date:
        add(item, "pubDate", rfc822(publication.date.at))
    _add_texts(item, entry)
    for name in filter(None, map(person_name, entry.authors)):
        add(item, qualified(DUBLIN_CORE, "creator"), name)
    if code := language(entry):
        add(item, qualified(DUBLIN_CORE, "language"), code)
    _add_categories(item, publication.tagged)
    _add_files(item, entry)
    _add_source(item, publication.tagged.source)


def _add_texts(item: etree._Element, entry: Entry) -> None:
    """Add the summary and, after it, the content; content alone is the description.

    ``content:encoded`` without a description shows as nothing in plain readers.
    """
    summary, content = summary_html(entry), content_html(entry)
    if summary or content:
        add(item, "description", summary or content)
    if summary and content:
        add(item, qualified(CONTENT, "encoded"), content)


def _add_categories(item: etree._Element, tagged: TaggedEntry) -> None:
    for tag in tagged.tags:
        add(item, "category", tag.name, domain=TAG_SCHEME)
    for category in tagged.entry.categories:
        if term := clean(category.term).strip():
            add(item, "category", term, domain=category_scheme(category.scheme))


def _add_files(item: etree._Element, entry: Entry) -> None:
    """Add the first enclosure (readers disagree on more than one) and the image.

    The length is required: 0 when unknown, as the profile asks.
    """
    for enclosure in entry.enclosures:
        if address := enclosure_url(enclosure.url):
            length = str(size_bytes(enclosure) or 0)
            kind = file_type(enclosure.media_type, enclosure.url)
            add(item, "enclosure", url=address, length=length, type=kind)
            break
    if image := uri(entry.image):
        add(item, qualified(MEDIA, "thumbnail"), url=image)


def _add_source(item: etree._Element, source: Source) -> None:
    """Credit the origin; a feed read from a file is told by its site, or not at all."""
    if address := source_url(source) or uri(source.link):
        add(item, "source", _plain(credit(source)), url=address)


def _plain(text: str) -> str:
    """Return plain text for an element that readers take for HTML when it looks like it."""
    return escape(text, quote=False) if looks_like_markup(text) else text
