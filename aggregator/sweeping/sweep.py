"""Many polls: one loop that claims the due, hears what came of visits and has it committed.

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
from collections.abc import Iterable
from datetime import datetime
from enum import Enum, auto
from queue import Empty, SimpleQueue
from typing import Protocol

from aggregator import archives
from aggregator.errors import StoreError
from aggregator.model.feeds import FeedState
from aggregator.model.polls import Refresh
from aggregator.pipeline import Visit
from aggregator.store.base import Store
from aggregator.sweeping.claims import Claims, Errand
from aggregator.sweeping.committing import Commits
from aggregator.sweeping.watch import Call, Decided, Watch
from aggregator.sweeping.wiring import Wiring

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

    def told(self, event: str) -> None:
        """Hear of something that is no poll: that the network went away, or came back."""


Message = Visit | Signal | Call


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
        self._inbox = SimpleQueue[Message]() if inbox is None else inbox
        self._claims = Claims(store, self._inbox.put, observer.left)
        self._observer = observer
        self._commits = Commits(store, self._polled)
        self._watch = Watch(store, self._inbox.put, self._conclude, observer.told)

    # --- for commands ------------------------------------------------------------------------

    def round(self, keys: Iterable[str] | None = None) -> bool:
        """Poll what is due, or the named feeds, and return when all of it is committed.

        Return whether the round was finished: `Signal.STOP` ends it early. If the
        `network_is_away`, feeds that need it were left as they are.
        """
        asked = None if keys is None else deque(keys)
        # What falls due meanwhile is for the next round: this one might never end.
        begun_at = self.wiring.edge.clock()
        while self._claim(asked, begun_at) or self.busy:
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
        no host's turn. One whose feed is paused or archived meanwhile is forgotten.
        """
        self._claims.add_errand(key, errand, quiet=quiet)

    def claim_due(self) -> None:
        """Claim as many due feeds as can be visited soon."""
        self._claim(None)
        self._claims.depart(self.wiring)

    @property
    def busy(self) -> bool:
        """Whether a claimed feed waits for its turn, or for what comes of its poll."""
        return bool(self._claims.waiting or self._claims.away or self._watch.held)

    @property
    def under_way(self) -> bool:
        """Whether something will happen by itself: a visit ends, or a probe of the network."""
        return bool(self._claims.away) or self._watch.is_probing

    @property
    def network_is_away(self) -> bool:
        """Whether polling pauses, because it is our own network that fails."""
        return self._watch.is_away

    def turn(self, seconds: float | None = None) -> tuple[Signal, ...]:
        """Wait for the next thing to happen, ``seconds`` at most, and deal with it.

        Without ``seconds`` nobody waits where nothing will come: whoever was the last to wait for
        a turn may just have been left alone. Visits that ended are committed; signals are returned.
        """
        self._claims.depart(self.wiring)
        most = 0.0 if seconds is None and not self.busy else seconds
        limits = [
            limit for limit in (most, self._claims.next_turn(self.wiring)) if limit is not None
        ]
        messages = self._messages(min(limits, default=None))
        signals = tuple(message for message in messages if isinstance(message, Signal))
        calls = deque(message for message in messages if not isinstance(message, Visit | Signal))
        try:
            self._commit([message for message in messages if isinstance(message, Visit)])
            while calls:
                calls.popleft()()
        except StoreError:
            # Whoever goes on after a full disk must still hear that it was told to stop, and
            # what others wait for must still be called.
            for signal in signals:
                self.signal(signal)
            for call in calls:
                self.call(call)
            raise
        return signals

    def finish(self, seconds: float) -> tuple[Signal, ...]:
        """Let the visits under way end, in ``seconds`` at most, and give everything else back.

        Signals that come meanwhile are returned; `Signal.STOP` ends the waiting at once.
        """
        self._claims.give_back_waiting()
        ends_at = time.monotonic() + seconds
        signals: tuple[Signal, ...] = ()
        try:
            while self.under_way and Signal.STOP not in signals and time.monotonic() < ends_at:
                signals += self.turn(max(0.0, ends_at - time.monotonic()))
        finally:
            self.release()
        return signals

    def release(self) -> None:
        """Give back every feed that was claimed and is not committed: it is still due.

        What comes of a visit that is under way counts for nothing any more.
        """
        self._claims.release()
        if self._watch.held:
            self._store.release(self._watch.held)
            self._watch.forget_held()

    def _claim(self, asked: deque[str] | None, due_by: datetime | None = None) -> bool:
        self._watch.look(self.wiring)
        return self._claims.claim(self.wiring, asked, near=self._watch.is_away, due_by=due_by)

    def _commit(self, visits: list[Visit]) -> None:
        ours = self._claims.arrived(visits)
        if ours:
            self._watch.hear(ours, self.wiring)

    def _conclude(self, decided: Decided) -> None:
        if decided.void:
            self._store.release([visited.state for visited in decided.void])
        if self._watch.is_away:
            self._claims.give_back_far()
        if decided.happened:
            self._commits.commit(decided.happened, self.wiring.policy)

    def _polled(self, state: FeedState, refresh: Refresh) -> None:
        """Tell of a poll; and read on where older entries are missing, or asked for."""
        self._observer.polled(state, refresh)
        further = refresh.further
        if further is not None and not self._store.has_read(further.url):
            self.run_errand(refresh.key, archives.reading_of(further))

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
