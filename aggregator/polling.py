"""When to poll a feed next, and why: a pure function of what we know and what just happened.

The square-root law: the delay of all entries together is least, for a given number of requests,
if the interval between polls is κ/√λ, where λ is how many events a day the feed publishes. The
publisher's own words (freshness, Retry-After, ttl, update period, hours and days to skip), our
floors and the backoff after failures only ever make it longer.
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from aggregator.cadence import rhythm as rhythms
from aggregator.cadence.backoff import backoff
from aggregator.cadence.spreading import fraction, outside_skips, spread
from aggregator.durations import show_duration
from aggregator.model import FeedState, Rhythm

USUAL_FLOOR = timedelta(minutes=60)
"""The least time between two polls of a feed that has promised us nothing else."""

_NONE = timedelta(0)
_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)

_LONGEST_ABSENCE = timedelta(days=31)
_LONGEST_WISH = _DAY
_SHORTEST_FLOOR = timedelta(minutes=15)
_BYTES_A_DAY = 2 * 1024 * 1024
_DORMANT_CEILINGS = ((timedelta(days=365), _WEEK), (rhythms.DORMANT, timedelta(hours=72)))
_HEAVIEST_PENALTY = 24.0
_LONGEST_PENALISED = _DAY


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast we may go: the same for all feeds of the public internet.

    ``floor`` is the least time from the end of one poll to the next, zero for networks that are
    our own. ``max_interval`` bounds what is learned about a living feed. ``kappa`` is how often
    a feed is polled that publishes once a day: larger is slower.
    """

    floor: timedelta = USUAL_FLOOR
    max_interval: timedelta = _DAY
    kappa: timedelta = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the document asks of pollers; fields as in `Rhythm`."""

    ttl: timedelta | None = None
    update_period: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Read:
    """A document was read.

    ``done_at`` is when the answer had ended. ``arrivals`` are the dates of its new entries, the
    time of this poll standing for a date that is missing; if ``first``, of all its entries.
    ``validated`` says that the answer came with validators.
    """

    done_at: datetime
    arrivals: tuple[datetime, ...] = ()
    wishes: Wishes = Wishes()
    lifetime: timedelta | None = None
    retry_after: timedelta | None = None
    validated: bool = False
    body_bytes: int = 0
    first: bool = False


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A 304 (``body_bytes`` 0), or the very bytes of last time once more."""

    done_at: datetime
    lifetime: timedelta | None = None
    retry_after: timedelta | None = None
    validated: bool = False
    body_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Gone:
    """A 410."""

    done_at: datetime


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing could be read: ``code`` is the error's, ``status`` the HTTP status if any."""

    done_at: datetime
    code: str
    status: int | None = None
    retry_after: timedelta | None = None
    lifetime: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """When the next poll is due and why, in words, with what has been learned.

    ``stopped`` means that there will be none: the publisher has said twice that the feed is gone.
    """

    due_at: datetime
    reason: str
    rhythm: Rhythm
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class _Feed:
    """Whose poll it is. ``interval`` is the configured promise, if there is one."""

    key: str
    interval: timedelta | None
    pace: Pace


@dataclass(frozen=True, slots=True)
class _Bound:
    """A least time to wait. ``telling`` ones are named even if another decides."""

    length: timedelta
    words: str
    telling: bool = False


def next_poll(
    key: str,
    rhythm: Rhythm,
    interval: timedelta | None,
    outcome: Read | Unchanged | Gone | Failed,
    pace: Pace,
) -> Due:
    """Decide when the feed ``key`` is polled next.

    A configured ``interval`` stands for what would be learned, for ``pace.floor`` and for the
    document's ttl and update period; freshness, Retry-After, backoff and hours to skip bind all
    the same. Constant for given arguments: spreading uses a hash of ``key``.
    """
    feed = _Feed(key, interval, pace)
    match outcome:
        case Read() | Unchanged():
            return _after_answer(feed, rhythm, outcome)
        case Failed():
            return _after_failure(feed, rhythm, outcome)
        case Gone():
            return _after_gone(feed, rhythm, outcome)
        case _:
            assert_never(outcome)


def refused_until(state: FeedState, pace: Pace, now: datetime) -> tuple[datetime, str] | None:
    """Say until when even a poll that somebody asks for is refused, and why; None if it is not.

    It need not wait until it is due, but Retry-After and the floor since the last poll hold.
    """
    not_before = state.rhythm.not_before
    if not_before is not None and now < not_before:
        return not_before, "the server asked us to stay away until then"
    if state.last_poll_at is None or state.due_at <= now:
        return None
    floor = min(pace.floor, state.interval or pace.floor) * state.rhythm.penalty
    allowed_at = min(state.last_poll_at + floor, state.due_at)
    if allowed_at <= now:
        return None
    ago = show_duration(now - state.last_poll_at)
    return (
        allowed_at,
        f"it was polled {ago} ago, and polls are at least {show_duration(floor)} apart",
    )


# --- after each outcome --------------------------------------------------------------------------


def _after_answer(feed: _Feed, rhythm: Rhythm, answer: Read | Unchanged) -> Due:
    at = answer.done_at
    first = isinstance(answer, Read) and answer.first
    learned = _told(_learned(rhythm, answer), at, answer.lifetime, answer.retry_after)
    learned = replace(
        learned,
        failures=0,
        failing_since=None,
        gone=0,
        penalty=max(1.0, 0.98 * rhythm.penalty),
    )
    usual = _usual(feed, learned, at)
    if first and feed.interval is None:
        # Feeds that were imported together must not be polled together for ever.
        usual = replace(usual, length=usual.length * fraction(feed.key, "first"))
    floor = _floor(feed, learned, _allowed_floor(feed.pace, learned, answer.lifetime))
    return _due(feed, at, learned, (usual, floor, *_wishes(feed, learned), *_words(learned, at)))


def _after_failure(feed: _Feed, rhythm: Rhythm, failure: Failed) -> Due:
    at = failure.done_at
    failures = rhythm.failures + 1
    limited = failure.status == 429
    learned = replace(
        _told(rhythm, at, failure.lifetime, failure.retry_after),
        failures=failures,
        failing_since=rhythm.failing_since or at,
        penalty=min(_HEAVIEST_PENALTY, 1.5 * rhythm.penalty) if limited else rhythm.penalty,
    )
    by_status = failure.code == "http" and failure.status is not None
    what = f"HTTP {failure.status}" if by_status else failure.code.replace("_", " ")
    times = "failed" if failures == 1 else f"failed {failures} times in a row"
    failing_for = at - (learned.failing_since or at)
    wait = backoff(failure.code, failure.status, learned, failing_for)
    lead = _Bound(wait, f"{times} ({what})")
    return _due(feed, at, learned, (lead, *_normal(feed, learned, at)))


def _after_gone(feed: _Feed, rhythm: Rhythm, answer: Gone) -> Due:
    learned = replace(rhythm, gone=rhythm.gone + 1)
    again = _Bound(_DAY, "the publisher says that it is gone; asked once more to be sure")
    due = _due(feed, answer.done_at, learned, (again, *_normal(feed, learned, answer.done_at)))
    if learned.gone == 1:
        return due
    reason = "stopped: the publisher has said twice that it is gone (HTTP 410)"
    return replace(due, reason=reason, stopped=True)


def _learned(rhythm: Rhythm, answer: Read | Unchanged) -> Rhythm:
    if isinstance(answer, Unchanged):
        seen = rhythms.observe(rhythm, (), answer.done_at)
        # A whole body although nothing changed: whatever validators there are, they are ignored.
        validated = answer.validated and answer.body_bytes == 0
        return replace(seen, validated=validated, unchanged_bytes=answer.body_bytes)
    learn = rhythms.seed if answer.first else rhythms.observe
    validated = answer.validated and (answer.first or rhythm.validated)
    proven = validated and not answer.first and rhythm.unchanged_bytes == 0
    return replace(
        learn(rhythm, answer.arrivals, answer.done_at),
        validated=validated,
        unchanged_bytes=0 if proven else answer.body_bytes,
        ttl=answer.wishes.ttl,
        update_period=answer.wishes.update_period,
        skip_hours=answer.wishes.skip_hours,
        skip_days=answer.wishes.skip_days,
    )


def _told(
    rhythm: Rhythm, at: datetime, lifetime: timedelta | None, retry_after: timedelta | None
) -> Rhythm:
    """Keep what the server said about coming back; an earlier Retry-After is not forgotten."""
    fresh_until = rhythm.fresh_until if lifetime is None else at + min(lifetime, _WEEK)
    if retry_after is None:
        return replace(rhythm, fresh_until=fresh_until)
    not_before = at + min(retry_after, _LONGEST_ABSENCE)
    return replace(
        rhythm, fresh_until=fresh_until, not_before=max(not_before, rhythm.not_before or at)
    )


# --- how long to wait at least -------------------------------------------------------------------


def _normal(feed: _Feed, rhythm: Rhythm, at: datetime) -> tuple[_Bound, ...]:
    """Return what would hold without the failure, which must not make polling faster.

    The silence is taken as another unchanged answer; but a feed never read has no rhythm yet,
    and somebody waits for it.
    """
    floor = _floor(feed, rhythm, feed.pace.floor)
    bounds = (floor, *_wishes(feed, rhythm), *_words(rhythm, at))
    if rhythm.observed_at is None and feed.interval is None:
        return bounds
    return (_usual(feed, rhythms.observe(rhythm, (), at), at), *bounds)


def _usual(feed: _Feed, rhythm: Rhythm, at: datetime) -> _Bound:
    if feed.interval is not None:
        return _Bound(feed.interval, f"polled every {show_duration(feed.interval)} as configured")
    interval = feed.pace.kappa / math.sqrt(rhythms.rate(rhythm, at))
    silent = rhythms.silence(rhythm, at)
    dormant = (ceiling for since, ceiling in _DORMANT_CEILINGS if silent > since)
    ceiling = max(feed.pace.max_interval, next(dormant, _NONE))
    return _Bound(min(interval, ceiling), rhythms.show_rate(rhythm, at))


def _allowed_floor(pace: Pace, rhythm: Rhythm, lifetime: timedelta | None) -> timedelta:
    """Return the floor, lowered where the server says less and an unchanged answer is free."""
    honoured = rhythm.validated and rhythm.unchanged_bytes == 0
    if honoured and lifetime and _NONE < lifetime < pace.floor <= USUAL_FLOOR:
        return min(pace.floor, max(_SHORTEST_FLOOR, lifetime))
    return pace.floor


def _floor(feed: _Feed, rhythm: Rhythm, floor: timedelta) -> _Bound:
    if feed.interval is not None:
        floor, why = feed.interval, ", as configured"
    else:
        why = ", like any feed"
        cost = _DAY * min(1.0, rhythm.unchanged_bytes / _BYTES_A_DAY)
        if floor and not rhythm.validated and cost > floor:
            floor, why = cost, ", as every poll costs it the whole document"
    penalised = min(floor * rhythm.penalty, _LONGEST_PENALISED)
    if penalised > floor:
        floor, why = penalised, ", as it told us that we ask too often"
    return _Bound(floor, f"at most once in {show_duration(floor)}{why}")


def _wishes(feed: _Feed, rhythm: Rhythm) -> tuple[_Bound, ...]:
    """Return what the document asks for; a promise made to its publisher goes before."""
    if feed.interval is not None:
        return ()
    ttl = min(rhythm.ttl or _NONE, _LONGEST_WISH)
    period = min(rhythm.update_period or _NONE, _LONGEST_WISH)
    return (
        _Bound(ttl, f"its ttl asks for {show_duration(ttl)}"),
        _Bound(period, f"it says that it is updated every {show_duration(period)}"),
    )


def _words(rhythm: Rhythm, at: datetime) -> tuple[_Bound, ...]:
    """Return what the server's headers say."""
    fresh = max(_NONE, (rhythm.fresh_until or at) - at)
    away = max(_NONE, (rhythm.not_before or at) - at)
    return (
        _Bound(fresh, f"server allows {show_duration(fresh)}", telling=fresh > _NONE),
        _Bound(away, f"server asks us to stay away for {show_duration(away)}"),
    )


# --- from the bounds to an instant ---------------------------------------------------------------


def _due(feed: _Feed, done_at: datetime, rhythm: Rhythm, bounds: tuple[_Bound, ...]) -> Due:
    """Wait as long as the longest bound, and a little more, outside what the publisher skips."""
    deciding = max(bounds, key=lambda bound: bound.length)
    wanted_at = spread(feed.key, done_at, deciding.length)
    due_at = outside_skips(feed.key, rhythm, wanted_at)
    told = [bound for bound in bounds[1:] if bound.telling or bound is deciding]
    words = [bounds[0].words, *(bound.words for bound in told)]
    if due_at > wanted_at:
        words.append("not in the hours that it asks to skip")
    return Due(due_at, f"next in {show_duration(due_at - done_at)}: {', '.join(words)}", rhythm)
