"""Documents named on the command line → what a first poll of each would store."""

import hashlib
import re
import sys
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from ipaddress import ip_network
from pathlib import Path
from threading import Lock

from aggregator.app.polling import World, opened_edge, policy
from aggregator.config.settings import Config, Network, PollSettings
from aggregator.errors import EmptyBodyError, FeedError, FetchError, HttpStatusError, UsageError
from aggregator.fetch.decoding import Sizes, decoded
from aggregator.fetch.files import read_file
from aggregator.model.entries import Feed, TaggedEntry
from aggregator.model.feeds import FeedState, Rhythm, Subscription
from aggregator.model.fetching import Document, Fetched, FetchRequest
from aggregator.pipeline import Clock, Edge, Failed, Read, Tell, visit
from aggregator.polling import Pace
from aggregator.settling import Policy, settle
from aggregator.tagger import Tagger
from aggregator.urls import fetchable, host, without_credentials

STDIN = "-"
AT_ONCE = 8
"""How many sources are worked on at once; of one host only one."""

AHEAD = 64
"""How many sources are begun before the first of them is done with."""

EVERYWHERE: tuple[Network, ...] = (ip_network("0.0.0.0/0"), ip_network("::/0"))

_STDIN_URL = "file:///dev/stdin"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://|(?:file|feed|https?):", re.IGNORECASE)
_PIECE_BYTES = 2**16


@dataclass(frozen=True, slots=True)
class Origin:
    """A source as ``written``; ``base_url`` is where its document came from, if that was said."""

    written: str
    base_url: str | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return "standard input" if self.written == STDIN else self.written

    @property
    def location(self) -> str:
        """What to fetch: a URL, also for a path."""
        if self.written == STDIN:
            return _STDIN_URL
        is_url = _SCHEME.match(self.written) is not None
        return self.written if is_url else Path(self.written).absolute().as_uri()


@dataclass(frozen=True, slots=True)
class Previewed:
    """What a first poll of a source would store; ``own_url`` is what it calls its own address."""

    origin: Origin
    feed: Feed
    entries: tuple[TaggedEntry, ...]
    own_url: str | None = None

    @property
    def address(self) -> str | None:
        """The feed's public address: a file has the one that it names, or that we were told."""
        told, location = self.origin.base_url, self.origin.location
        if location.lower().startswith("file:"):
            return self.own_url or told
        return without_credentials(told or location)


@dataclass(frozen=True, slots=True)
class Refused:
    """A source that cannot be fetched or read."""

    origin: Origin
    error: FeedError


def origins(written: Sequence[str], base_url: str | None) -> tuple[Origin, ...]:
    """Return the sources as values. Raises `UsageError` where they make no sense together."""
    if written.count(STDIN) > 1:
        raise UsageError("Standard input can be read once only: give `-` once.")
    if base_url is None:
        return tuple(map(Origin, written))
    if len(written) > 1:
        raise UsageError("--base-url is where one document came from: give one source with it.")
    if not fetchable(base_url):
        raise UsageError(f"--base-url must be a web address, not {base_url!r}.")
    return tuple(Origin(source, base_url) for source in written)


@contextmanager
def opened_preview(
    config: Config | None, sources: int, *, allow_private: bool, world: World | None = None
) -> Iterator["Preview"]:
    """Open the way to so many documents: the client, guard and worker processes of every poll."""
    settings = config.poll if config else PollSettings()
    if allow_private:
        settings = replace(settings, allow_addresses=EVERYWHERE)
    world = world or World()
    with world.workers(sources) as workers, opened_edge(settings, world, workers) as edge:
        yield Preview(edge, config)


class Preview:
    """Reads sources as the first poll of a feed would; stores nothing."""

    def __init__(self, edge: Edge, config: Config | None) -> None:
        self._edge = edge
        self._policy = policy(config) if config else Policy(Tagger(()), Pace(), Pace())
        self._subscriptions = config.subscriptions if config else ()

    def all(self, sources: Sequence[Origin]) -> Iterator[Previewed | Refused]:
        """Yield what came of each, in their order, as soon as it is there.

        No more than `AHEAD` are read before they are asked for: who reads slowly, or waits for
        a slow publisher, does not fill our memory.
        """
        turns = {host(source.location): Lock() for source in sources}
        threads = ThreadPoolExecutor(min(AT_ONCE, len(sources)), thread_name_prefix="preview")
        begun: deque[Future[Previewed | Refused]] = deque()
        try:
            for source in sources:
                if len(begun) == AHEAD:
                    yield begun.popleft().result()
                begun.append(threads.submit(self._in_turn, source, turns))
            while begun:
                yield begun.popleft().result()
        finally:
            threads.shutdown(wait=False, cancel_futures=True)

    def _in_turn(self, source: Origin, turns: Mapping[str | None, Lock]) -> Previewed | Refused:
        name = host(source.location)
        if name is None:  # a file waits for nobody
            return self.one(source)
        with turns[name]:
            return self.one(source)

    def one(self, source: Origin) -> Previewed | Refused:
        """Return what came of one source."""
        try:
            if source.written == STDIN:
                return self.document(source, read_stdin(self._edge.clock))
        except FetchError as error:
            return Refused(source, error)
        return self._result(source, self._edge)

    def document(self, source: Origin, document: Document) -> Previewed | Refused:
        """Return what came of one source whose document is there already."""
        return self._result(source, replace(self._edge, fetch=lambda _request, _heard: document))

    def _result(self, source: Origin, edge: Edge) -> Previewed | Refused:
        visited = visit(self._state(source), replace(edge, fetch=_Fetch(source, edge)))
        match visited.came:
            case Read(_, reading):
                entries = settle(visited, (), self._policy).new
                own = (link.url for link in reading.links if link.relation == "self")
                return Previewed(source, reading.feed, entries, next(own, None))
            case Failed(error):
                return Refused(source, error)
            case _:
                # Without validators nothing can be unmodified: it is gone.
                sentence = f"{source.location} is gone for good (410)."
                return Refused(source, HttpStatusError(sentence, status=410))

    def _state(self, source: Origin) -> FeedState:
        """Return a feed that was never polled; one of the configuration goes by its own key."""
        location = source.location
        own = Subscription(source.base_url or location, location)
        asked = next(
            (known for known in self._subscriptions if known.location in (own.url, location)), own
        )
        return FeedState(
            key=asked.url,
            fetch_url=location,
            name=asked.name or without_credentials(asked.url),
            labels=asked.labels,
            token="",
            rhythm=Rhythm(),
            due_at=self._edge.clock(),
        )


@dataclass(frozen=True, slots=True)
class _Fetch:
    """Fetches one source and says where it came from."""

    source: Origin
    edge: Edge

    def __call__(self, request: FetchRequest, tell: Tell) -> Fetched:
        fetched = self.edge.fetch(request, tell)
        if self.source.base_url and isinstance(fetched, Document):
            return replace(fetched, url=self.source.base_url)
        return fetched


def read_local(source: Origin, clock: Clock) -> Document:
    """Read a file or standard input. Raises `FetchError`, also for an address elsewhere."""
    if source.written == STDIN:
        return read_stdin(clock)
    return read_file(source.location, now=clock())


def read_stdin(clock: Clock) -> Document:
    """Read standard input to its end, within the limits of what comes over the network.

    Raises `EmptyBodyError`, `TooLargeError` or `DecodingFailedError`.
    """
    pieces = iter(lambda: sys.stdin.buffer.read(_PIECE_BYTES), b"")
    body = b"".join(decoded(pieces, (), Sizes(), source="Standard input"))
    if not body or body.isspace():
        raise EmptyBodyError("Standard input is empty.")
    digest = hashlib.sha256(body).hexdigest()
    return Document(_STDIN_URL, body, digest, clock(), admitted=True)
