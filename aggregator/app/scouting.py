"""Looking for feeds, and subscribing to what was found: what was fetched is the first poll."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.app.polling import World, hosts, opened_edge, sweeping, wired
from aggregator.app.rules import take_up
from aggregator.app.store import opened_store
from aggregator.config.load import load
from aggregator.config.settings import Config, PollSettings
from aggregator.discovery import AFeed, Scout
from aggregator.errors import FeedError, HttpStatusError
from aggregator.fetch.politeness import Hosts
from aggregator.model.feeds import FeedState, Subscription
from aggregator.model.fetching import Fetched, FetchRequest
from aggregator.model.polls import Refresh
from aggregator.pipeline import Clock, Edge, Failed, Fetch, Read, Same, Tell, Visit
from aggregator.politeness import (
    Ask,
    Away,
    Busy,
    Granted,
    KnownHost,
    Picture,
    Rests,
    Verdict,
    judge,
)
from aggregator.store.base import Store

HANDOVER = timedelta(minutes=5)
"""How long a feed that is being added is due to nobody else: time to store what was fetched."""

_LOOK_AGAIN_SECONDS = 1.0

Pause = Callable[[float], object]
"""Waits so many seconds."""


Turns = Callable[[Ask, datetime], Verdict]
"""Begins a visit if it is its turn in view of every process on the store, and says what it is."""


def _alone(_ask: Ask, _now: datetime) -> Verdict:
    return Granted()


@dataclass(frozen=True, slots=True)
class Spaced:
    """Fetches when it is a host's turn, as `politeness` says of polls; ``turns`` are the store's.

    ``known`` is what was asked so far: what a request took is in the ledger only later.
    """

    fetch: Fetch
    hosts: Hosts
    clock: Clock
    pause: Pause
    turns: Turns = _alone
    known: dict[str, KnownHost] = field(default_factory=dict)

    def __call__(self, request: FetchRequest, tell: Tell) -> Fetched:
        """Fetch as soon as the host may be asked. Raises `FetchError`."""
        ask = self.hosts.ask_for("", "", request.url)
        if ask is None:
            return self.fetch(request, tell)
        self._wait(ask)
        began_at = self.clock()
        try:
            return self.fetch(request, tell)
        finally:
            self.known[ask.host] = KnownHost(began_at, self.clock() - began_at)

    def _wait(self, ask: Ask) -> None:
        """Wait for a turn. Raises `HttpStatusError` where its site has told us to stay away."""
        while True:
            now = self.clock()
            match self._verdict(ask, now):
                case Granted():
                    return
                case Rests(until):
                    self.pause((until - now).total_seconds())
                case Busy():
                    self.pause(_LOOK_AGAIN_SECONDS)
                case Away(away):
                    raise HttpStatusError(
                        f"{ask.host} is not asked before {away.until:%Y-%m-%d %H:%M} UTC:"
                        f" {away.reason}.",
                        status=429,
                    )

    def _verdict(self, ask: Ask, now: datetime) -> Verdict:
        (verdict,) = judge([ask], Picture(self.known), now, 1)
        return self.turns(ask, now) if isinstance(verdict, Granted) else verdict


@contextmanager
def opened_scout(
    settings: PollSettings,
    database: Path,
    world: World | None = None,
    pause: Pause = time.sleep,
) -> Iterator[tuple[Scout, Edge]]:
    """Open a way to publishers for somebody who looks for feeds, and for what is then polled.

    What the ``database`` knows of https, of hosts' turns and of sites that are left alone holds
    for them too, if there is one.
    """
    world = world or World()
    turns: Turns = _alone
    with ExitStack() as stack:
        if database.exists():
            store = stack.enter_context(opened_store(database))
            world.strict.learn(*store.strict_hosts())
            turns = _turns_of(store)
        workers = stack.enter_context(world.workers(1))
        edge = stack.enter_context(opened_edge(settings, world, workers))
        spaced = Spaced(edge.fetch, hosts(settings), edge.clock, pause, turns)
        yield Scout(replace(edge, fetch=spaced)), edge


def _turns_of(store: Store) -> Turns:
    def turns(ask: Ask, now: datetime) -> Verdict:
        (verdict,) = store.take_turns([ask], now, 1)
        return verdict

    return turns


def subscribe(
    store: Store,
    config: Config,
    feed: Subscription,
    first_poll: tuple[AFeed, Visit],
    edge: Edge,
    edit: Callable[[], object],
) -> Refresh | None:
    """Subscribe to a feed by an ``edit`` of the configuration, and store its first poll.

    The edit comes first, so that a failed one stores nothing, but within the transaction that
    makes the feed known: a daemon that reads the file at once finds a feed that is due to nobody
    for a while. Whatever ends us after the edit loses nothing: the feed is polled then.

    Return None where somebody else has the feed just now. Raises what the edit raises, and
    `StoreError`.
    """
    # As it is by now: looking took its time, and others may have added feeds meanwhile.
    take_up(store, load(config.path), edge.clock())

    def edited() -> Sequence[Subscription]:
        edit()
        return load(config.path).subscriptions

    store.subscribe_by(edited, edge.clock() + HANDOVER)
    keys = [
        known.key
        for known in store.feeds()
        if known.status != "archived" and feed.location in (known.key, known.fetch_url)
    ]
    heard = _Heard([])
    with sweeping(store, wired(config, edge), heard) as sweep:
        for key in keys[:1]:
            sweep.run_errand(key, _handed_over(*first_poll), quiet=True)
        sweep.round(())
    return next(iter(heard.refreshes), None)


def _handed_over(found: AFeed, first: Visit) -> Callable[[FeedState, Edge], Visit]:
    """Return the errand that brings what was fetched already, and asks nobody."""

    def errand(state: FeedState, edge: Edge) -> Visit:
        visited = replace(first, state=state)
        if found.document.body_hash == state.body_hash:
            return replace(visited, came=Same(found.document))
        if found.url == state.key:
            return visited
        try:
            reading = edge.read(found.document, state.key, state.fingerprints)
        except FeedError as error:
            return replace(visited, came=Failed(error, edge.clock(), found.document))
        return replace(visited, came=Read(found.document, reading))

    return errand


@dataclass(frozen=True, slots=True)
class _Heard:
    refreshes: list[Refresh]

    def polled(self, _: FeedState, refresh: Refresh) -> None:
        self.refreshes.append(refresh)

    def left(self, state: FeedState, until: datetime, reason: str) -> None:
        """Hear nothing: no feed is asked for by name."""

    def told(self, event: str) -> None:
        """Hear nothing: nobody is asked."""
