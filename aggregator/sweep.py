"""Many polls: claims the due, hands them to threads, commits what they learned.

All use of the store happens on the thread that calls `Sweep`; visiting threads only put what
came of it into the inbox. Whatever happens (a visit's end, a tick, a signal) is a message
there, so that one loop sees everything in one order::

    tick  ─┐
    visit ─┼─▶ inbox ─▶ settle ─▶ store.apply ─▶ observer
    call  ─┤
    stop  ─┘
"""

import time
from collections import deque
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Protocol

from aggregator.errors import ParserFailedError, StoreError
from aggregator.fetch.politeness import Hosts
from aggregator.model import FeedState, Refresh
from aggregator.pipeline import Edge, Failed, Part, Read, Visit, visit
from aggregator.polling import refused_until
from aggregator.settling import Policy, settle
from aggregator.store.base import Store
from aggregator.urls import without_credentials

LEASE = timedelta(minutes=5)
"""Longer than a claimed feed waits for its host's turn and then for its visit's deadline."""

WAIT = timedelta(minutes=3)
"""How long a claimed feed waits for its turn before it is given back, to be claimed anew: so its
visit ends within the lease, and nobody else polls the feed meanwhile."""

BATCH = 50
"""How many visits one transaction commits at most."""


Errand = Callable[[FeedState, Edge], Visit]
"""What is done for a claimed feed, on a thread of its own; usually it is visited."""

Call = Callable[[], object]
"""What another thread wants done on the sweep's, where the store is."""


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


Message = Visit | Signal | Call


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A claimed feed whose host has not had its turn yet, and until when it waits for that.

    Nobody is asked for an errand that is ``quiet``: it waits for no host.
    """

    state: FeedState
    until: datetime
    errand: Errand = visit
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class _Errand:
    """An errand for a feed that is not claimed yet."""

    key: str
    errand: Errand
    quiet: bool


class Sweep:
    """Polls over one store; ``wiring`` may be replaced while nothing is `busy`.

    Every method but `signal` and `call` belongs to one thread. Raises `StoreError` from whatever
    touches the store; the polls of that transaction are repeated when their leases have run out.
    """

    def __init__(
        self,
        store: Store,
        wiring: Wiring,
        observer: Observer,
        inbox: SimpleQueue[Message] | None = None,
    ) -> None:
        self.wiring = wiring
        self._store = store
        self._observer = observer
        self._inbox = SimpleQueue[Message]() if inbox is None else inbox
        self._errands: list[_Errand] = []
        self._waiting: list[_Waiting] = []
        self._away: dict[str, _Waiting] = {}

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

    def call(self, call: Call) -> None:
        """Let the loop call something, on its own thread; from any thread."""
        self._inbox.put(call)

    def run_errand(self, key: str, errand: Errand, *, quiet: bool = False) -> None:
        """Claim a feed as soon as it is free, and commit what the errand brings for it.

        Errands of one feed are done in order. ``quiet`` ones ask nobody, so that they wait for
        no host's turn. One that finds its feed gone from the store is forgotten.
        """
        self._errands.append(_Errand(key, errand, quiet))

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
        waiting = (one.state for one in self._waiting)
        turn = self.wiring.hosts.next_turn(waiting, self.wiring.edge.clock())
        limits = [limit for limit in (seconds, turn) if limit is not None]
        messages = self._messages(min(limits, default=None))
        signals = tuple(message for message in messages if isinstance(message, Signal))
        visits = [message for message in messages if isinstance(message, Visit)]
        try:
            self._commit(visits)
            for message in messages:
                if not isinstance(message, Visit | Signal):
                    message()
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
        self._give_back(self._waiting)
        ends_at = time.monotonic() + seconds
        signals: tuple[Signal, ...] = ()
        try:
            while self._away and Signal.STOP not in signals and time.monotonic() < ends_at:
                signals += self.turn(max(0.0, ends_at - time.monotonic()))
        finally:
            self.release()
        return signals

    def release(self) -> None:
        """Give back every feed that was claimed and is not committed: it is still due.

        What comes of a visit that is under way counts for nothing any more.
        """
        now = self.wiring.edge.clock()
        away = list(self._away.values())
        for one in away:
            self._end_turn(one, now)
        self._away.clear()
        self._give_back((*self._waiting, *away))

    # --- the way of a feed -------------------------------------------------------------------

    def _claim(self, asked: deque[str] | None) -> bool:
        """Claim what there is room for; say whether anything was claimed or is still asked for."""
        now = self.wiring.edge.clock()
        tired = [one for one in self._waiting if one.until <= now]
        self._give_back(tired)
        if asked is not None:
            asked.extend(one.state.key for one in tired)
        room = 2 * self.wiring.threads - len(self._waiting) - len(self._away)
        if room <= 0:
            return True
        self._claim_for_errands(now)
        if asked is None:
            claimed = self._store.claim(now, room, lease=LEASE)
            self._queue(claimed, now)
            return bool(claimed)
        keys = [asked.popleft() for _ in range(min(room, len(asked)))]
        claimed = self._store.claim(now, len(keys), lease=LEASE, keys=keys) if keys else ()
        self._queue([state for state in claimed if self._may_be_polled(state, now)], now)
        return bool(keys)

    def _claim_for_errands(self, now: datetime) -> None:
        """Claim the feeds that somebody has an errand for; whoever is not free is tried again."""
        first = {one.key: one for one in reversed(self._errands)}
        keys = [key for key in first if key not in self._away]
        if not keys:
            return
        for state in self._store.claim(now, len(keys), lease=LEASE, keys=keys):
            one = first[state.key]
            self._errands.remove(one)
            self._waiting.append(_Waiting(state, now + WAIT, one.errand, one.quiet))

    def _may_be_polled(self, state: FeedState, now: datetime) -> bool:
        """Give a feed back that was asked for by name, where a poll would break somebody's word."""
        refused = refused_until(state, self.wiring.policy.pace_of(admitted=state.admitted), now)
        if refused is not None:
            self._store.release((state,))
            self._observer.left(state, *refused)
        return refused is None

    def _queue(self, claimed: Iterable[FeedState], now: datetime) -> None:
        """Let claimed feeds wait for their turn, but none that is away: its lease was voided."""
        queued = {state.key: _Waiting(state, now + WAIT) for state in claimed}
        others = (one for one in self._waiting if one.state.key not in queued)
        self._waiting = [*others, *queued.values()]
        self._give_back([one for key, one in queued.items() if key in self._away])

    def _give_back(self, given: Collection[_Waiting]) -> None:
        """End the leases of feeds that wait, or are not polled for some other reason."""
        if given:
            self._waiting = [one for one in self._waiting if one not in given]
            self._store.release([one.state for one in given])

    def _depart(self) -> None:
        """Send out those whose host has its turn: nobody waits behind a host that is not his."""
        now = self.wiring.edge.clock()
        staying = []
        for one in self._waiting:
            room = len(self._away) < self.wiring.threads
            if room and (one.quiet or self.wiring.hosts.start(one.state, now)):
                self._away[one.state.key] = one
                Thread(target=self._run, args=(one,), name=one.state.key, daemon=True).start()
            else:
                staying.append(one)
        self._waiting = staying

    def _end_turn(self, one: _Waiting, at: datetime) -> None:
        if not one.quiet:
            self.wiring.hosts.finish(one.state, at)

    def _run(self, one: _Waiting) -> None:
        state = one.state
        try:
            self._inbox.put(one.errand(state, self.wiring.edge))
        except CancelledError:
            # The client was closed: we are stopping, and this poll has not happened.
            return
        except Exception as error:  # noqa: BLE001 - a bug in one feed's way never ends the run
            now = self.wiring.edge.clock()
            self._inbox.put(Visit(state, now, now, _bug(state.key, error, now)))

    def _messages(self, seconds: float | None) -> list[Message]:
        """Return what has happened, after waiting ``seconds`` at most for the first of it."""
        messages: list[Message] = []
        try:
            messages.append(self._inbox.get(timeout=seconds))
            while len(messages) < BATCH:
                messages.append(self._inbox.get_nowait())
        except Empty:
            pass
        return messages

    def _commit(self, visits: list[Visit]) -> None:
        # A feed that was given back meanwhile may be polled by somebody else by now.
        ours = [visited for visited in visits if self._is_away(visited.state)]
        if not ours:
            return
        for visited in ours:
            self._end_turn(self._away.pop(visited.state.key), visited.ended_at)
        self._apply(ours)

    def _is_away(self, state: FeedState) -> bool:
        away = self._away.get(state.key)
        return away is not None and away.state is state

    def _apply(self, visits: list[Visit]) -> None:
        refreshes = [self._settled(visited) for visited in visits]
        try:
            applied = set(self._store.apply(refreshes))
        except Exception as error:
            if isinstance(error, StoreError) and error.transient:
                raise
            return self._apply_apart(visits, error)
        for visited, refresh in zip(visits, refreshes, strict=True):
            if refresh.key in applied:
                self._observer.polled(visited.state, refresh)
        return None

    def _apply_apart(self, visits: list[Visit], error: Exception) -> None:
        """Commit polls one by one, because of one whose values cannot be stored, whichever it is.

        That one has failed. Raises ``error`` where not even a failure can be stored.
        """
        match visits:
            case [Visit(came=Failed())]:
                raise error
            case [visited]:
                failed = _bug(visited.state.key, error, visited.ended_at)
                self._apply([replace(visited, came=failed)])
            case _:
                for visited in visits:
                    self._apply([visited])

    def _settled(self, visited: Visit) -> Refresh:
        came = visited.came
        entries = came.reading.entries if isinstance(came, Read | Part) else ()
        known = self._store.known(visited.state.key, entries) if entries else ()
        try:
            return settle(visited, known, self.wiring.policy)
        except Exception as error:  # noqa: BLE001 - nor does one in deciding about it
            failed = _bug(visited.state.key, error, visited.ended_at)
            return settle(replace(visited, came=failed), (), self.wiring.policy)


def _bug(key: str, error: Exception, at: datetime) -> Failed:
    """Return what a mistake of ours makes of the poll of one feed."""
    address, what = without_credentials(key), repr(error)[:_TOLD]
    told = f"Reading {address} failed inside the aggregator ({what}): please report it."
    return Failed(ParserFailedError(told), at)


_TOLD = 300
"""Characters of an unforeseen exception that are told: some carry the whole document."""
