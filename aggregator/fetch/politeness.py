"""When a host may be asked again: one request at a time, and not too soon after the last."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.fetch.guard import Network, is_own
from aggregator.model import FeedState
from aggregator.urls import host

_SECOND = timedelta(seconds=1)
_NONE = timedelta(0)


@dataclass(frozen=True, slots=True)
class _Host:
    """Requests that run, when the last one started, and how long the last one that ended took."""

    running: int
    started_at: datetime
    latency: timedelta = _NONE

    def earliest(self, gap: timedelta, now: datetime) -> datetime | None:
        """Return when the next request may start, ``now`` or later; None while one runs."""
        if not gap:
            return now
        if self.running:
            return None
        rest = max(gap, 2 * self.latency)
        # A clock that was set back must not lengthen the rest.
        return max(now, min(self.started_at + rest, now + rest))


class Hosts:
    """Every host's turns: it never waits and reads no clock, whoever sends polls out asks it.

    From start to start it is at least ``gap``, and twice as long as the last poll took: a slow
    server is given as much rest as it worked. ``admitted_gap`` is for feeds on networks of our
    own: those last fetched from one, and those whose host is written as an address in
    ``own_networks``. A gap of zero means that nothing is owed: any number of polls may run at
    once. A feed without a host, a file, waits for nobody.

    Belongs to one thread. Keeps a few values for each host ever asked.
    """

    def __init__(
        self, gap: timedelta, admitted_gap: timedelta, own_networks: tuple[Network, ...] = ()
    ) -> None:
        self._gap = gap
        self._admitted_gap = admitted_gap
        self._own_networks = own_networks
        self._hosts: dict[str, _Host] = {}
        self._started: dict[str, datetime] = {}

    def start(self, state: FeedState, at: datetime) -> bool:
        """Note that a poll starts, if it is its host's turn; return whether it is.

        To be asked of every feed that waits, so that no host holds up another.
        """
        name = host(state.fetch_url)
        if name is None:
            return True
        known = self._hosts.get(name, _Host(0, at))
        earliest = self._earliest(state, at)
        if earliest is None or earliest > at:
            return False
        self._hosts[name] = replace(known, running=known.running + 1, started_at=at)
        self._started[state.key] = at
        return True

    def finish(self, state: FeedState, at: datetime) -> None:
        """Note that a poll that was started has ended, however it did."""
        name = host(state.fetch_url)
        if name is None:
            return
        known = self._hosts[name]
        latency = max(_NONE, at - self._started.pop(state.key))
        self._hosts[name] = replace(known, running=known.running - 1, latency=latency)

    def next_turn(self, waiting: Iterable[FeedState], now: datetime) -> float | None:
        """Return in how many seconds the first host that rests has its turn, None if none rests.

        Feeds that might start now do not count, nor those that wait for a poll to end.
        """
        turns = (self._earliest(state, now) for state in waiting)
        return min(((turn - now) / _SECOND for turn in turns if turn and turn > now), default=None)

    def _earliest(self, state: FeedState, now: datetime) -> datetime | None:
        name = host(state.fetch_url) or ""
        known = self._hosts.get(name)
        own = state.admitted or is_own(name, self._own_networks)
        gap = self._admitted_gap if own else self._gap
        return known.earliest(gap, now) if known else now
