"""Which feeds a web page names: in its Link headers, then in its ``<link rel="alternate">``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lxml import etree, html

from aggregator.model.fetching import Document
from aggregator.parse.encoding import decode
from aggregator.urls import resolve

_FEED_TYPES = frozenset(
    {
        "application/atom+xml",
        "application/feed+json",
        "application/json",
        "application/rdf+xml",
        "application/rss+xml",
        "application/x.atom+xml",
        "application/x-atom+xml",
        "application/xml",
        "text/xml",
    }
)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that a page names; ``url`` is absolute, ``media_type`` the page's claim.

    ``named_in`` is where: the page's Link header, or the page itself.
    """

    url: str
    title: str
    media_type: str
    named_in: Literal["header", "page"] = "page"


def find_feeds(document: Document) -> tuple[FoundFeed, ...]:
    """Return the feeds that ``document`` names as a web page, each address once; total.

    Its Link headers come first. ``application/json`` is what WordPress calls its interface, so it
    counts only if the address or the title speaks of a feed.
    """
    found: dict[str, FoundFeed] = {}
    for feed in (*_in_headers(document), *_in_page(document)):
        if feed.media_type in _FEED_TYPES and _is_meant(feed):
            found.setdefault(feed.url, feed)
    return tuple(found.values())


def _is_meant(feed: FoundFeed) -> bool:
    return feed.media_type != "application/json" or "feed" in f"{feed.url} {feed.title}".lower()


def _in_headers(document: Document) -> Iterator[FoundFeed]:
    for link in document.links:
        if link.relation == "alternate":
            yield FoundFeed(link.url, link.title, link.media_type or "", "header")


def _in_page(document: Document) -> Iterator[FoundFeed]:
    page = _page(decode(document.body, document.content_type).text)
    if page is not None:
        base = next((one.get("href") for one in page.iter("base") if one.get("href")), None)
        within = resolve(document.url, base.strip()) if base else None
        yield from _links(page, within or document.url)


def _page(text: str) -> html.HtmlElement | None:
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    try:
        return html.document_fromstring(text.encode(), parser=parser)
    except etree.LxmlError:  # nothing in it, or deeper than libxml2 allows
        return None


def _links(page: html.HtmlElement, base: str) -> Iterator[FoundFeed]:
    for link in page.iter("link"):
        relations = (link.get("rel") or "").lower().split()
        media_type = (link.get("type") or "").partition(";")[0].strip().lower()
        url = resolve(base, (link.get("href") or "").strip())
        if "alternate" in relations and url is not None:
            title = _SPACE.sub(" ", link.get("title") or "").strip()
            yield FoundFeed(url, title, media_type)
