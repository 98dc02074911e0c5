"""A week in the life of a poller, in simulated time: what two thousand publishers think of it."""

import gc
import os
import resource
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest

from aggregator.fetch.client import Client, ClientSettings
from aggregator.fetch.guard import Address
from aggregator.fetch.patience import Timeouts
from aggregator.fetch.politeness import Hosts
from aggregator.fetch.reach import Reach
from aggregator.model.feeds import FeedState
from aggregator.model.polls import Outcome, Refresh
from aggregator.pipeline import Edge, read
from aggregator.polling import Pace
from aggregator.settling import Policy
from aggregator.store.sqlite import SqliteStore
from aggregator.sweeping.sweep import Sweep
from aggregator.sweeping.wiring import Wiring
from aggregator.tagger import Tagger
from tests.builders import NOW, subscription
from tests.internet import Away, Internet
from tests.lean import LeanPublisher
from tests.scenario import AGENT, NO_TIME, Clock
from tests.soaking import (
    DAY,
    HEALTHY,
    HOST_GAP,
    HOUR,
    LONGEST_GAP,
    VALIDATED,
    Book,
    Kind,
    addresses,
    planned,
)
from tests.virtual import VirtualInbox, live

MIB = 1024 * 1024


class Counted:
    """An observer that counts, and keeps nothing else."""

    def __init__(self) -> None:
        self.outcomes = Counter[str]()
        self.failed = Counter[str]()
        self.events: list[str] = []

    def polled(self, state: FeedState, refresh: Refresh) -> None:
        self.outcomes[refresh.poll.outcome.value] += 1
        if refresh.poll.outcome is Outcome.FAILED:
            self.failed[state.key] += 1

    def left(self, state: FeedState, until: datetime, reason: str) -> None:
        self.outcomes["left"] += 1

    def told(self, event: str) -> None:
        self.events.append(event)


@dataclass(frozen=True, slots=True)
class World:
    """A poller and its publishers, in virtual time."""

    book: Book
    clock: Clock
    store: SqliteStore
    sweep: Sweep
    internet: Internet
    heard: Counted

    def live(self, time: timedelta) -> None:
        live(self.sweep, self.store, self.clock, self.clock() + time)


@contextmanager
def world(directory: Path, feeds: int, hosts: int, *, hangs: int, total: float) -> Iterator[World]:
    clock, heard = Clock(), Counted()
    plan = planned(feeds, hosts, hangs)
    book = Book(clock, NOW, plan, addresses(plan))
    known = {host: (ip_address(place),) for host, place in book.addresses.items()}

    def resolve(host: str) -> tuple[Address, ...]:
        if host.endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return known[host]

    with ExitStack() as opened:
        publisher = opened.enter_context(LeanPublisher(book.hear, book.ended))
        internet = Internet(resolve, publisher.port)
        store = SqliteStore(directory / "soak.db")
        opened.callback(store.close)
        # That a commit survives a power cut is none of our business here, and takes half the time.
        store.database.execute("PRAGMA synchronous = OFF")
        # A cache that grows with the database, up to its bound, would pass for a leak.
        store.database.execute("PRAGMA cache_size = -2048")
        settings = ClientSettings(timeouts=Timeouts(total=total))
        client = Client(settings, clock, resolve=internet.resolve, dial=internet.dial)
        opened.callback(client.close)
        wiring = Wiring(
            edge=Edge(client.fetch, read, clock, AGENT),
            policy=Policy(Tagger(()), Pace(), Pace(floor=NO_TIME)),
            hosts=Hosts(HOST_GAP, NO_TIME, paced=True),
            threads=64,
            reach=Reach(internet.resolve, internet.route),
        )
        inbox = VirtualInbox(clock)
        sweep = Sweep(store, wiring, heard, inbox)
        inbox.in_flight = lambda: sweep.under_way
        store.subscribe([subscription(feed.url) for feed in plan], clock())
        yield World(book, clock, store, sweep, internet, heard)


def memory_bytes() -> int:
    """Return what this process has in memory, freed things that are not yet given back apart."""
    gc.collect()
    if sys.platform == "linux":
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def open_files() -> int:
    return len(os.listdir("/dev/fd"))


def check(lived: World, ended_at: datetime) -> None:
    """Hold what the publishers noted against what a poller owes to them and to its reader."""
    book = lived.book
    assert book.problems == []
    health = {feed.key: feed for feed in lived.store.feeds()}
    for feed in book.feeds:
        found = health[feed.url]
        if feed.kind not in HEALTHY:
            assert found.rhythm.failures == lived.heard.failed[feed.url] >= 2
            assert feed.kind is Kind.UNKNOWN or feed.asked >= 2
            continue
        assert lived.heard.failed[feed.url] == found.rhythm.failures == 0
        assert feed.last_at is not None
        assert max(feed.longest_gap, ended_at - feed.last_at) <= LONGEST_GAP, feed
        if feed.kind in VALIDATED:
            assert feed.whole == 1, feed
        assert found.entries >= book.published(feed, ended_at - LONGEST_GAP)
        assert found.entries <= book.published(feed, ended_at)


@contextmanager
def leaving_nothing() -> Iterator[None]:
    threads, files = set(threading.enumerate()), open_files()
    yield
    for thread in set(threading.enumerate()) - threads:
        thread.join(5)
        assert not thread.is_alive(), thread
    assert open_files() == files


def test_two_days_of_forty_feeds(tmp_path: Path) -> None:
    with leaving_nothing(), world(tmp_path, 40, 8, hangs=0, total=10) as lived:
        lived.live(2 * DAY)
        check(lived, lived.clock())


@pytest.mark.soak
def test_a_week_of_two_thousand_feeds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    with leaving_nothing(), world(tmp_path, 2_000, 200, hangs=6, total=0.5) as lived:
        lived.live(2 * DAY)
        early_bytes = memory_bytes()
        lived.live(DAY)
        lived.internet.go_away(Away.NAMES)
        before = lived.book.requests
        lived.live(2 * HOUR)
        assert lived.book.requests == before
        assert lived.sweep.network_is_away
        lived.internet.come_back()
        lived.live(4 * DAY - 2 * HOUR)
        late_bytes = memory_bytes()
        check(lived, lived.clock())
        # That a host is asked for twice at once would have been seen: of whole sites two are.
        assert max(noted.most for noted in lived.book.hosts.values()) == 2
        assert len(lived.heard.events) == 2
        busiest = max(lived.book.by_minute.values())
    seconds = time.monotonic() - began
    with capsys.disabled():
        sys.stdout.write(
            f"\n{lived.book.requests:,} requests in {seconds:.0f} s"
            f" ({lived.book.requests / seconds:.0f} a second, the busiest simulated minute"
            f" {busiest}), {early_bytes / MIB:.0f} MiB after two days,"
            f" {late_bytes / MIB:.0f} MiB after seven\n{dict(lived.heard.outcomes)}\n"
        )
    assert late_bytes < max(1.1 * early_bytes, early_bytes + 16 * MIB)
