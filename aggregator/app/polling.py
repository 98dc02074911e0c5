"""From a configuration to everything that polls, wired."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol, TypeVar

from aggregator import __version__
from aggregator.app.store import utc_now
from aggregator.config.settings import Config, PollSettings
from aggregator.fetch.asking import user_agent
from aggregator.fetch.client import Client, ClientSettings
from aggregator.fetch.dialling import Dial, dial
from aggregator.fetch.files import read_file
from aggregator.fetch.lookup import Resolve, system_addresses
from aggregator.fetch.politeness import Hosts
from aggregator.fetch.reach import Reach
from aggregator.fetch.routing import Route, route
from aggregator.fetch.strict import StrictHosts
from aggregator.model.boilerplate import Fingerprints
from aggregator.model.fetching import Document, Fetched, FetchRequest
from aggregator.parse.discovery import find_feeds
from aggregator.parse.expat import refuse_old_expat
from aggregator.parse.workers import Workers
from aggregator.pipeline import Clock, Edge, Fetch, Reading, Reads, Tell, read
from aggregator.polling import USUAL_FLOOR, Pace
from aggregator.settling import Policy
from aggregator.store.base import Store
from aggregator.sweeping.sweep import Observer, Sweep
from aggregator.sweeping.wiring import Wiring
from aggregator.tagger import Tagger

_T = TypeVar("_T")

MOST_PARSERS = 4
"""Parsing processes at most: each takes some 60 MiB, and one writer commits what they read.

They start all at once, a quarter of a second of processor time each: few documents need few.
"""

_HOST_GAP = timedelta(seconds=2)


class Runs(Protocol):
    """Where documents are read."""

    def run(self, function: Callable[..., _T], /, *arguments: object) -> _T:
        """Return ``function(*arguments)``. Raises the `AggregatorError` that it raises."""
        ...


def workers_for(documents: int) -> Workers:
    """Return the processes that read so many documents; the caller closes them.

    None starts before the first document. Raises `ParserFailedError` where none should: this
    Python cannot read what is hostile.
    """
    refuse_old_expat()
    return Workers(max(1, min(MOST_PARSERS, os.cpu_count() or 1, documents)))


@dataclass(frozen=True, slots=True)
class World:
    """The clock, the network and where documents are read: the demo has its own of the first two.

    ``strict`` is what hosts have said of https, known to every client of this world. ``paced``
    says that starts are let out of a bucket: a clock that stands fills none. ``workers`` opens
    what reads so many documents.
    """

    clock: Clock = utc_now
    resolve: Resolve = system_addresses
    dial: Dial = dial
    route: Route = route
    strict: StrictHosts = field(default_factory=StrictHosts)
    paced: bool = True
    workers: Callable[[int], AbstractContextManager[Runs]] = workers_for


def policy(config: Config) -> Policy:
    """Return what a configuration decides about every poll."""
    settings = config.poll
    return Policy(
        tagger=Tagger(config.rules),
        pace=_pace(settings, USUAL_FLOOR),
        own_pace=_pace(settings, timedelta(0)),
        hears_hubs=config.serve is not None,
    )


def _pace(settings: PollSettings, floor: timedelta) -> Pace:
    return Pace(
        floor=floor if settings.floor is None else settings.floor,
        max_interval=settings.max_interval,
    )


def hosts(settings: PollSettings) -> Hosts:
    """Return what a configuration has us owe to hosts."""
    gap = settings.host_gap
    return Hosts(
        _HOST_GAP if gap is None else gap,
        gap or timedelta(0),
        settings.allow_addresses,
        paced=True,
    )


@contextmanager
def opened_edge(settings: PollSettings, world: World, workers: Runs) -> Iterator[Edge]:
    """Open the way to publishers; what is under way when it closes is interrupted.

    No connection is made before the first poll.
    """
    client = Client(
        ClientSettings(allow_addresses=settings.allow_addresses, ca_bundle=settings.ca_bundle),
        world.clock,
        resolve=world.resolve,
        dial=world.dial,
        strict=world.strict,
    )
    with closing(client):
        yield Edge(
            fetch=_fetch(client, world.clock),
            read=_read(workers),
            clock=world.clock,
            user_agent=user_agent(__version__, settings.contact),
            post=client.post,
            find=lambda document: workers.run(find_feeds, document),
        )


def _fetch(client: Client, clock: Clock) -> Fetch:
    def fetch(request: FetchRequest, tell: Tell) -> Fetched:
        if request.url.startswith("file:"):
            return read_file(request.url, now=clock())
        return client.fetch(request, tell)

    return fetch


def _read(workers: Runs) -> Reads:
    def read_apart(document: Document, key: str, known: tuple[Fingerprints, ...]) -> Reading:
        return workers.run(read, document, key, known)

    return read_apart


@contextmanager
def opened_wiring(config: Config, world: World, documents: int = MOST_PARSERS) -> Iterator[Wiring]:
    """Wire what polling needs of the outside world, to read so many documents or more."""
    with world.workers(documents) as workers, opened_edge(config.poll, world, workers) as edge:
        wiring = wired(config, edge)
        yield replace(
            wiring,
            hosts=replace(wiring.hosts, paced=world.paced),
            reach=Reach(world.resolve, world.route),
        )


def wired(config: Config, edge: Edge) -> Wiring:
    """Return what a configuration makes of a way out that is open."""
    return Wiring(edge, policy(config), hosts(config.poll), config.poll.workers)


@contextmanager
def opened_sweep(
    config: Config,
    store: Store,
    observer: Observer,
    world: World | None = None,
    documents: int = MOST_PARSERS,
) -> Iterator[Sweep]:
    """Wire everything that polls; on leaving, what was claimed and not polled is given back."""
    world = world or World()
    world.strict.learn(*store.strict_hosts())
    with (
        opened_wiring(config, world, documents) as wiring,
        sweeping(store, wiring, observer) as sweep,
    ):
        yield sweep


@contextmanager
def sweeping(store: Store, wiring: Wiring, observer: Observer) -> Iterator[Sweep]:
    """Poll by what is wired already; what was claimed and not polled is given back."""
    paced = replace(wiring, policy=wiring.policy.at(store.kappa()))
    sweep = Sweep(store, paced, observer)
    try:
        yield sweep
    finally:
        sweep.release()
