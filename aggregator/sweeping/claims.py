"""The feeds under our lease: who waits for a turn, who is on the way, who is given back.

::

    store.claim ─▶ waiting ─▶ depart: a thread each ─▶ put(Visit) ─▶ arrived
                      └──────────── given back ◀────────────┘
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Thread

from aggregator.model.feeds import FeedState, Pause
from aggregator.pipeline import Edge, Visit, mistaken, visit
from aggregator.polling import refused_until
from aggregator.store.base import Store
from aggregator.sweeping.turns import Turns
from aggregator.sweeping.watch import is_near
from aggregator.sweeping.wiring import Wiring

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
        self._turns = Turns(store)
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

    def claim(
        self,
        wiring: Wiring,
        asked: deque[str] | None,
        *,
        near: bool = False,
        due_by: datetime | None = None,
    ) -> bool:
        """Claim what there is room for; say whether anything was claimed or is still asked for.

        That is what is due, and was ``due_by`` then already, or the first of the named feeds,
        which are taken off ``asked``; if ``near``, only what can be polled without the network.
        """
        now = wiring.edge.clock()
        tired = [one for one in self._waiting if one.until <= now]
        self._give_back(tired)
        if asked is not None:
            asked.extend(one.state.key for one in tired)
        room = 2 * wiring.threads - len(self._waiting) - len(self._away)
        if room <= 0:
            return True
        self._claim_for_errands(now, quiet=near)
        if asked is None:
            nearby = self._store.due_nearby(min(now, due_by or now), room) if near else None
            claimed = self._store.claim(now, room, lease=LEASE, keys=nearby, due_by=due_by)
            self._queue(claimed, now)
            return bool(claimed)
        keys = [asked.popleft() for _ in range(min(room, len(asked)))]
        claimed = self._store.claim(now, len(keys), lease=LEASE, keys=keys) if keys else ()
        self._queue([state for state in claimed if self._may_be_polled(state, wiring, now)], now)
        if near:
            self.give_back_far()
        return bool(keys)

    def depart(self, wiring: Wiring) -> None:
        """Send out those whose host has its turn: nobody waits behind a host that is not his."""
        now = wiring.edge.clock()
        room = wiring.threads - len(self._away)
        quiet = [one.state.key for one in self._waiting if one.quiet][:room]
        loud = [one.state for one in self._waiting if not one.quiet]
        started = self._turns.start(wiring.hosts, loud, room - len(quiet), len(self._away), now)
        keys = started.going.union(quiet)
        going = [one for one in self._waiting if one.state.key in keys]
        self._waiting = [one for one in self._waiting if one.state.key not in keys]
        for one in going:
            self._away[one.state.key] = one
            Thread(
                target=self._run, args=(one, wiring.edge), name=one.state.key, daemon=True
            ).start()
        self._leave_alone(dict(started.left))

    def next_turn(self, wiring: Wiring) -> float | None:
        """Return in how many seconds somebody may depart who may not yet, None if nobody may."""
        loud = [one.state for one in self._waiting if not one.quiet]
        return self._turns.next_look(wiring.hosts, loud, wiring.edge.clock())

    def arrived(self, visits: Iterable[Visit]) -> list[Visit]:
        """Return the visits that are ours, and count them as away no more.

        A feed that was given back meanwhile may be polled by somebody else by now.
        """
        ours = [visited for visited in visits if self._is_away(visited.state)]
        for visited in ours:
            del self._away[visited.state.key]
        self._turns.ended()
        return ours

    def give_back_waiting(self) -> None:
        """Give back who has not departed: they are still due."""
        self._give_back(self._waiting)

    def give_back_far(self) -> None:
        """Give back who has not departed and cannot be polled without the network."""
        self._give_back([one for one in self._waiting if not (one.quiet or is_near(one.state))])

    def release(self) -> None:
        """Give back every feed: what comes of a visit under way counts for nothing any more."""
        away = list(self._away.values())
        self._away.clear()
        self._turns.ended()
        self._give_back(self._waiting)
        if away:
            self._store.release([one.state for one in away])

    def _claim_for_errands(self, now: datetime, *, quiet: bool) -> None:
        """Claim the feeds that somebody has an errand for; whoever is not free is tried again.

        If ``quiet``, those with errands that ask somebody wait. What nobody can claim any more,
        as it was paused or archived meanwhile, is forgotten.
        """
        first = {one.key: one for one in reversed(self._errands) if one.quiet or not quiet}
        keys = [key for key in first if key not in self._away]
        if not keys:
            return
        for state in self._store.claim(now, len(keys), lease=LEASE, keys=keys):
            one = first[state.key]
            self._errands.remove(one)
            self._waiting.append(_Waiting(state, now + WAIT, one.errand, one.quiet))
            keys.remove(state.key)
        if keys:
            gone = frozenset(keys) - self._store.claimable(keys)
            self._errands = [one for one in self._errands if one.key not in gone]

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
        """End the leases of feeds that wait; their errands are still to be done."""
        if given:
            self._waiting = [one for one in self._waiting if one not in given]
            undone = (one for one in given if one.errand is not visit)
            self._errands[:0] = (_Errand(one.state.key, one.errand, one.quiet) for one in undone)
            self._store.release([one.state for one in given])

    def _is_away(self, state: FeedState) -> bool:
        away = self._away.get(state.key)
        return away is not None and away.state is state

    def _leave_alone(self, paused: Mapping[str, Pause]) -> None:
        """Give back those whose site wants to be left alone; an errand waits for its end."""
        left = [one for one in self._waiting if one.state.key in paused and one.errand is visit]
        self._give_back(left)
        for one in left:
            pause = paused[one.state.key]
            self._left(one.state, pause.until, pause.reason)

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
