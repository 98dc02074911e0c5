"""The first half of a poll: a publisher is asked, and what it answers is read.

::

    visit    state ─▶ request ─▶ Document ─▶ RawFeed ─▶ Feed, Entries   I/O: thread, process
    settle   visit, known ─▶ changes ─▶ tags ─▶ next poll ─▶ Refresh    pure: `settling`

A failure is a result as well: nothing that a publisher does ends a run.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from shlex import quote

from aggregator.boilerplate.repeated import remembered
from aggregator.errors import FeedError, NotAFeedError, ParserFailedError, UrlUnusableError
from aggregator.fetch.asking import request
from aggregator.fetch.location import shown
from aggregator.fetch.posting import Letter
from aggregator.manners import is_to_look_for
from aggregator.model.boilerplate import Fingerprints
from aggregator.model.entries import Entry, Feed
from aggregator.model.feeds import FeedState
from aggregator.model.fetching import Document, Fetched, FetchRequest, Gone, Hop, Link, NotModified
from aggregator.model.polls import Asked, Further
from aggregator.normalise import normalise
from aggregator.parse.discovery import FoundFeed, find_feeds
from aggregator.parse.document import parse_document
from aggregator.polling import Wishes
from aggregator.urls import without_credentials
from aggregator.wording import counted

Clock = Callable[[], datetime]
"""The present instant, aware and in UTC."""


Tell = Callable[[Hop], object]
"""Is told of a request when it has ended, whatever came of it."""

Fetch = Callable[[FetchRequest, Tell], Fetched]
"""Makes a poll's requests and tells of each; raises `FetchError`."""


Post = Callable[[Letter, str, Tell], None]
"""Sends something under our User-Agent, tells of each request; raises `FetchError`."""


def nowhere(letter: Letter, _user_agent: str, _tell: Tell) -> None:
    """Send nothing, where nobody listens to hubs. Raises `UrlUnusableError`."""
    raise UrlUnusableError(f"Nothing is sent to {shown(letter.url)}: nobody would hear the answer.")


Find = Callable[[Document], tuple[FoundFeed, ...]]
"""Says which feeds a document names that is none; raises `ParseError`."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document holds: made in a worker process, so every part of it can be pickled.

    ``links`` are those of its headers, then its own. ``complete`` says that the feed has no
    other entries (RFC 5005 §2). ``fingerprints`` are to be remembered of the feed's texts.
    """

    feed: Feed
    entries: tuple[Entry, ...]
    wishes: Wishes
    links: tuple[Link, ...] = ()
    complete: bool = False
    fingerprints: tuple[Fingerprints, ...] = ()


Reads = Callable[[Document, str, tuple[Fingerprints, ...]], Reading]
"""Reads a document of the feed of that key, of whose texts this much is remembered."""


@dataclass(frozen=True, slots=True)
class Read:
    """A document that was read."""

    document: Document
    reading: Reading


@dataclass(frozen=True, slots=True)
class Same:
    """A document whose every byte is that of last time; it was not parsed again."""

    document: Document


@dataclass(frozen=True, slots=True)
class Part:
    """A document that holds some entries of a feed: pushed by its hub, or out of its archive.

    That it does not hold others says nothing about them. ``is_news`` says that they have just
    been published; ``walk`` is how it was come by, if it is an older one.
    """

    document: Document
    reading: Reading
    is_news: bool = False
    walk: Further | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """No document (``document`` is None), or one that cannot be read."""

    error: FeedError
    at: datetime
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class Missed:
    """An older document that did not come: that says nothing about the feed itself."""

    error: FeedError
    at: datetime


Answered = Read | Same | NotModified | Gone | Failed
"""What comes of asking for a feed."""

Came = Answered | Part | Missed


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of asking one publisher, before anything is decided about it.

    ``asked`` are the requests that were made, in order.
    """

    state: FeedState
    started_at: datetime
    ended_at: datetime
    came: Came
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """The outside world, as far as a visit touches it.

    ``read`` is `read` of this module, ``find`` says which feeds a page names: both within limits
    of time and memory; ``post`` sends a form. All are called by many threads.
    """

    fetch: Fetch
    read: Reads
    clock: Clock
    user_agent: str
    post: Post = nowhere
    find: Find = find_feeds


def read(document: Document, key: str, known: tuple[Fingerprints, ...] = ()) -> Reading:
    """Parse and normalise a document: the work of a worker process. Raises `ParseError`."""
    raw = parse_document(document)
    feed, entries = normalise(raw, key=key, url=document.url, known=known)
    wishes = Wishes(raw.ttl, raw.update_period, raw.skip_hours, raw.skip_days)
    links = (*document.links, *raw.links)
    return Reading(feed, entries, wishes, links, raw.complete, remembered(entries, known))


def visit(state: FeedState, edge: Edge) -> Visit:
    """Ask a publisher for its document and read it; a failure is a result as well."""
    started_at = edge.clock()
    hops: list[Hop] = []
    came = _come(state, edge, hops.append)
    asked = tuple(
        Asked(hop, "redirect" if number else "poll", state.due_reason)
        for number, hop in enumerate(hops)
    )
    return Visit(state, started_at, edge.clock(), came, asked)


def _come(state: FeedState, edge: Edge, tell: Tell) -> Answered:
    try:
        fetched = edge.fetch(request(state, user_agent=edge.user_agent), tell)
    except FeedError as error:
        return Failed(error, edge.clock())
    if not isinstance(fetched, Document):
        return fetched
    if fetched.body_hash == state.body_hash and not fetched.partial:
        return Same(fetched)
    try:
        return Read(fetched, edge.read(fetched, state.key, state.fingerprints))
    except NotAFeedError as error:
        return Failed(_suggested(state, edge, fetched) or error, edge.clock(), fetched)
    except FeedError as error:
        return Failed(error, edge.clock(), fetched)


def _suggested(state: FeedState, edge: Edge, page: Document) -> NotAFeedError | None:
    """Return what to do about a page that has stood in for the feed so often that it may stay.

    What it names is read from the body that is there; nobody is asked for it.
    """
    if not is_to_look_for(state.manners):
        return None
    try:
        named = [found.url for found in edge.find(page) if found.url != state.fetch_url]
    except FeedError:
        return None
    if not named:
        return None
    times = state.manners.pages + 1
    others = f" (and {counted(len(named) - 1, 'other')})" if named[1:] else ""
    there = f"`aggregator feeds move {quote(state.name)} {quote(named[0])}` goes there"
    return NotAFeedError(
        f"{page.url} has been a web page {times} times in a row. It names the feed"
        f" {named[0]}{others}: {there}."
    )


def mistaken(key: str, error: Exception, at: datetime) -> Failed:
    """Return what a mistake of ours makes of the poll of one feed: that it failed."""
    address, what = without_credentials(key), repr(error)[:_TOLD]
    told = f"Reading {address} failed inside the aggregator ({what}): please report it."
    return Failed(ParserFailedError(told), at)


_TOLD = 300
"""Characters of an unforeseen exception that are told: some carry the whole document."""
