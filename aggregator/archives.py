"""A feed's older documents (RFC 5005): which one is read next, and the errand that reads it.

::

    <link rel="next" href="…?page=2"/>           a page (§3): read where somebody asks for it
    <link rel="prev-archive" href="…/2023"/>     an archive (§4), which never changes: read where
                                                 there is a gap between a poll and the one before

A walk ends where no document is named, at one that was read on the way, or after so many.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from aggregator.errors import HttpStatusError
from aggregator.model.entries import Entry, KnownEntry
from aggregator.model.feeds import FeedState, Validators
from aggregator.model.fetching import Gone, Link, NotModified
from aggregator.model.polls import Further
from aggregator.pipeline import (
    Edge,
    Failed,
    Missed,
    Part,
    Read,
    Reading,
    Same,
    Visit,
    visit,
)
from aggregator.urls import host

MOST = 20
"""How many documents one walk reads at most."""

ARCHIVE = "prev-archive"
PAGE = "next"


def earlier(links: Iterable[Link]) -> Link | None:
    """Return where older entries are: on the next page, else in the archive before."""
    named = tuple(links)
    wanted = (link for relation in (PAGE, ARCHIVE) for link in named if link.relation == relation)
    return next(wanted, None)


def asked_for(link: Link, left: int) -> Further:
    """Return the beginning of a walk that somebody asks for, over so many documents at most."""
    return Further(link.url, link.relation, min(left, MOST), is_wished=True)


def gap(reading: Reading, known: Iterable[KnownEntry], url: str) -> Further | None:
    """Return where to read what was published between two polls and has left the feed since.

    ``known`` are the entries that it is compared with; ``url`` is where the feed came from.
    """
    archive = next((link for link in reading.links if link.relation == ARCHIVE), None)
    before, now = _dates(known), _dates(reading.entries)
    if archive is None or not before or not now or min(now) <= max(before):
        return None
    return Further(archive.url, ARCHIVE, MOST, walked=(url,))


def following(part: Part, *, is_known: bool) -> Further | None:
    """Return what is read after a document of a walk, whose entries were known before or not.

    Where there was a gap, it ends at the first document that holds something known.
    """
    walk, document = part.walk, part.document
    if walk is None or walk.left <= 1 or (is_known and not walk.is_wished):
        return None
    relations = (PAGE, ARCHIVE) if walk.is_wished else (ARCHIVE,)
    link = earlier(link for link in part.reading.links if link.relation in relations)
    walked = (*walk.walked, walk.url, document.url)
    if link is None or link.url in walked:
        return None
    return replace(walk, url=link.url, relation=link.relation, left=walk.left - 1, walked=walked)


def reading_of(further: Further) -> Callable[[FeedState, Edge], Visit]:
    """Return the errand that asks for an older document of the feed."""

    def errand(state: FeedState, edge: Edge) -> Visit:
        visited = visit(_elsewhere(state, further.url), edge)
        asked = tuple(
            replace(one, purpose="archive", reason=_why(further)) for one in visited.asked
        )
        return replace(visited, state=state, came=_came(visited, further), asked=asked)

    return errand


def _elsewhere(state: FeedState, url: str) -> FeedState:
    """Return the state by which another document is asked for as the feed is."""
    trusted = state.insecure and host(url) == host(state.fetch_url)
    return replace(state, fetch_url=url, validators=Validators(), body_hash=None, insecure=trusted)


def _came(visited: Visit, further: Further) -> Part | Missed:
    match visited.came:
        case Read(document, reading):
            return Part(document, reading, walk=further)
        case Failed(error, at):
            return Missed(error, at)
        case Gone() | Same() | NotModified() | Part() | Missed():
            gone = HttpStatusError(f"{further.url} is gone (HTTP 410).", status=410)
            return Missed(gone, visited.ended_at)


def _why(further: Further) -> str:
    return "somebody wants older entries" if further.is_wished else "entries are missing"


def _dates(entries: Iterable[Entry | KnownEntry]) -> list[datetime]:
    return [entry.published.at for entry in entries if entry.published]
