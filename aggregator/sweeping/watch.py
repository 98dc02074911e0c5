"""Failures that may be our own network's: held back until it is decided whose they are.

Nothing that `outage` decides on costs a request: where polls do not tell, a probe asks name
servers and the system's routes about hosts of other feeds. Feeds of networks of our own, and
files, have no part in any of this.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import Thread

from aggregator.durations import show_duration
from aggregator.errors import UnreachableError
from aggregator.fetch.routing import WITNESSES
from aggregator.model.feeds import FeedState
from aggregator.outage import (
    ENOUGH_HOSTS,
    FEWEST_HOSTS,
    Away,
    Belief,
    Fine,
    Suspected,
    Try,
    is_probe_due,
    probed,
    tried,
)
from aggregator.pipeline import Failed, Visit
from aggregator.store.base import Store
from aggregator.sweeping.wiring import Wiring
from aggregator.urls import host

PROBED = 2 * ENOUGH_HOSTS
"""Hosts that a probe asks about: half of them may have been heard of from a cache."""

Call = Callable[[], object]
"""What is to be called on the store's thread."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Visits that happened, and those that did not: their feeds are as due as they were."""

    happened: tuple[Visit, ...]
    void: tuple[Visit, ...] = ()


class Watch:
    """Watches over our own network, on the store's thread.

    ``call`` has something called on that thread, from any other; ``conclude`` is told what was
    decided, ``told`` when the network goes away and when it is back.
    """

    def __init__(
        self,
        store: Store,
        call: Callable[[Call], object],
        conclude: Callable[[Decided], object],
        told: Callable[[str], object],
    ) -> None:
        self._store = store
        self._call = call
        self._conclude = conclude
        self._told = told
        self._belief: Belief = Fine()
        self._held: tuple[Visit, ...] = ()
        self._is_probing = False

    @property
    def is_away(self) -> bool:
        """Whether our network is away: only what is near may be polled."""
        return isinstance(self._belief, Away)

    @property
    def is_probing(self) -> bool:
        """Whether something will be decided soon, by itself."""
        return self._is_probing

    @property
    def held(self) -> tuple[FeedState, ...]:
        """The feeds whose polls are held back."""
        return tuple(visited.state for visited in self._held)

    def hear(self, visits: Sequence[Visit], wiring: Wiring) -> None:
        """Learn from visits that ended, and conclude what can be concluded."""
        tries = [one for one in map(_try, visits) if one is not None]
        lost_at = [one.at for one in tries if one.lost]
        if lost_at and isinstance(self._belief, Fine):
            self._suspect(min(lost_at), wiring)
        if isinstance(self._belief, Suspected):
            now = wiring.edge.clock()
            self._believe(tried(self._belief, tries, now), now)
        self._held += tuple(visited for visited in visits if _is_lost(visited))
        self._decide(tuple(visited for visited in visits if not _is_lost(visited)))

    def look(self, wiring: Wiring) -> None:
        """Probe again, if the network is away and the time has come; to be called often."""
        belief = self._belief
        if isinstance(belief, Away) and is_probe_due(belief, wiring.edge.clock()):
            self._probe(belief, self._hosts(), wiring)

    def forget_held(self) -> None:
        """Let go of what is held back: as if it had not been."""
        self._held = ()

    def _decide(self, ordinary: tuple[Visit, ...] = ()) -> None:
        match self._belief:
            case Suspected():
                decided = Decided(ordinary)
            case Fine():
                decided, self._held = Decided((*self._held, *ordinary)), ()
            case Away():
                decided, self._held = Decided(ordinary, self._held), ()
        self._conclude(decided)

    def _believe(self, belief: Belief, now: datetime) -> None:
        before, self._belief = self._belief, belief
        match before, belief:
            case Fine() | Suspected(), Away():
                self._told("the network is away: polling pauses, and no feed is blamed")
            case Away(since), Fine():
                self._told(f"the network is back after {show_duration(now - since)}")
            case _:
                pass

    def _suspect(self, since: datetime, wiring: Wiring) -> None:
        hosts = self._hosts()
        belief = Suspected(since, len(hosts))
        self._believe(belief, wiring.edge.clock())
        self._probe(belief, hosts, wiring)

    def _hosts(self) -> tuple[str, ...]:
        return self._store.hosts_to_probe(PROBED)

    def _probe(self, belief: Suspected | Away, hosts: tuple[str, ...], wiring: Wiring) -> None:
        """Begin to ask about hosts, on a thread of its own, unless that is under way."""
        if not self._is_probing:
            self._is_probing = True
            witnesses = tuple(WITNESSES)[: max(0, FEWEST_HOSTS - len(hosts))]
            ask = partial(self._ask, belief, (*hosts, *witnesses), wiring)
            Thread(target=ask, name="probe", daemon=True).start()

    def _ask(self, belief: Suspected | Away, hosts: tuple[str, ...], wiring: Wiring) -> None:
        try:
            lost = wiring.reach.unreachable(hosts)
            tries = [Try(one, wiring.edge.clock(), one in lost) for one in hosts]
        except Exception:  # noqa: BLE001 - whatever keeps us from asking, nobody was lost by it
            tries = []
        self._call(partial(self._answered, belief, tries, wiring))

    def _answered(self, asked: Suspected | Away, tries: list[Try], wiring: Wiring) -> None:
        """Learn from a probe that was begun when we believed what ``asked`` says."""
        self._is_probing = False
        belief, now = self._belief, wiring.edge.clock()
        if isinstance(belief, Fine):
            return
        if (type(belief), belief.since) == (type(asked), asked.since):
            self._believe(probed(belief, tries, now), now)
            self._decide()
        elif isinstance(belief, Suspected):
            # Polls have settled that one meanwhile, and aroused another.
            self._probe(belief, self._hosts(), wiring)


def is_near(state: FeedState) -> bool:
    """Tell whether a feed can be polled without the network that may be away."""
    return state.admitted or not state.fetch_url.startswith(("http:", "https:"))


def _is_lost(visited: Visit) -> bool:
    came, asked = visited.came, visited.asked
    return (
        isinstance(came, Failed)
        and came.error.code == UnreachableError.code
        and not is_near(visited.state)
        and all(request.purpose in ("poll", "redirect") for request in asked)
    )


def _try(visited: Visit) -> Try | None:
    """Return what a poll says about the network: the last host that it asked answered, or not."""
    if is_near(visited.state) or not visited.asked:
        return None
    name = host(visited.asked[-1].hop.url)
    return None if name is None else Try(name, visited.ended_at, _is_lost(visited))
