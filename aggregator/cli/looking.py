"""What is found at an address: a feed, or a web page that names some."""

from dataclasses import dataclass
from typing import assert_never

from aggregator.app.polling import World, opened_edge, workers_for
from aggregator.config.settings import PollSettings
from aggregator.errors import FeedError, HttpStatusError, NotAFeedError
from aggregator.model import Document, FeedState, Gone, NotModified, Rhythm
from aggregator.parse.discovery import FoundFeed, find_feeds
from aggregator.parse.encoding import decode
from aggregator.parse.sniff import WebPage, sniff
from aggregator.parse.workers import Workers
from aggregator.pipeline import Edge, Failed, Part, Read, Same, visit


@dataclass(frozen=True, slots=True)
class AFeed:
    """A feed; ``url`` is where it came from, after redirects."""

    url: str
    title: str
    format: str
    entries: int


@dataclass(frozen=True, slots=True)
class APage:
    """A web page, and the feeds that it names: one or more."""

    url: str
    feeds: tuple[FoundFeed, ...]


def look(location: str, settings: PollSettings) -> AFeed | APage:
    """Ask for a location and say what is there; nothing is stored.

    Raises `FeedError` where nothing can be had, or it is neither a feed nor names one.
    """
    with workers_for(1) as workers, opened_edge(settings, World(), workers) as edge:
        return _seen(location, edge, workers)


def _seen(location: str, edge: Edge, workers: Workers) -> AFeed | APage:
    state = FeedState(
        key=location,
        fetch_url=location,
        name=location,
        labels=(),
        token="",
        rhythm=Rhythm(),
        due_at=edge.clock(),
    )
    match visit(state, edge).came:
        case Read(document, reading):
            feed = reading.feed
            return AFeed(document.url, feed.title, feed.format, len(reading.entries))
        case Failed(NotAFeedError() as error, _, Document() as document):
            return _page(document, error, workers)
        case Failed(error):
            raise error
        case Gone():
            raise HttpStatusError(f"{location} is gone, says its publisher (HTTP 410).", status=410)
        case Same() | NotModified() | Part():
            raise AssertionError("there was nothing that this could be the same as")
        case never:
            assert_never(never)


def _page(document: Document, error: FeedError, workers: Workers) -> APage:
    found = workers.run(find_feeds, document)
    if found:
        return APage(document.url, found)
    if isinstance(sniff(decode(document.body, document.content_type).text), WebPage):
        raise NotAFeedError(
            f"{document.url} is a web page that names no feed: look for the address of one on it."
        )
    raise error
