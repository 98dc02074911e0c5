"""What one poll comes to: its record, its requests, and all that is to be committed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from aggregator.model.boilerplate import Fingerprints
from aggregator.model.entries import Feed, TaggedEntry
from aggregator.model.feeds import Manners, Moving, Pause, Rhythm, Validators
from aggregator.model.fetching import Distrust, Hop, Link, Offer


class Outcome(StrEnum):
    """How a poll ended; a failure's own code stands beside it."""

    NEW = "new"
    """A document with new or changed entries."""
    UNCHANGED = "unchanged"
    """A document without any."""
    NOT_MODIFIED = "not_modified"
    """A 304, or the very bytes of last time."""
    GONE = "gone"
    FAILED = "failed"


Purpose = Literal["poll", "redirect", "archive", "discovery", "robots", "hub", "webhook"]
"""What a request is for: ``redirect`` and ``archive`` belong to a feed as well; ``robots`` is asked
before addresses are guessed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of the ledger: one request that we made, and why.

    ``reason`` says why just then, in words.
    """

    hop: Hop
    purpose: Purpose
    reason: str


@dataclass(frozen=True, slots=True)
class PollRecord:
    """What one poll came to, for the feed's health and history.

    ``error_code`` and ``sentence`` are set for failures alone; ``body_bytes`` is the decoded
    size, 0 where there was no document.
    """

    started_at: datetime
    ended_at: datetime
    outcome: Outcome
    status: int | None = None
    error_code: str | None = None
    sentence: str | None = None
    new: int = 0
    changed: int = 0
    body_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Further:
    """An older document of a feed, to be read next on a walk through its pages or archives.

    ``relation`` is by which it was named; ``left`` counts the documents that may still be read,
    with this one; ``walked`` are those that were. ``is_wished`` says that somebody asked for it.
    """

    url: str
    relation: str
    left: int
    walked: tuple[str, ...] = ()
    is_wished: bool = False


@dataclass(frozen=True, slots=True)
class Refresh:
    """All that one poll learned, to be committed in one transaction.

    Every value is absolute, so that applying it twice is the same as once. ``feed`` is None
    where no document was read; ``present`` are the ids of the entries in the document, None
    where there was none to look at. ``stopped`` means that the feed is polled no more (a second
    410). ``changed`` entries carry the id of the entry they revise. ``fetch_url`` is what is to be
    requested from now on; ``asked`` are the requests that the poll made. ``polled`` is False
    where the feed itself was not asked for, because its entries came another way: then the time
    of its last poll stays. ``offer`` is what the document offers, if one was read.
    ``unpushed_due_at`` is when the feed would be due if no hub told us of its news, None where
    that is ``due_at``; ``distrust`` says that its hub did not. ``pause`` says that its whole site
    is to be left alone. ``complete`` says that the feed has no other entries than those
    ``present``: all others were withdrawn. ``earlier`` is where its document says that older
    entries are; ``further`` is the older document that is to be read now. ``walked`` is the one
    that was read: its entries are no news. ``fingerprints`` are to be remembered from now on;
    where there are none, those of before are.
    """

    key: str
    token: str
    poll: PollRecord
    rhythm: Rhythm
    due_at: datetime
    due_reason: str
    validators: Validators
    body_hash: str | None
    fetch_url: str
    manners: Manners = Manners()
    moving: Moving | None = None
    asked: tuple[Asked, ...] = ()
    polled: bool = True
    admitted: bool = False
    stopped: bool = False
    feed: Feed | None = None
    new: tuple[TaggedEntry, ...] = ()
    changed: tuple[TaggedEntry, ...] = ()
    present: frozenset[str] | None = None
    offer: Offer = Offer()
    unpushed_due_at: datetime | None = None
    distrust: Distrust | None = None
    pause: Pause | None = None
    complete: bool = False
    earlier: Link | None = None
    further: Further | None = None
    walked: Further | None = None
    fingerprints: tuple[Fingerprints, ...] = ()
