"""A newsroom in small, for tests of whole polls: real store, client and stages, a settable clock.

::

    with Newsroom(tmp_path) as newsroom:
        newsroom.publisher.serve("/feed", Reply(rss("Talks resume")))
        newsroom.subscribe("/feed")
        newsroom.poll()                             # what is due, once
        assert newsroom.titles() == ["Talks resume"]

Its publisher has a public address, as far as the poller can tell: floors and gaps hold for it.
Every name under ``.example`` has another, but for those that end in ``-together.example``.
Names under ``.internal`` lead to this machine, which nothing admits unless a test says so.
"""

import socket
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from xml.sax.saxutils import escape
from zlib import crc32

from aggregator.fetch.client import Client, ClientSettings
from aggregator.fetch.files import read_file
from aggregator.fetch.guard import Address
from aggregator.fetch.politeness import Hosts
from aggregator.fetch.reach import Reach
from aggregator.model.entries import TaggedEntry
from aggregator.model.feeds import FeedState
from aggregator.model.fetching import Fetched, FetchRequest
from aggregator.model.polls import Refresh
from aggregator.pipeline import Edge, Tell, read
from aggregator.polling import Pace
from aggregator.settling import Policy
from aggregator.store.base import FeedHealth, Search, Store
from aggregator.store.sqlite import SqliteStore
from aggregator.sweeping.sweep import Sweep
from aggregator.sweeping.wiring import Wiring
from aggregator.tagger import Tagger
from tests.builders import NOW, subscription
from tests.empty import empty_database
from tests.internet import LOOPBACK, Internet
from tests.publisher import Publisher, Seen

HOST = "news.example"
AGENT = "aggregator/0.1.0 (+https://newsroom.example/reader)"
"""Who asks; the requests for a feed bear its id as well."""
PUBLIC = ip_address("93.184.216.34")
NO_TIME = timedelta(0)


class Clock:
    """A clock that stands until it is set."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **time: float) -> None:
        self.at += timedelta(**time)


class Heard:
    """What a sweep told its observer."""

    def __init__(self) -> None:
        self.refreshes: list[Refresh] = []
        self.left_alone: list[tuple[str, datetime, str]] = []
        self.events: list[str] = []

    def polled(self, state: FeedState, refresh: Refresh) -> None:
        assert state.key == refresh.key
        self.refreshes.append(refresh)

    def left(self, state: FeedState, until: datetime, reason: str) -> None:
        self.left_alone.append((state.key, until, reason))

    def told(self, event: str) -> None:
        self.events.append(event)


class Newsroom:
    """A sweep over a database in ``directory``, with what it polls; ``wiring`` may be changed."""

    def __init__(
        self,
        directory: Path,
        *,
        settings: ClientSettings | None = None,
        policy: Policy | None = None,
        hosts: Hosts | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.clock = clock or Clock()
        self._open = ExitStack()
        self.publisher = self._open.enter_context(Publisher())
        self.path = directory / "aggregator.db"
        if not self.path.exists():
            empty_database(self.path)
        self.store = SqliteStore(self.path)
        self._open.callback(self.store.close)
        settings = settings or ClientSettings()
        self.internet = Internet(_resolve, self.publisher.port)
        self._open.callback(self.internet.come_back)
        self.client = Client(
            settings, self.clock, resolve=self.internet.resolve, dial=self.internet.dial
        )
        self._open.callback(self.client.close)
        self.heard = Heard()
        self.wiring = Wiring(
            edge=Edge(self.fetch, read, self.clock, AGENT, self.client.post),
            policy=policy or Policy(Tagger(()), Pace(), Pace(floor=NO_TIME)),
            hosts=hosts or Hosts(NO_TIME, NO_TIME),
            threads=8,
            reach=Reach(self.internet.resolve, self.internet.route, settings.timeouts),
        )
        self.sweep = self.sweep_over(self.store)

    def sweep_over(self, store: Store, heard: Heard | None = None) -> Sweep:
        """Return another sweep in the same world."""
        return Sweep(store, self.wiring, heard or self.heard)

    def fetch(self, request: FetchRequest, tell: Tell) -> Fetched:
        if request.url.startswith("file:"):
            return read_file(request.url, now=self.clock())
        return self.client.fetch(request, tell)

    # --- what tests do -------------------------------------------------------------------------

    def subscribe(self, *paths: str, **changes: Any) -> None:
        """Subscribe to these paths (or urls) and nothing else."""
        wanted = [subscription(url(path), **changes) for path in paths]
        self.store.subscribe(wanted, self.clock())

    def poll(self, *paths: str) -> list[Refresh]:
        """Poll the named feeds, or what is due; return what was committed."""
        before = len(self.heard.refreshes)
        assert self.sweep.round([url(path) for path in paths] if paths else None)
        return self.heard.refreshes[before:]

    def poll_next(self) -> Refresh:
        """Poll when the next feed is due, which only one may be."""
        due_at = self.store.next_due_at()
        assert due_at is not None
        self.clock.at = max(self.clock.at, due_at)
        (refresh,) = self.poll()
        return refresh

    # --- what tests look at --------------------------------------------------------------------

    def seen(self, path: str = "/feed") -> tuple[Seen, ...]:
        return self.publisher.seen(path)

    def entries(self) -> tuple[TaggedEntry, ...]:
        return self.store.search(Search(now=self.clock()))

    def titles(self) -> list[str]:
        return [found.entry.title for found in self.entries()]

    def health(self, path: str = "/feed") -> FeedHealth:
        (found,) = (feed for feed in self.store.feeds() if feed.key == url(path))
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # Store and client first, so that the publisher finds its connections closed.
        self._open.close()


def _resolve(host: str) -> tuple[Address, ...]:
    if host == HOST or host.endswith("-together.example"):
        return (PUBLIC,)
    if host.endswith(".example"):
        return (PUBLIC + 1 + crc32(host.encode()) % 4000,)
    if host.endswith(".internal"):
        return (LOOPBACK,)
    raise socket.gaierror(socket.EAI_NONAME, "no such name")


def url(path: str) -> str:
    """Return the address of a path at the publisher; a whole url stays as it is."""
    return f"http://{HOST}{path}" if path.startswith("/") else path


def rss(*titles: str, head: str = "", title: str = "News") -> bytes:
    """Return a document with these items, the newest first; ``head`` goes into its channel."""
    return (
        f'<rss version="2.0"><channel><title>{escape(title)}</title>{head}'
        f"{''.join(_items(titles))}</channel></rss>"
    ).encode()


def _items(titles: Iterable[str]) -> Iterable[str]:
    for title in titles:
        slug = title.lower().replace(" ", "-")
        yield (
            f"<item><title>{escape(title)}</title><guid>http://{HOST}/{slug}</guid>"
            f"<link>http://{HOST}/{slug}</link></item>"
        )
