"""What a visit teaches of how its feed is asked next: where, with which validators, in what way.

Pure: `aggregator.manners` and `aggregator.moving` decide, here they are told what came.
"""

from dataclasses import dataclass, replace
from typing import assert_never

from aggregator import manners, moving
from aggregator.errors import FetchError, NotAFeedError
from aggregator.model.feeds import FeedState, Manners, Moving, Rhythm, Validators
from aggregator.model.fetching import Document, Gone, NotModified
from aggregator.moving import Way
from aggregator.pipeline import Answered, Failed, Read, Same, Visit

_ABSENT = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class Approach:
    """How a feed is asked from now on; fields as in `FeedState`."""

    fetch_url: str
    moving: Moving | None
    validators: Validators
    body_hash: str | None
    manners: Manners


def approach(
    visited: Visit, came: Answered, rhythm: Rhythm, *, news: bool, shared: bool
) -> Approach:
    """Return how a feed is asked after a visit.

    ``rhythm`` is what is known by now; ``news`` says that some entries are not as they were,
    ``shared`` that some were known before.
    """
    state = visited.state
    way = _way(visited, came, shared=shared)
    return Approach(
        fetch_url=way.fetch_url,
        moving=way.moving,
        validators=moving.issued_by(_validators(state, came), state.fetch_url, way),
        body_hash=_body_hash(state, came),
        manners=replace(
            manners.learned(state, rhythm, _answer(visited, came, news=news)),
            pages=_pages(state, came),
        ),
    )


def _pages(state: FeedState, came: Answered) -> int:
    """Return how many documents in a row were no feed; none at all speaks for neither."""
    match came:
        case Failed(NotAFeedError(), _, Document()):
            return state.manners.pages + 1
        case Failed():
            return state.manners.pages
        case Read() | Same() | NotModified() | Gone():
            return 0
        case _:
            assert_never(came)


def _way(visited: Visit, came: Answered, *, shared: bool) -> Way:
    state = visited.state
    match came:
        case Read(document, reading):
            said = (reading.feed.title, reading.feed.link)
            is_this_feed = (
                state.last_success_at is None or shared or said == (state.title, state.link)
            )
            return moving.led(
                state, document.permanent, document.fetched_at, to_this_feed=is_this_feed
            )
        case Same(document):
            return moving.led(state, document.permanent, document.fetched_at, to_this_feed=True)
        case NotModified():
            return moving.led(state, came.permanent, came.fetched_at, to_this_feed=True)
        case Gone() | Failed():
            return moving.lost(state) if _is_absent(visited, came) else _unmoved(state)
        case _:
            assert_never(came)


def _unmoved(state: FeedState) -> Way:
    return Way(state.fetch_url, state.moving)


def _is_absent(visited: Visit, came: Gone | Failed) -> bool:
    """Tell whether the old address itself has answered that nothing is there, after no redirect."""
    if len(visited.asked) != 1:
        return False
    return isinstance(came, Gone) or _status(came) in _ABSENT


def _validators(state: FeedState, came: Answered) -> Validators:
    """Return the validators to keep: those of the last answer that was read to its end."""
    match came:
        case Read(document) | Same(document):
            return document.validators
        case NotModified():
            return came.validators
        case Gone() | Failed():
            return state.validators
        case _:
            assert_never(came)


def _body_hash(state: FeedState, came: Answered) -> str | None:
    """Return what a document must have to be the one of last time.

    After one that held only what was new, none is: what it left out may have left the feed.
    """
    match came:
        case Read(document) | Same(document):
            return None if document.partial else document.body_hash
        case NotModified() | Gone() | Failed():
            return state.body_hash
        case _:
            assert_never(came)


def _answer(visited: Visit, came: Answered, *, news: bool) -> manners.Answer:
    match came:
        case Read(document) | Same(document):
            return manners.Whole(
                document.fetched_at,
                document.validators,
                document.profile,
                same=isinstance(came, Same),
                news=news,
                conditional=bool(visited.asked) and visited.asked[-1].hop.conditional,
                max_age=document.max_age,
            )
        case NotModified():
            return manners.Unmodified(came.fetched_at, came.named, came.max_age)
        case Gone():
            return manners.Refused(came.fetched_at, 410)
        case Failed():
            return manners.Refused(came.at, _status(came))
        case _:
            assert_never(came)


def _status(failed: Failed) -> int | None:
    """Return the status of an answer without a document."""
    return failed.error.status if isinstance(failed.error, FetchError) else None
