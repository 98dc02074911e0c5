"""What is found at an address that somebody gives: a feed, or a web page and the feeds it names.

::

    the address ─▶ a feed
                └▶ a page ─▶ named in its Link headers, then in the page    listed
                          └▶ none: robots.txt ─▶ a few usual paths ─▶ a feed

Only ever at somebody's wish, never when feeds are polled. robots.txt is asked for what we guess
alone: what somebody named, or a page names, is no crawling.
"""

from dataclasses import dataclass, replace
from typing import Literal, assert_never

from aggregator.errors import (
    EmptyBodyError,
    FeedError,
    FetchError,
    HttpStatusError,
    NotAFeedError,
)
from aggregator.fetch.location import shown
from aggregator.fetch.robots import allows
from aggregator.model.boilerplate import Fingerprints
from aggregator.model.feeds import FeedState, Rhythm
from aggregator.model.fetching import Document, Gone, NotModified
from aggregator.model.polls import Asked, Purpose
from aggregator.parse.discovery import FoundFeed
from aggregator.parse.encoding import decode
from aggregator.parse.sniff import WebPage, sniff
from aggregator.pipeline import Edge, Failed, Missed, Part, Read, Reading, Same, Visit, visit
from aggregator.urls import fetchable, resolve

GUESSED = ("/feed", "/rss.xml", "/feed.xml", "/atom.xml")
"""Where feeds are that no page names: at WordPress, Drupal and most generators of static sites.

Every one is a request for what may not be there: four, and no more (openrss.org counts them).
"""

WHY = "somebody looks for a feed there"

Way = Literal["given", "header", "page", "guess"]
"""How an address was found: somebody gave it, a page named it in either place, or we guessed."""

_NOT_THERE = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class AFeed:
    """A feed that was read. ``url`` is what was asked for; ``visit`` is how that went."""

    url: str
    way: Way
    visit: Visit
    document: Document
    reading: Reading


@dataclass(frozen=True, slots=True)
class APage:
    """A web page, and the feeds that it names: one or more."""

    url: str
    feeds: tuple[FoundFeed, ...]


class Scout:
    """Looks for feeds, one request after the other; ``asked`` are all of them so far."""

    def __init__(self, edge: Edge) -> None:
        self._edge = edge
        self.asked: list[Asked] = []

    def polled(self, found: AFeed) -> Visit:
        """Return how a feed was found, as its first poll, with every request that led there."""
        own = found.visit.asked
        return replace(found.visit, asked=(*self.asked[: len(self.asked) - len(own)], *own))

    def look(self, location: str) -> AFeed | APage:
        """Ask for a location, and say what is there.

        Raises `FeedError` where nothing can be had, or it is neither a feed nor leads to one.
        """
        found = self._seen(location, "given")
        if isinstance(found, AFeed):
            return found
        document, error = found
        named = self._edge.find(document)
        if named:
            return APage(document.url, named)
        if not isinstance(sniff(decode(document.body, document.content_type).text), WebPage):
            raise error
        guessed = self._guess(document.url)
        if guessed is None:
            raise NotAFeedError(
                f"{document.url} is a web page that names no feed: look for the address of one"
                " on it."
            )
        return guessed

    def fetch(self, named: FoundFeed) -> AFeed:
        """Ask for a feed that a page names. Raises `FeedError`, if it is none as well."""
        found = self._seen(named.url, named.named_in)
        if isinstance(found, AFeed):
            return found
        document, error = found
        if isinstance(sniff(decode(document.body, document.content_type).text), WebPage):
            raise NotAFeedError(
                f"{document.url}, which a web page calls its feed, is a web page itself."
            )
        raise error

    def _guess(self, page: str) -> AFeed | None:
        """Try the usual paths, as far as the site's robots.txt lets us."""
        places = [resolve(page, path) for path in GUESSED] if fetchable(page) else []
        if not places:
            return None
        robots = self._robots(page)
        for place in places:
            if robots is None or place is None or place == page or not allows(robots, place):
                continue
            try:
                found = self._seen(place, "guess")
            except FetchError as error:
                if error.status not in _NOT_THERE:
                    # Whoever is out of order, or has had enough of us, is not asked on.
                    return None
                continue
            except FeedError:
                continue
            if isinstance(found, AFeed):
                return found
        return None

    def _robots(self, page: str) -> bytes | None:
        """Return a site's robots.txt, None where it forbids everything.

        RFC 9309 §2.3.1: one that is not there (4xx) allows everything, one that cannot be had
        (5xx, or no answer) nothing.
        """
        visited = self._visit(resolve(page, "/robots.txt") or page, "robots", unread=True)
        match visited.came:
            case Read(document) | Same(document) | Part(document):
                return document.body
            case Failed(document=Document(body=body)):
                return body
            case Failed(EmptyBodyError()) | Gone():
                return b""
            case Failed(HttpStatusError(status=int(status))) if 400 <= status < 500:
                return None if status == 429 else b""
            case Failed() | NotModified() | Missed():
                return None
            case never:
                assert_never(never)

    def _seen(self, location: str, way: Way) -> AFeed | tuple[Document, FeedError]:
        """Return the feed at a location, or what else is there, and why it is none."""
        visited = self._visit(location, "discovery")
        match visited.came:
            case Read(document, reading):
                return AFeed(location, way, visited, document, reading)
            case Failed(NotAFeedError() as error, _, Document() as document):
                return document, error
            case Failed(error):
                raise error
            case Gone():
                raise HttpStatusError(
                    f"{shown(location)} is gone, says its publisher (HTTP 410).", status=410
                )
            case Same() | NotModified() | Part() | Missed():
                raise AssertionError("there was nothing that this could be the same as")
            case never:
                assert_never(never)

    def _visit(self, location: str, purpose: Purpose, *, unread: bool = False) -> Visit:
        state = _nobody(location, self._edge)
        edge = replace(self._edge, read=_refuse) if unread else self._edge
        visited = visit(state, edge)
        self.asked += (replace(one, purpose=purpose) for one in visited.asked)
        return visited


def _refuse(document: Document, _key: str, _known: tuple[Fingerprints, ...]) -> Reading:
    raise NotAFeedError(f"{document.url} is not read as a feed.")


def _nobody(location: str, edge: Edge) -> FeedState:
    """Return the state of a feed of which nothing is known."""
    return FeedState(
        key=location,
        fetch_url=location,
        name=location,
        labels=(),
        token="",
        rhythm=Rhythm(),
        due_at=edge.clock(),
        due_reason=WHY,
    )
