"""How often a feed publishes, learned from when its entries came.

An *event* is a burst: entries at most 15 minutes apart count once. Events and the days in which
they were counted are sums that halve every three weeks, so that a feed may change its ways.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.cadence import shape
from aggregator.durations import show_duration
from aggregator.model.feeds import Rhythm

BURST = timedelta(minutes=15)
HALF_LIFE = timedelta(days=21)
DORMANT = timedelta(days=90)

_DAY = timedelta(days=1)
_YEAR = timedelta(days=365)
_PRIOR_EVENTS = 0.5
_PRIOR_DAYS = 2.0


def seed(rhythm: Rhythm, arrivals: Sequence[datetime], now: datetime) -> Rhythm:
    """Learn from the first document: its entries' dates, as if we had watched since the oldest.

    A date in the future is taken for now.
    """
    past = sorted(min(arrival, now) for arrival in arrivals)
    watched = now - past[0] if past else timedelta(0)
    bursts = [(at, _remembered(now - at)) for at in _bursts(past, None)]
    days = _watched(1 - _remembered(watched))
    last_event_at = past[-1] if past else None
    return replace(
        rhythm,
        events=sum(worth for _, worth in bursts),
        days=days,
        observed_at=now,
        last_event_at=last_event_at,
        hours=shape.counted((), 1.0, (burst for burst in bursts if burst[0] < now)),
    )


def observe(rhythm: Rhythm, arrivals: Sequence[datetime], now: datetime) -> Rhythm:
    """Learn from a poll that succeeded: ``arrivals`` are the dates of the entries new in it.

    We saw each of them between the last poll and now, whatever its date says: an archive that
    is published at once is one event.
    """
    since = min(rhythm.observed_at or now, now)
    seen = sorted(min(max(arrival, since), now) for arrival in arrivals)
    kept = _remembered(now - since)
    bursts = _bursts(seen, rhythm.last_event_at)
    return replace(
        rhythm,
        events=rhythm.events * kept + len(bursts),
        days=rhythm.days * kept + (now - since) / _DAY,
        observed_at=now,
        last_event_at=max(seen, default=rhythm.last_event_at),
        # A date that cannot be true, because we would have seen it before, tells no hour.
        hours=shape.counted(rhythm.hours, kept, ((at, 1.0) for at in bursts if since < at < now)),
    )


def silence(rhythm: Rhythm, now: datetime) -> timedelta:
    """Return how long ago the last event was; zero if none is known."""
    return max(timedelta(0), now - (rhythm.last_event_at or now))


def rate(rhythm: Rhythm, now: datetime) -> float:
    """Return the events expected a day, greater than zero.

    The mean of a Gamma posterior; a silence longer than it would explain counts for itself, or
    a feed that died would for ever look like one that publishes twice a month.
    """
    expected = (rhythm.events + _PRIOR_EVENTS) / (rhythm.days + _PRIOR_DAYS)
    silent_days = silence(rhythm, now) / _DAY
    return min(expected, 1 / silent_days) if silent_days > 1 else expected


def chance_of_silence(rhythm: Rhythm, silent: timedelta) -> float:
    """Return how probable it was that nothing would come for as long as nothing now has.

    That is e^(-λ·silence), by what was known of λ when the silence began: not by its mean, but
    over all that it may be, as little is known of a feed that we have watched for a day.
    """
    days = min(silent, _YEAR) / _DAY
    kept = _remembered(min(silent, _YEAR))
    events = rhythm.events / kept + _PRIOR_EVENTS
    watched = max(0.0, rhythm.days - _watched(1 - kept)) / kept + _PRIOR_DAYS
    return float((watched / (watched + days)) ** events)


def show_rate(rhythm: Rhythm, now: datetime) -> str:
    """Say in words how often the feed publishes."""
    silent = silence(rhythm, now)
    if silent > DORMANT:
        return f"silent for {show_duration(timedelta(days=silent.days))}"
    if rhythm.events < 1 and rhythm.days < _PRIOR_DAYS:
        return "how often it publishes is not known yet"
    per_day = rate(rhythm, now)
    for days, name in ((1, "day"), (7, "week"), (30, "month")):
        times = per_day * days
        if times >= 0.75:
            return f"publishes about {_times(round(times))} a {name}"
    return "publishes less than once a month"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _remembered(age: timedelta) -> float:
    """Return what is left of an event after ``age`` (zero or more)."""
    return float(2.0 ** -(age / HALF_LIFE))


def _watched(forgotten: float) -> float:
    """Return what is left of the days in which so much of an event was forgotten."""
    return forgotten * (HALF_LIFE / _DAY) / math.log(2)


def _bursts(ascending: Sequence[datetime], last_event_at: datetime | None) -> list[datetime]:
    """Return where each new burst begins; what continues the last known one begins none."""
    begins = []
    before = last_event_at
    for at in ascending:
        if before is None or at - before > BURST:
            begins.append(at)
        before = at if before is None else max(at, before)
    return begins
