"""Looking for feeds, and subscribing to what was found: what was fetched is the first poll."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.app.polling import HOST_GAP, World, opened_edge, sweeping, wired
from aggregator.app.rules import take_up
from aggregator.app.store import opened_store
from aggregator.config.load import load
from aggregator.config.settings import Config, PollSettings
from aggregator.discovery import AFeed, Scout
from aggregator.errors import FeedError
from aggregator.model.feeds import FeedState, Subscription
from aggregator.model.fetching import Fetched, FetchRequest
from aggregator.model.polls import Refresh
from aggregator.pipeline import Clock, Edge, Failed, Fetch, Read, Same, Tell, Visit
from aggregator.store.base import Store
from aggregator.urls import host

HANDOVER = timedelta(minutes=5)
"""How long a feed that is being added is due to nobody else: time to store what was fetched."""

Pause = Callable[[float], object]
"""Waits so many seconds."""


@dataclass(frozen=True, slots=True)
class Spaced:
    """Fetches, and keeps apart what one host is asked: each start at least ``gap`` after the last.

    Or twice as long as its last answer took, where that is longer.
    """

    fetch: Fetch
    gap: timedelta
    clock: Clock
    pause: Pause
    free_at: dict[str, datetime]

    def __call__(self, request: FetchRequest, tell: Tell) -> Fetched:
        """Fetch as soon as the host may be asked. Raises `FetchError`."""
        asked = host(request.url)
        if asked is None or not self.gap:
            return self.fetch(request, tell)
        began_at = self.clock()
        wait = self.free_at.get(asked, began_at) - began_at
        if wait > timedelta(0):
            self.pause(wait.total_seconds())
            began_at = self.clock()
        try:
            return self.fetch(request, tell)
        finally:
            self.free_at[asked] = began_at + max(self.gap, 2 * (self.clock() - began_at))


@contextmanager
def opened_scout(
    settings: PollSettings,
    database: Path,
    world: World | None = None,
    pause: Pause = time.sleep,
) -> Iterator[tuple[Scout, Edge]]:
    """Open a way to publishers for somebody who looks for feeds, and for what is then polled.

    What hosts have told the ``database`` of https holds for them too, if there is one.
    """
    world = world or World()
    if database.exists():
        with opened_store(database) as store:
            world.strict.learn(*store.strict_hosts())
    gap = HOST_GAP if settings.host_gap is None else settings.host_gap
    with world.workers(1) as workers, opened_edge(settings, world, workers) as edge:
        spaced = Spaced(edge.fetch, gap, edge.clock, pause, {})
        yield Scout(replace(edge, fetch=spaced)), edge


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
            reading = edge.read(found.document, state.key)
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
