"""The feeds under our lease: who waits for a turn, who is on the way, who is given back.

::

    store.claim ─▶ waiting ─▶ depart: a thread each ─▶ put(Visit) ─▶ arrived
                      └──────────── given back ◀────────────┘
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Thread

from aggregator.model import FeedState
from aggregator.pipeline import Edge, Visit, mistaken, visit
from aggregator.polling import refused_until
from aggregator.store.base import Store
from aggregator.wiring import Wiring

LEASE = timedelta(minutes=5)
"""Longer than a claimed feed waits for its host's turn and then for its visit's deadline."""

WAIT = timedelta(minutes=3)
"""How long a claimed feed waits for its turn before it is given back, to be claimed anew: so its
visit ends within the lease, and nobody else polls the feed meanwhile."""

Errand = Callable[[FeedState, Edge], Visit]
"""What is done for a claimed feed, on a thread of its own; usually it is visited."""

Left = Callable[[FeedState, datetime, str], object]
"""Is told of a feed asked for by name that is left alone: until when, and why."""


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


class Claims:
    """Leases in one store, on the store's thread.

    What comes of a visit is ``put``, from its own thread; ``left`` is told of named feeds that
    are left alone.
    """

    def __init__(self, store: Store, put: Callable[[Visit], object], left: Left) -> None:
        self._store = store
        self._put = put
        self._left = left
        self._errands: list[_Errand] = []
        self._waiting: list[_Waiting] = []
        self._away: dict[str, _Waiting] = {}

    @property
    def waiting(self) -> tuple[FeedState, ...]:
        """The claimed feeds whose turn has not come."""
        return tuple(one.state for one in self._waiting)

    @property
    def away(self) -> Collection[str]:
        """The keys of the feeds that are being visited."""
        return self._away.keys()

    def add_errand(self, key: str, errand: Errand, *, quiet: bool) -> None:
        """Let the next claim take this feed too, as soon as it is free."""
        self._errands.append(_Errand(key, errand, quiet))

    def claim(self, wiring: Wiring, asked: deque[str] | None) -> bool:
        """Claim what there is room for; say whether anything was claimed or is still asked for.

        That is what is due, or the first of the named feeds, which are taken off ``asked``.
        """
        now = wiring.edge.clock()
        tired = [one for one in self._waiting if one.until <= now]
        self._give_back(tired)
        if asked is not None:
            asked.extend(one.state.key for one in tired)
        room = 2 * wiring.threads - len(self._waiting) - len(self._away)
        if room <= 0:
            return True
        self._claim_for_errands(now)
        if asked is None:
            claimed = self._store.claim(now, room, lease=LEASE)
            self._queue(claimed, now)
            return bool(claimed)
        keys = [asked.popleft() for _ in range(min(room, len(asked)))]
        claimed = self._store.claim(now, len(keys), lease=LEASE, keys=keys) if keys else ()
        self._queue([state for state in claimed if self._may_be_polled(state, wiring, now)], now)
        return bool(keys)

    def depart(self, wiring: Wiring) -> None:
        """Send out those whose host has its turn: nobody waits behind a host that is not his."""
        now = wiring.edge.clock()
        staying = []
        for one in self._waiting:
            room = len(self._away) < wiring.threads
            if room and (one.quiet or wiring.hosts.start(one.state, now)):
                self._away[one.state.key] = one
                Thread(
                    target=self._run, args=(one, wiring.edge), name=one.state.key, daemon=True
                ).start()
            else:
                staying.append(one)
        self._waiting = staying

    def arrived(self, visits: Iterable[Visit], wiring: Wiring) -> list[Visit]:
        """Return the visits that are ours, and count them as away no more.

        A feed that was given back meanwhile may be polled by somebody else by now.
        """
        ours = [visited for visited in visits if self._is_away(visited.state)]
        for visited in ours:
            self._end_turn(self._away.pop(visited.state.key), wiring, visited.ended_at)
        return ours

    def give_back_waiting(self) -> None:
        """Give back who has not departed: they are still due."""
        self._give_back(self._waiting)

    def release(self, wiring: Wiring) -> None:
        """Give back every feed: what comes of a visit under way counts for nothing any more."""
        now = wiring.edge.clock()
        away = list(self._away.values())
        for one in away:
            self._end_turn(one, wiring, now)
        self._away.clear()
        self._give_back((*self._waiting, *away))

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

    def _may_be_polled(self, state: FeedState, wiring: Wiring, now: datetime) -> bool:
        """Give a feed back that was asked for by name, where a poll would break somebody's word."""
        refused = refused_until(state, wiring.policy.pace_of(admitted=state.admitted), now)
        if refused is not None:
            self._store.release((state,))
            self._left(state, *refused)
        return refused is None

    def _queue(self, claimed: Iterable[FeedState], now: datetime) -> None:
        """Let claimed feeds wait for their turn, but none that is away: its lease was voided."""
        queued = {state.key: _Waiting(state, now + WAIT) for state in claimed}
        others = (one for one in self._waiting if one.state.key not in queued)
        self._waiting = [*others, *queued.values()]
        self._give_back([one for key, one in queued.items() if key in self._away])

    def _give_back(self, given: Sequence[_Waiting]) -> None:
        """End the leases of feeds that wait, or are not polled for some other reason."""
        if given:
            self._waiting = [one for one in self._waiting if one not in given]
            self._store.release([one.state for one in given])

    def _is_away(self, state: FeedState) -> bool:
        away = self._away.get(state.key)
        return away is not None and away.state is state

    def _end_turn(self, one: _Waiting, wiring: Wiring, at: datetime) -> None:
        if not one.quiet:
            wiring.hosts.finish(one.state, at)

    def _run(self, one: _Waiting, edge: Edge) -> None:
        state = one.state
        try:
            self._put(one.errand(state, edge))
        except CancelledError:
            # The client was closed: we are stopping, and this poll has not happened.
            return
        except Exception as error:  # noqa: BLE001 - a bug in one feed's way never ends the run
            now = edge.clock()
            self._put(Visit(state, now, now, mistaken(state.key, error, now)))
