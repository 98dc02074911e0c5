"""The schedules that `benchmarks.scheduling` holds against each other, ours the program's own.

The linear law is ours with the interval κ/λ for κ/√λ, and all else the same. entry_frequency is
that of Miniflux 2.2 with its built-in values: it waits a week divided by its weekly count, between
5 minutes and 24 hours; the count is a week divided by the mean gap between the entries of the
last week, rounded up, and 0 where that holds fewer than two. After a document (no 304) it waits
for the document's ttl too. At equal politeness it waits an hour at least, and always for the
document's ttl and update period, as ours does.
"""

import math
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from aggregator.cadence import rhythm as rhythms
from aggregator.cadence.pace import Pace
from aggregator.model.feeds import FeedState, Rhythm
from aggregator.polling import Read, Unchanged, next_poll
from benchmarks.bootstrap import DAY, HOUR, Synthetic

MINUTE = 60.0
WEEK = 7 * DAY
EPOCH = datetime(2026, 3, 2, tzinfo=UTC)

Next = Callable[[float, int, int], float]
"""How many seconds to wait from now on, where these entries are new: the first, one past the last.

None is new where the two are the same.
"""


class Begin(Protocol):
    """Makes what decides about one feed."""

    def __call__(self, feed: Synthetic, number: float) -> Next:
        """Return it; ``number`` is the schedule's only one."""


@dataclass(frozen=True)
class Schedule:
    """A way to poll. ``number`` is κ in hours, or the interval."""

    name: str
    begin: Begin
    number: float = 0.0

    def title(self) -> str:
        """Return its name with its number."""
        return f"{self.name} {self.number:.3g}" if self.number else self.name


def fixed(feed: Synthetic, number: float) -> Next:
    """Wait so many hours."""
    return lambda now, first, end: number * HOUR


def square_root(feed: Synthetic, number: float) -> Next:
    """Wait as the program does, with κ in hours."""
    return _Ours(feed, number, lambda rhythm, at: 1.0)


def shapeless(feed: Synthetic, number: float) -> Next:
    """Wait as the program does where it has not learned the hours of the day."""
    return _Ours(feed, number, lambda rhythm, at: 1.0, hours=False)


def linear(feed: Synthetic, number: float) -> Next:
    """Wait as the program does where a feed's weight is its rate."""
    return _Ours(feed, number, rhythms.rate)


class _Ours:
    """The program itself, whose server honours validators and says nothing of freshness."""

    def __init__(
        self,
        feed: Synthetic,
        kappa: float,
        weight: Callable[[Rhythm, datetime], float],
        *,
        hours: bool = True,
    ) -> None:
        self._hours = hours
        self._feed = feed
        self._pace = Pace(kappa=timedelta(hours=kappa))
        self._weight = weight
        self._rhythm = Rhythm()
        self._first = True

    def __call__(self, now: float, first: int, end: int) -> float:
        at = _instant(now)
        outcome = (
            Read(
                at,
                tuple(_instant(published) for published in self._feed.times[first:end]),
                self._feed.wishes,
                validated=True,
                body_bytes=1,
                first=self._first,
            )
            if first < end or self._first
            else Unchanged(at, validated=True)
        )
        key = self._feed.key
        weight = self._weight(self._rhythm, at)
        state = FeedState(key, key, "", (), "", self._rhythm, at, weight=weight)
        due = next_poll(state, outcome, self._pace)
        self._rhythm, self._first = due.rhythm, False
        if not self._hours:
            self._rhythm = replace(due.rhythm, hours=())
        return (due.due_at - at).total_seconds()


def _instant(seconds: float) -> datetime:
    return EPOCH + timedelta(seconds=seconds)


def entry_frequency(feed: Synthetic, number: float) -> Next:
    """Wait as Miniflux does."""
    ttl = feed.wishes.ttl.total_seconds() if feed.wishes.ttl else 0.0
    return _by_frequency(feed, 5 * MINUTE, (ttl, 0.0))


def polite_entry_frequency(feed: Synthetic, number: float) -> Next:
    """Wait as Miniflux does, but as long as we owe a publisher at least."""
    asked = feed.asks_for()
    return _by_frequency(feed, HOUR, (asked, asked))


def _by_frequency(feed: Synthetic, floor: float, wished: tuple[float, float]) -> Next:
    """Wait by the weekly count; ``wished`` is owed after a document, and after a 304."""

    def wait(now: float, first: int, end: int) -> float:
        recent = bisect_left(feed.times, now - WEEK, 0, end)
        count, apart = end - recent, 0.0
        if count > 1:
            apart = (feed.times[end - 1] - feed.times[recent]) / (count - 1)
        weekly = math.ceil(WEEK / apart) if apart else 0
        usual = max(floor, min(DAY, WEEK / weekly)) if weekly else DAY
        return max(usual, wished[0] if first < end else wished[1])

    return wait
