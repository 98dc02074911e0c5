"""Who may set out: a first look at what was said before, then the store, which knows all visits.

The store is asked only about feeds whose time may have come, and only while the bucket gives
something: a loop that has nothing to start neither reads nor writes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from aggregator.errors import StoreError
from aggregator.fetch.politeness import Hosts
from aggregator.model.feeds import FeedState, Pause
from aggregator.politeness import (
    Ask,
    Away,
    Bucket,
    Busy,
    Granted,
    Rests,
    Verdict,
    starts_a_second,
)
from aggregator.store.base import Store

LOOK_AGAIN = timedelta(seconds=1)
"""When to ask again about a host that another process visits, or a store that gave no answer."""

RATE_HOLDS = timedelta(minutes=10)
"""How long the usual rate of polls is taken for unchanged."""

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Started:
    """The keys of the feeds whose turn it is, and those whose site is left alone."""

    going: frozenset[str]
    left: tuple[tuple[str, Pause], ...] = ()


@dataclass(frozen=True, slots=True)
class _Look:
    """What was said of a feed, and until when that holds: None until a visit of ours ends."""

    asked_at: datetime
    until: datetime | None

    def holds(self, now: datetime) -> bool:
        """Tell whether there is no use in asking again; not after the clock was set back."""
        return self.asked_at <= now and (self.until is None or now < self.until)


class Turns:
    """The turns of one sweep, on its store's thread; visits of ours are told to it by `ended`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._looks: dict[str, _Look] = {}
        self._hosts: Hosts | None = None
        self._asks: dict[tuple[str, str], Ask | None] = {}
        self._bucket: Bucket | None = None
        self._rated_at: datetime | None = None

    def start(
        self, hosts: Hosts, waiting: Sequence[FeedState], room: int, away: int, now: datetime
    ) -> Started:
        """Begin the visits whose turn it is, the first of those who wait before the others.

        To be asked about all that wait, so that no host holds up another. ``room`` is how many
        may begin; ``away`` are under way, of ours. Raises `StoreError`, and asks no more for a
        while.
        """
        owing = self._owing(hosts, waiting)
        self._looks = {key: look for key, look in self._looks.items() if key in owing}
        free = [key for key, ask in owing.items() if ask is None][:room]
        asks = [
            ask
            for key, ask in owing.items()
            if ask and not (key in self._looks and self._looks[key].holds(now))
        ]
        most = room - len(free)
        if hosts.paced and asks:
            most = min(most, self._refilled(hosts, now).starts)
        if not asks or most <= 0:
            return Started(frozenset(free))
        verdicts = self._verdicts(asks, now, most)
        granted = [ask.key for ask, said in zip(asks, verdicts, strict=True) if said == Granted()]
        if self._bucket is not None:
            self._bucket = self._bucket.without(len(granted))
        self._remember(asks, verdicts, now, is_away=bool(away or granted))
        left = [
            (ask.key, said.pause)
            for ask, said in zip(asks, verdicts, strict=True)
            if isinstance(said, Away)
        ]
        return Started(frozenset((*free, *granted)), tuple(left))

    def ended(self) -> None:
        """Hear that visits have ended, so that whoever waited for that may ask again."""
        self._looks = {key: look for key, look in self._looks.items() if look.until is not None}

    def next_look(self, hosts: Hosts, waiting: Sequence[FeedState], now: datetime) -> float | None:
        """Return in how many seconds somebody's turn may come, None where nobody's will by itself.

        Feeds that might start now do not count: there is no room for them.
        """
        owing = self._owing(hosts, waiting)
        looks = [self._looks.get(key) for key, ask in owing.items() if ask is not None]
        times = [look.until if look else now for look in looks if look is None or look.until]
        earliest = min((at for at in times if at is not None), default=None)
        if earliest is not None and hosts.paced and self._bucket is not None:
            earliest = max(earliest, self._bucket.next_at)
        return None if earliest is None or earliest <= now else (earliest - now) / _SECOND

    def _owing(self, hosts: Hosts, waiting: Sequence[FeedState]) -> dict[str, Ask | None]:
        """Return what each has to ask for by its key, worked out once for each claim.

        For some hundred feeds, at every turn of the loop, that took half of its time.
        """
        known = self._asks if hosts == self._hosts else {}
        claims = {(state.key, state.token): state for state in waiting}
        self._hosts = hosts
        self._asks = {
            claim: known[claim] if claim in known else hosts.ask(state)
            for claim, state in claims.items()
        }
        return {key: ask for (key, _), ask in self._asks.items()}

    def _verdicts(self, asks: Sequence[Ask], now: datetime, most: int) -> tuple[Verdict, ...]:
        try:
            return self._store.take_turns(asks, now, most)
        except StoreError:
            self._looks |= {ask.key: _Look(now, now + LOOK_AGAIN) for ask in asks}
            raise

    def _remember(
        self, asks: Sequence[Ask], verdicts: Sequence[Verdict], now: datetime, *, is_away: bool
    ) -> None:
        for ask, said in zip(asks, verdicts, strict=True):
            match said:
                case Granted():
                    self._looks.pop(ask.key, None)
                case Rests(until):
                    self._looks[ask.key] = _Look(now, until)
                case Busy():
                    # If it is not one of ours, nobody tells us of its end.
                    self._looks[ask.key] = _Look(now, None if is_away else now + LOOK_AGAIN)
                case Away(pause):
                    self._looks[ask.key] = _Look(now, pause.until)
                case _:
                    assert_never(said)

    def _refilled(self, hosts: Hosts, now: datetime) -> Bucket:
        """Return the bucket as of now, at the rate of these minutes.

        Feeds of our own networks count where they draw from it as well: they would starve others.
        """
        bucket = self._bucket
        if bucket is None or self._rated_at is None or abs(now - self._rated_at) >= RATE_HOLDS:
            rate = starts_a_second(self._store.planned_rate(own=bool(hosts.admitted_gap)))
            bucket = bucket.at_rate(rate) if bucket else Bucket.full(rate, now)
            self._rated_at = now
        self._bucket = bucket.refilled(now)
        return self._bucket
