"""When to poll a feed next, and why: a pure function of what we know and what just happened.

The square-root law: the delay of all entries together is least, for a given number of requests,
if the interval between polls is κ/√λ, where λ is how many events a day the feed publishes. The
publisher's own words (freshness, Retry-After, ttl, update period, hours and days to skip), our
floors and the backoff after failures only ever make it longer.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from aggregator.cadence import bounds
from aggregator.cadence import rhythm as rhythms
from aggregator.cadence.backoff import backoff
from aggregator.cadence.bounds import Bound
from aggregator.cadence.pace import LONGEST_ABSENCE, USUAL_FLOOR, Pace, Terms
from aggregator.cadence.spreading import fraction, outside_skips, spread
from aggregator.durations import show_duration
from aggregator.model.feeds import FeedState, Rhythm

__all__ = [
    "USUAL_FLOOR",
    "Due",
    "Failed",
    "Gone",
    "Pace",
    "Read",
    "Unchanged",
    "Wishes",
    "next_poll",
    "refused_until",
]

_NONE = timedelta(0)
_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)

_HEAVIEST_PENALTY = 24.0


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
    retry_after: timedelta | None = None
    lifetime: timedelta | None = None


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


def next_poll(state: FeedState, outcome: Read | Unchanged | Gone | Failed, pace: Pace) -> Due:
    """Decide when a feed is polled next; ``state`` is what we knew when we asked.

    A configured interval stands for what would be learned, for ``pace.floor`` and for the
    document's ttl and update period; freshness, Retry-After, backoff, hours to skip and the rest
    that a live hub allows bind all the same. Constant for given arguments: the present is when
    the outcome came about, and spreading uses a hash of the feed's key.
    """
    terms = Terms(state.key, pace, state.interval, state.weight, state.pushed is not None)
    rhythm = state.rhythm
    match outcome:
        case Read() | Unchanged():
            return _after_answer(terms, rhythm, outcome)
        case Failed():
            return _after_failure(terms, rhythm, outcome, state.due_at)
        case Gone():
            return _after_gone(terms, rhythm, outcome, state.due_at)
        case _:
            assert_never(outcome)


def refused_until(state: FeedState, pace: Pace, now: datetime) -> tuple[datetime, str] | None:
    """Say until when even a poll that somebody asks for is refused, and why; None if it is not.

    It need not wait until it is due, but Retry-After, its site's as well, and the floor since the
    last poll hold.
    """
    not_before = state.rhythm.not_before or now
    if state.pause is not None and max(now, not_before) < state.pause.until:
        return state.pause.until, state.pause.reason
    if now < not_before:
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


def _after_answer(terms: Terms, rhythm: Rhythm, answer: Read | Unchanged) -> Due:
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
    floor = bounds.lowered(terms.pace, learned, answer.lifetime)
    usual = bounds.usual(terms, learned, at, floor)
    if first and terms.interval is None:
        # Feeds that were imported together must not be polled together for ever.
        usual = replace(usual, length=usual.length * fraction(terms.key, "first"))
    return _due(terms, at, learned, (usual, *_owed(terms, learned, floor, at)))


def _after_failure(terms: Terms, rhythm: Rhythm, failure: Failed, planned_at: datetime) -> Due:
    at = failure.done_at
    failures = rhythm.failures + 1
    limited = failure.status == 429
    learned = replace(
        _failed(rhythm, failure),
        failures=failures,
        failing_since=rhythm.failing_since or at,
        penalty=min(_HEAVIEST_PENALTY, 1.5 * rhythm.penalty) if limited else rhythm.penalty,
    )
    by_status = failure.code == "http" and failure.status is not None
    what = f"HTTP {failure.status}" if by_status else failure.code.replace("_", " ")
    times = "failed" if failures == 1 else f"failed {failures} times in a row"
    failing_for = at - (learned.failing_since or at)
    wait = backoff(failure.code, failure.status, learned, failing_for)
    lead = Bound(wait, f"{times} ({what})")
    sure = _once_more(max(planned_at - at, _NONE)) if rhythm.gone else ()
    return _due(terms, at, learned, (lead, *sure, *_normal(terms, learned, at)))


def _after_gone(terms: Terms, rhythm: Rhythm, answer: Gone, planned_at: datetime) -> Due:
    at = answer.done_at
    # Whoever asks by hand meanwhile hears what was said already, perhaps by mistake.
    early = rhythm.gone > 0 and at < planned_at
    learned = replace(_failed(rhythm, answer), gone=rhythm.gone + (not early))
    sure = _once_more(planned_at - at if early else _DAY)
    due = _due(terms, at, learned, (*sure, *_normal(terms, learned, at)))
    if learned.gone == 1:
        return due
    reason = "stopped: the publisher has said twice that it is gone (HTTP 410)"
    return replace(due, reason=reason, stopped=True)


def _once_more(wait: timedelta) -> tuple[Bound]:
    """Return how long to leave a feed alone that may be gone by accident."""
    return (Bound(wait, "the publisher says that it is gone; asked once more to be sure"),)


def _failed(rhythm: Rhythm, answer: Failed | Gone) -> Rhythm:
    """Keep what the server said about coming back; what it said of a good answer still holds."""
    told = _told(rhythm, answer.done_at, answer.lifetime, answer.retry_after)
    known = [until for until in (rhythm.fresh_until, told.fresh_until) if until is not None]
    return replace(told, fresh_until=max(known, default=None))


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
    not_before = at + min(retry_after, LONGEST_ABSENCE)
    return replace(
        rhythm, fresh_until=fresh_until, not_before=max(not_before, rhythm.not_before or at)
    )


# --- how long to wait at least -------------------------------------------------------------------


def _normal(terms: Terms, rhythm: Rhythm, at: datetime) -> tuple[Bound, ...]:
    """Return what would hold without the failure, which must not make polling faster.

    The silence is taken as another unchanged answer; but a feed never read has no rhythm yet,
    and somebody waits for it.
    """
    owed = _owed(terms, rhythm, terms.pace.floor, at)
    if rhythm.observed_at is None and terms.interval is None:
        return owed
    silent = rhythms.observe(rhythm, (), at)
    return (bounds.usual(terms, silent, at, terms.pace.floor), *owed)


def _owed(terms: Terms, rhythm: Rhythm, floor: timedelta, at: datetime) -> tuple[Bound, ...]:
    """Return what we owe the publisher, or need not do, whatever the feed's rhythm is."""
    return (
        bounds.floored(terms, rhythm, floor),
        *bounds.audit(terms),
        *bounds.wishes(terms, rhythm),
        *bounds.said(rhythm, at),
    )


# --- from the bounds to an instant ---------------------------------------------------------------


def _due(terms: Terms, done_at: datetime, rhythm: Rhythm, waits: tuple[Bound, ...]) -> Due:
    """Wait as long as the longest bound, and a little more, outside what the publisher skips."""
    deciding = max(waits, key=lambda bound: bound.length)
    wanted_at = spread(terms.key, done_at, deciding.length)
    due_at = outside_skips(terms.key, rhythm, wanted_at)
    told = [bound for bound in waits[1:] if bound.telling or bound is deciding]
    words = [waits[0].words, *(bound.words for bound in told)]
    if due_at > wanted_at:
        words.append("not in the hours that it asks to skip")
    return Due(due_at, f"next in {show_duration(due_at - done_at)}: {', '.join(words)}", rhythm)
