"""Where a feed's document belongs: its own address, its hubs, its other pages and its archives.

::

    <atom:link rel="self" href="…"/>                    in Atom, and in the channel of RSS
    <cloud domain="…" port="80" path="/" protocol="…"/>  of RSS 2.0 (rssCloud), in RSS alone
    "feed_url": "…", "next_url": "…", "hubs": […]        in JSON Feed
    <fh:complete/>                                       every entry there is (RFC 5005 §2)
"""

import re
from collections.abc import Iterable

from aggregator.model.fetching import Link
from aggregator.parse.dictionaries import Found, dictionaries, string
from aggregator.urls import as_written

HISTORY = "http://purl.org/syndication/history/1.0"
"""The namespace of RFC 5005."""

COMPLETE = "complete"
"""Under which name feedparser's dictionary of a feed says that it holds every entry."""

MOST_LINKS = 50
"""How many of a document's links are kept."""

RELATIONS = frozenset(
    {"self", "hub", "current", "first", "last", "next", "previous", "prev-archive", "next-archive"}
)
"""The links that are about the document; an ``alternate`` is about its subject."""

IANA = "http://www.iana.org/assignments/relation/"
"""What stands before a relation that is written as an IRI (RFC 4287 §4.2.7.2)."""

_PORT = re.compile(r"[0-9]{1,5}")


def links(feed: Found) -> tuple[Link, ...]:
    """Return the links in a feed's head, as feedparser found them."""
    read = (link for one in dictionaries(feed, "links") for link in _link(one))
    return _each_once((*read, *_cloud(feed)))


def is_complete(feed: Found) -> bool:
    """Tell whether the feed says that it holds every entry there is."""
    # A made-up element of that name holds a text.
    return COMPLETE in feed and feed[COMPLETE] is True


def json_links(
    base: str, own: str | None, following: str | None, hubs: Iterable[tuple[str, str]]
) -> tuple[Link, ...]:
    """Return the links of a JSON Feed: its own address, its next page, hubs by type and URL."""
    named = (
        ("self", own),
        ("next", following),
        *(("cloud" if kind.lower() == "rsscloud" else "hub", url) for kind, url in hubs),
    )
    return _each_once(
        Link(relation, url)
        for relation, written in named
        if written and (url := as_written(base, written))
    )


def _link(found: Found) -> Iterable[Link]:
    """Return a link once for each of its relations; their names may be whole IRIs (RFC 4287)."""
    url = as_written(string(found, "within"), string(found, "written") or "")
    if url is None:
        return
    for relation in (string(found, "rel") or "").lower().replace(IANA, "").split():
        if relation in RELATIONS:
            yield Link(relation, url, string(found, "declared"), string(found, "title") or "")


def _cloud(feed: Found) -> Iterable[Link]:
    cloud = feed["cloud"] if "cloud" in feed else None  # noqa: SIM401 - see `Found`
    if not isinstance(cloud, dict):
        return
    host, port = string(cloud, "domain") or "", string(cloud, "port") or "80"
    protocol = (string(cloud, "protocol") or "").lower()
    scheme = "https" if protocol == "https-post" or port == "443" else "http"
    path = (string(cloud, "path") or "/").removeprefix("/")
    url = as_written(None, f"{scheme}://{host}:{port}/{path}") if _PORT.fullmatch(port) else None
    if url is not None:
        yield Link("cloud", url)


def _each_once(links: Iterable[Link]) -> tuple[Link, ...]:
    return tuple(dict.fromkeys(links))[:MOST_LINKS]
