"""Many polls: claims the due, hands them to threads, commits what they learned.

All use of the store happens on the thread that calls `Sweep`; visiting threads only put what
came of it into the inbox. Whatever happens (a visit's end, a tick, a signal) is a message
there, so that one loop sees everything in one order::

    tick  ─┐
    visit ─┼─▶ inbox ─▶ settle ─▶ store.apply ─▶ observer
    stop  ─┘
"""

import time
from collections import deque
from collections.abc import Iterable
from concurrent.futures import CancelledError
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Protocol

from aggregator.errors import ParserFailedError, StoreError
from aggregator.fetch.politeness import Hosts
from aggregator.model import FeedState, Refresh
from aggregator.pipeline import Edge, Failed, Policy, Read, Visit, settle, visit
from aggregator.polling import refused_until
from aggregator.store.base import Store

LEASE = timedelta(minutes=5)
"""Longer than a claimed feed can wait for its host's turn and then for its visit's deadline."""

BATCH = 50
"""How many visits one transaction commits at most."""


class Signal(Enum):
    """What the loop is told from outside."""

    TICK = auto()
    STOP = auto()
    RELOAD = auto()


class Observer(Protocol):
    """Is told what happens, on the sweep's own thread."""

    def polled(self, state: FeedState, refresh: Refresh) -> None:
        """Hear that a poll was committed."""

    def left(self, state: FeedState, until: datetime, reason: str) -> None:
        """Hear that a feed asked for by name was left alone, and why."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """What a configuration makes of the outside world. ``threads`` bounds the visits at once."""

    edge: Edge
    policy: Policy
    hosts: Hosts
    threads: int


class Sweep:
    """Polls over one store; ``wiring`` may be replaced while nothing is `busy`.

    Every method but `signal` belongs to one thread. Raises `StoreError` from whatever touches
    the store; the polls of that transaction are repeated when their leases have run out.
    """

    def __init__(self, store: Store, wiring: Wiring, observer: Observer) -> None:
        self.wiring = wiring
        self._store = store
        self._observer = observer
        self._inbox: SimpleQueue[Visit | Signal] = SimpleQueue()
        self._waiting: list[FeedState] = []
        self._away: dict[str, FeedState] = {}

    # --- for commands ------------------------------------------------------------------------

    def round(self, keys: Iterable[str] | None = None) -> bool:
        """Poll what is due, or the named feeds, and return when all of it is committed.

        Return whether the round was finished: `Signal.STOP` ends it early.
        """
        asked = None if keys is None else deque(keys)
        while self._claim(asked) or self.busy:
            if self.busy and Signal.STOP in self.turn():
                return False
        return True

    # --- for the daemon ----------------------------------------------------------------------

    def signal(self, signal: Signal) -> None:
        """Tell the loop something; from any thread, or from a signal handler."""
        self._inbox.put(signal)

    def claim_due(self) -> None:
        """Claim as many due feeds as can be visited soon."""
        self._claim(None)
        self._depart()

    @property
    def busy(self) -> bool:
        """Whether a claimed feed waits for its turn, or for its publisher's answer."""
        return bool(self._waiting or self._away)

    def turn(self, seconds: float | None = None) -> tuple[Signal, ...]:
        """Wait for the next thing to happen, ``seconds`` at most, and deal with it.

        Visits that ended are committed; signals are returned.
        """
        self._depart()
        turn = self.wiring.hosts.next_turn(self._waiting, self.wiring.edge.clock())
        limits = [limit for limit in (seconds, turn) if limit is not None]
        messages = self._messages(min(limits, default=None))
        signals = tuple(message for message in messages if isinstance(message, Signal))
        visits = [message for message in messages if isinstance(message, Visit)]
        try:
            self._commit(visits)
        except StoreError:
            # Whoever goes on after a full disk must still hear that it was told to stop.
            for signal in signals:
                self.signal(signal)
            raise
        return signals

    def finish(self, seconds: float) -> tuple[Signal, ...]:
        """Let the visits under way end, in ``seconds`` at most, and give everything else back.

        Signals that come meanwhile are returned; `Signal.STOP` ends the waiting at once.
        """
        self._store.release(self._waiting)
        self._waiting.clear()
        ends_at = time.monotonic() + seconds
        signals: tuple[Signal, ...] = ()
        while self._away and Signal.STOP not in signals and time.monotonic() < ends_at:
            signals += self.turn(ends_at - time.monotonic())
        self.release()
        return signals

    def release(self) -> None:
        """Give back every feed that was claimed and is not committed: it is still due."""
        self._store.release((*self._waiting, *self._away.values()))
        self._waiting.clear()
        self._away.clear()

    # --- the way of a feed -------------------------------------------------------------------

    def _claim(self, asked: deque[str] | None) -> bool:
        """Claim what there is room for; say whether anything was claimed or is still asked for."""
        room = 2 * self.wiring.threads - len(self._waiting) - len(self._away)
        if room <= 0:
            return True
        now = self.wiring.edge.clock()
        if asked is None:
            claimed = self._store.claim(now, room, lease=LEASE)
            self._waiting.extend(claimed)
            return bool(claimed)
        keys = [asked.popleft() for _ in range(min(room, len(asked)))]
        for state in self._store.claim(now, len(keys), lease=LEASE, keys=keys) if keys else ():
            self._admit(state, now)
        return bool(keys)

    def _admit(self, state: FeedState, now: datetime) -> None:
        """Take a feed that was asked for by name, unless that would break somebody's word."""
        refused = refused_until(state, self.wiring.policy.pace_of(admitted=state.admitted), now)
        if refused is None:
            self._waiting.append(state)
        else:
            self._store.release((state,))
            self._observer.left(state, *refused)

    def _depart(self) -> None:
        """Send out those whose host has its turn: nobody waits behind a host that is not his."""
        now = self.wiring.edge.clock()
        staying = []
        for state in self._waiting:
            if len(self._away) < self.wiring.threads and self.wiring.hosts.start(state, now):
                self._away[state.key] = state
                Thread(target=self._visit, args=(state,), name=state.key, daemon=True).start()
            else:
                staying.append(state)
        self._waiting = staying

    def _visit(self, state: FeedState) -> None:
        try:
            self._inbox.put(visit(state, self.wiring.edge))
        except CancelledError:
            # The client was closed: we are stopping, and this poll has not happened.
            return
        except Exception as error:  # noqa: BLE001 - a bug in one feed's way never ends the run
            now = self.wiring.edge.clock()
            told = (
                f"Reading {state.key} failed inside the aggregator ({error!r}): please report it."
            )
            self._inbox.put(Visit(state, now, now, Failed(ParserFailedError(told), now)))

    def _messages(self, seconds: float | None) -> list[Visit | Signal]:
        """Return what has happened, after waiting ``seconds`` at most for the first of it."""
        messages: list[Visit | Signal] = []
        try:
            messages.append(self._inbox.get(timeout=seconds))
            while len(messages) < BATCH:
                messages.append(self._inbox.get_nowait())
        except Empty:
            pass
        return messages

    def _commit(self, visits: list[Visit]) -> None:
        for visited in visits:
            self._away.pop(visited.state.key)
            self.wiring.hosts.finish(visited.state, visited.ended_at)
        refreshes = [self._settled(visited) for visited in visits]
        applied = set(self._store.apply(refreshes))
        for visited, refresh in zip(visits, refreshes, strict=True):
            if refresh.key in applied:
                self._observer.polled(visited.state, refresh)

    def _settled(self, visited: Visit) -> Refresh:
        came = visited.came
        entries = came.reading.entries if isinstance(came, Read) else ()
        known = self._store.known(visited.state.key, entries) if entries else ()
        return settle(visited, known, self.wiring.policy)
