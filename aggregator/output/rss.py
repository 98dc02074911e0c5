"""RSS 2.0 (rssboard.org/rss-specification), with the modules that its profile recommends."""

from collections.abc import Sequence
from html import escape

from lxml import etree

from aggregator.dates import rfc822, rfc3339
from aggregator.model.details import Comments
from aggregator.model.entries import Entry, Source, TaggedEntry
from aggregator.output.addresses import enclosure_url, file_type, uri
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
    source_url,
    updated_at,
)
from aggregator.output.xml import (
    ATOM,
    HISTORY,
    add,
    content_html,
    document,
    qualified,
    summary_html,
)

CONTENT = "http://purl.org/rss/1.0/modules/content/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
LICENSES = "http://backend.userland.com/creativeCommonsRssModule"
COMMENTS = "http://wellformedweb.org/CommentAPI/"

_NAMESPACES = {
    "atom": ATOM,
    "content": CONTENT,
    "dc": DUBLIN_CORE,
    "fh": HISTORY,
    "wfw": COMMENTS,
    "creativeCommons": LICENSES,
    **NAMESPACES,
}


def render(channel: Channel, entries: Sequence[TaggedEntry]) -> bytes:
    """Return an RSS document; the same entries give the same bytes.

    A channel must have a link: without a site's, the feed's own address or id stands in.
    """
    published = publications(entries, channel.ids)
    rss = etree.Element("rss", nsmap=_NAMESPACES, version="2.0")
    element = add(rss, "channel")
    add(element, "title", _plain(channel.title))
    add(element, "link", uri(channel.site_url) or uri(channel.self_url) or channel.id)
    add(element, "description", _plain(channel.description or channel.title))
    add(element, "generator", f"{GENERATOR} {channel.version}".strip())
    if published:
        add(element, "lastBuildDate", rfc822(updated_at(published)))
    _add_link(element, "self", self_address(channel), "application/rss+xml")
    _add_history(element, channel)
    for publication in published:
        _add_item(element, publication, channel)
    return document(rss)


def _add_history(element: etree._Element, channel: Channel) -> None:
    """Say which hub tells of changes, and where other pages are (WebSub §4, RFC 5005)."""
    if hub := uri(channel.hub):
        _add_link(element, "hub", hub)
    for relation, address in channel.links:
        _add_link(element, relation, uri(address), "application/rss+xml")
    if channel.is_archive:
        add(element, qualified(HISTORY, "archive"))


def _add_link(
    parent: etree._Element, relation: str, address: str | None, kind: str | None = None
) -> None:
    if address:
        add(parent, qualified(ATOM, "link"), rel=relation, type=kind, href=address)


def _add_item(parent: etree._Element, publication: Publication, channel: Channel) -> None:
    entry = publication.tagged.entry
    item = add(parent, "item")
    link = uri(entry.link)
    add(item, "title", _plain(publication.title))
    if link:
        add(item, "link", link)
    add(item, "guid", publication.id, isPermaLink="true" if publication.id == link else "false")
    if publication.published_at:
        add(item, "pubDate", rfc822(publication.published_at))
    if publication.modified_at:
        add(item, qualified(ATOM, "updated"), rfc3339(publication.updated_at))
    _add_texts(item, entry)
    for name in filter(None, map(person_name, entry.authors)):
        add(item, qualified(DUBLIN_CORE, "creator"), name)
    if code := known_language(entry):
        add(item, qualified(DUBLIN_CORE, "language"), code)
    _add_categories(item, publication.tagged)
    _add_files(item, entry)
    _add_source(item, publication.tagged.source)
    _add_details(item, publication)
    if channel.evidence:
        add_evidence(item, publication.tagged)


def _add_details(item: etree._Element, publication: Publication) -> None:
    told = publication.tagged.entry.details
    comments = told.comments or Comments()
    for person in told.contributors:
        if person_name(person) and not has_part(person):
            add(item, qualified(DUBLIN_CORE, "contributor"), person_name(person))
    if page := uri(comments.url):
        add(item, "comments", page)
    if feed := uri(comments.feed_url):
        add(item, qualified(COMMENTS, "commentRss"), feed)
    if rights := without_markup(clean(told.rights).strip()):
        add(item, qualified(DUBLIN_CORE, "rights"), rights)
    if address := uri(told.license):
        add(item, qualified(LICENSES, "license"), address)
    for address in publication.related:
        _add_link(item, "related", address)


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
        if term := without_markup(clean(category.term).strip()):
            add(item, "category", term, domain=category_scheme(category.scheme))


def _add_files(item: etree._Element, entry: Entry) -> None:
    """Add the first enclosure, the others and all details as Media RSS.

    Readers disagree on more than one enclosure. The length is required: 0 when unknown, as the
    profile asks.
    """
    first = next((file for file in entry.enclosures if enclosure_url(file.url)), None)
    if first:
        length, kind = str(size_bytes(first) or 0), file_type(first.media_type, first.url)
        add(item, "enclosure", url=enclosure_url(first.url), length=length, type=kind)
    add_modules(item, entry, (first,) if first else ())


def _add_source(item: etree._Element, source: Source) -> None:
    """Credit the origin; a feed read from a file is told by its site, or not at all."""
    if address := source_url(source) or uri(source.link):
        add(item, "source", _plain(credit(source)), url=address)


def _plain(text: str) -> str:
    """Return plain text for an element that readers take for HTML when it looks like it."""
    return escape(text, quote=False) if looks_like_markup(text) else text
