"""Many feeds of many hosts, some of which fail in every way, and what a strict publisher notes.

The publisher's book is in simulated time. What it finds wrong is a sentence in ``problems``.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from enum import Enum, auto

from tests.lean import Answer, Request, Silence, response

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
FLOOR = HOUR
HOST_GAP = timedelta(seconds=2)
LONGEST_GAP = timedelta(hours=30)
"""The longest interval of a living feed is a day; it may be a tenth longer, and then its host's
turn has to come."""

MOST_PROBLEMS = 20
FRESH = 4 * HOUR


class Kind(Enum):
    """What comes of asking for a feed."""

    USUAL = auto()
    """Validators, which are honoured."""
    BARE = auto()
    """A whole document each time, and nothing to recognise it by."""
    FRESH = auto()
    """Validators, and a lifetime."""
    ERROR = auto()
    MISSING = auto()
    BUSY = auto()
    AWAY = auto()
    RESET = auto()
    CUT = auto()
    PAGE = auto()
    GARBLED = auto()
    LOOP = auto()
    UNKNOWN = auto()
    HANG = auto()


HEALTHY = frozenset({Kind.USUAL, Kind.BARE, Kind.FRESH})
VALIDATED = frozenset({Kind.USUAL, Kind.FRESH})
ILL = tuple(kind for kind in Kind if kind not in HEALTHY)
PERIODS = (None, None, timedelta(days=9), timedelta(days=3), None, DAY, timedelta(days=5), DAY / 6)
"""How often feeds publish: most of them hardly ever."""


@dataclass(slots=True)
class Noted:
    """A feed, and what its publisher has noted of those who ask for it."""

    number: int
    host: str
    kind: Kind
    asked: int = 0
    whole: int = 0
    issued: bytes | None = None
    last_at: datetime | None = None
    not_before: datetime | None = None
    longest_gap: timedelta = timedelta(0)
    in_flight: bool = False

    @property
    def url(self) -> str:
        return f"http://{self.host}/feed/{self.number}"

    @property
    def period(self) -> timedelta | None:
        return PERIODS[self.number // 7 % len(PERIODS)]


@dataclass(slots=True)
class HostNoted:
    """A host, or an address that several share, or a domain."""

    in_flight: int = 0
    most: int = 0
    last_at: datetime | None = None
    not_before: datetime | None = None


@dataclass(slots=True)
class Book:
    """All feeds of all publishers, who tell each other; ``clock`` is everybody's."""

    clock: Callable[[], datetime]
    began_at: datetime
    feeds: tuple[Noted, ...]
    addresses: dict[str, str]
    hosts: dict[str, HostNoted] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    by_minute: Counter[int] = field(default_factory=Counter)
    requests: int = 0

    # --- what is published ---------------------------------------------------------------------

    def published(self, feed: Noted, at: datetime) -> int:
        """Return how many entries a feed has had by then: five before we begin."""
        return 5 + (int((at - self.began_at) / feed.period) if feed.period else 0)

    def _published_at(self, feed: Noted, number: int) -> datetime:
        period = feed.period or 12 * HOUR
        return self.began_at + period * (number - 4 if feed.period else number - 25)

    def _document(self, feed: Noted, count: int) -> bytes:
        items = "".join(
            f"<item><guid>{feed.url}/{number}</guid><title>Report {number}</title>"
            f"<pubDate>{format_datetime(self._published_at(feed, number))}</pubDate></item>"
            for number in range(count - 1, max(-1, count - 9), -1)
        )
        return f"<rss version='2.0'><channel><title>F</title>{items}</channel></rss>".encode()

    # --- who asks ------------------------------------------------------------------------------

    def hear(self, request: Request) -> Answer:
        """Note a request, and answer it."""
        self.requests += 1
        _, kind, number = (*request.path.split("/"), "", "")[:3]
        if kind == "back" and number.isdigit():
            return response(302, b"", (b"Location", b"/feed/" + number.encode()))
        feed = self.feeds[int(number)] if number.isdigit() else self.feeds[0]
        if f"http://{request.host}{request.path}" != feed.url or request.method != "GET":
            self._wrong(feed, f"is not what was asked for: {request}")
            return response(404)
        now = self.clock()
        self.by_minute[int((now - self.began_at) / timedelta(minutes=1))] += 1
        self._check_time(feed, now)
        self._check_headers(feed, request)
        self._begin(feed, now)
        return self._answer(feed, request, now)

    def ended(self, request: Request) -> None:
        """Note that a request is answered, or given up."""
        if request.path.startswith("/back/"):
            return
        feed = self.feeds[int(request.path.rpartition("/")[2])]
        feed.in_flight = False
        for noted in self._groups(feed):
            noted.in_flight -= 1

    def _begin(self, feed: Noted, now: datetime) -> None:
        if feed.in_flight:
            self._wrong(feed, "is asked for twice at once")
        if feed.last_at is not None:
            feed.longest_gap = max(feed.longest_gap, now - feed.last_at)
        feed.in_flight, feed.last_at = True, now
        feed.asked += 1
        for noted in self._groups(feed):
            noted.in_flight += 1
            noted.most = max(noted.most, noted.in_flight)
            noted.last_at = now
        if self._groups(feed)[2].in_flight > 2:
            self._wrong(feed, "is asked for while its site is busy with us")

    def _groups(self, feed: Noted) -> tuple[HostNoted, HostNoted, HostNoted]:
        domain = feed.host.partition(".")[2]
        names = (feed.host, self.addresses[feed.host], domain)
        host, address, group = (self.hosts.setdefault(name, HostNoted()) for name in names)
        return host, address, group

    def _check_time(self, feed: Noted, now: datetime) -> None:
        host, address, domain = self._groups(feed)
        if feed.last_at is not None and now - feed.last_at < FLOOR:
            self._wrong(feed, f"is asked for again after {now - feed.last_at}")
        for noted in (feed, domain):
            if noted.not_before is not None and now < noted.not_before:
                self._wrong(feed, f"is asked for {noted.not_before - now} too early")
        if host.last_at is None:
            return  # nor is it known which address it shares
        for noted in (host, address):
            if noted.in_flight:
                self._wrong(feed, "is asked for while its host is busy with us")
            if noted.last_at is not None and now - noted.last_at < HOST_GAP:
                self._wrong(feed, f"is asked for {now - noted.last_at} after its host was")

    def _check_headers(self, feed: Noted, request: Request) -> None:
        for name in (b"cookie", b"referer", b"pragma", b"cache-control", b"authorization"):
            if name in request.headers:
                self._wrong(feed, f"is asked for with {name!r}")
        sent = request.headers.get(b"if-none-match"), request.headers.get(b"if-modified-since")
        if sent == (None, None):
            feed.whole += 1
        expected = (feed.issued, feed.issued and _modified(feed.issued))
        if sent != expected:
            self._wrong(feed, f"is asked for with {sent}, where {expected} was issued")

    def _wrong(self, feed: Noted, sentence: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(f"{feed.url} ({feed.kind.name}) {sentence} [{self.clock()}]")

    # --- what is answered ----------------------------------------------------------------------

    def _answer(self, feed: Noted, request: Request, now: datetime) -> Answer:
        if feed.kind in HEALTHY:
            return self._healthy(feed, now)
        return self._ill(feed, now)

    def _healthy(self, feed: Noted, now: datetime) -> bytes:
        count = self.published(feed, now)
        etag = b'"%d"' % count
        headers = [(b"Set-Cookie", b"seen=%d" % count)]
        if feed.kind is Kind.FRESH:
            headers.append((b"Cache-Control", b"max-age=%d" % FRESH.total_seconds()))
            feed.not_before = now + FRESH
        if feed.kind is Kind.BARE:
            return response(200, self._document(feed, count), *headers)
        if feed.issued == etag:
            return response(304, b"", *headers)
        feed.issued = etag
        validators = ((b"ETag", etag), (b"Last-Modified", _modified(etag)))
        return response(200, self._document(feed, count), *headers, *validators)

    def _ill(self, feed: Noted, now: datetime) -> Answer:
        if feed.kind is Kind.BUSY:
            self._groups(feed)[2].not_before = now + 2 * HOUR
        if feed.kind is Kind.AWAY:
            feed.not_before = now + 5 * HOUR
        document = self._document(feed, 5)
        back = (b"Location", b"/back/%d" % feed.number)
        answers: dict[Kind, Answer] = {
            Kind.ERROR: response(500, b"No."),
            Kind.MISSING: response(404, b"No."),
            Kind.BUSY: response(429, b"", (b"Retry-After", b"7200")),
            Kind.AWAY: response(503, b"", (b"Retry-After", b"18000")),
            Kind.RESET: Silence.RESET,
            Kind.CUT: response(200, document, length=10_000),
            Kind.PAGE: response(200, b"<!doctype html><html><title>Sign in</title></html>"),
            Kind.GARBLED: response(200, b"\x1f\x8b\x08" + document, (b"Content-Encoding", b"gzip")),
            Kind.LOOP: response(302, b"", back),
            Kind.HANG: Silence.HANG,
        }
        return answers[feed.kind]


def _modified(etag: bytes) -> bytes:
    """Return a Last-Modified that nobody could make up."""
    return b"revision " + etag.strip(b'"')


def planned(feeds: int, hosts: int, hangs: int = 6) -> tuple[Noted, ...]:
    """Return so many feeds, the first of each host ill, in turns in every way.

    A host's other feeds are well, but those who limit us or are unknown have hosts of their own.
    """
    noted = []
    for number in range(feeds):
        host = f"h{number % hosts}.site{number % hosts // 4}.example"
        if number >= hosts:
            kind = (Kind.BARE, Kind.FRESH, *[Kind.USUAL] * 8)[number // 3 % 10]
        else:
            kind = ILL[number % len(ILL)]
            if kind is Kind.HANG and number >= hangs * len(ILL):
                kind = Kind.ERROR
            if kind is Kind.BUSY:
                host = f"h{number}.busy{number // 33}.example"
            if kind is Kind.UNKNOWN:
                host = f"h{number}.nowhere.invalid"
        noted.append(Noted(number, host, kind))
    return tuple(noted)


def addresses(feeds: tuple[Noted, ...]) -> dict[str, str]:
    """Return each host's address: of its own, but every twentieth has that of the one before."""
    hosts = list(dict.fromkeys(feed.host for feed in feeds))
    places = (place - (place % 20 == 19) for place in range(len(hosts)))
    return {
        host: f"93.184.{place // 250}.{place % 250 + 1}"
        for host, place in zip(hosts, places, strict=True)
    }
