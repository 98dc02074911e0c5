"""The network side of a poll: a request goes out, redirects are followed, one result comes back.

What is asked says `fetch.asking`, what an answer means `fetch.protocol`; here bytes travel, within
limits.
`httpx.Client` is passed over for its own transport port: it would parse a Location that nobody
asked it to follow, and has cookies, authentication and an environment to be switched off.
"""

import contextlib
import re
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import httpcore
import httpx

from aggregator.errors import (
    ConnectFailedError,
    DecodingFailedError,
    FetchError,
    HttpStatusError,
    ProtocolBrokenError,
    RedirectError,
    TimedOutError,
    TooLargeError,
    UrlUnusableError,
)
from aggregator.fetch import posting, protocol, redirects
from aggregator.fetch.asking import is_conditional
from aggregator.fetch.decoding import Sizes, codings, decoded, shown_size
from aggregator.fetch.dialling import Dial, dial
from aggregator.fetch.exchange import REDIRECTS, SUCCESSES, Response, Trail
from aggregator.fetch.guard import Admission, Network
from aggregator.fetch.headers import values
from aggregator.fetch.location import locate, shown
from aggregator.fetch.lookup import LookUps, Resolve, system_addresses
from aggregator.fetch.patience import Patience, Timeouts
from aggregator.fetch.posting import Letter
from aggregator.fetch.strict import StrictHosts, read_strict
from aggregator.fetch.tls import tls_context
from aggregator.fetch.transport import Transport
from aggregator.model.fetching import Fetched, FetchRequest, Hop

Translations = dict[type[Exception], tuple[type[FetchError], str]]

TRANSLATIONS: Translations = {
    # What becomes of the libraries' exceptions, and the rest of the sentence after the URL. The
    # nearest ancestor counts; the roots are there for what a later version may add.
    httpcore.ConnectionNotAvailable: (ConnectFailedError, "could not be connected to"),
    httpcore.NetworkError: (ConnectFailedError, "broke the connection off"),
    httpcore.ProtocolError: (ProtocolBrokenError, "broke off or does not speak proper HTTP"),
    httpcore.ProxyError: (ConnectFailedError, "could not be reached through the proxy"),
    httpcore.TimeoutException: (TimedOutError, "did not answer in time"),
    httpcore.UnsupportedProtocol: (UrlUnusableError, "cannot be fetched: only http and https are"),
    httpx.CookieConflict: (ProtocolBrokenError, "sent contradictory cookies"),
    httpx.DecodingError: (DecodingFailedError, "sent a body that cannot be decoded"),
    httpx.HTTPError: (ConnectFailedError, "could not be fetched"),
    httpx.HTTPStatusError: (HttpStatusError, "did not give the feed"),
    httpx.InvalidURL: (UrlUnusableError, "is not a web address: write https://host/path"),
    httpx.NetworkError: (ConnectFailedError, "broke the connection off"),
    httpx.ProtocolError: (ProtocolBrokenError, "broke off or does not speak proper HTTP"),
    httpx.ProxyError: (ConnectFailedError, "could not be reached through the proxy"),
    httpx.StreamError: (ProtocolBrokenError, "could not be read"),
    httpx.TimeoutException: (TimedOutError, "did not answer in time"),
    httpx.TooManyRedirects: (RedirectError, "redirects too often"),
    httpx.UnsupportedProtocol: (UrlUnusableError, "cannot be fetched: only http and https are"),
}

_FOREIGN = tuple(TRANSLATIONS)
_LENGTH = re.compile(rb"[0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """What the client may do; ``ca_bundle`` replaces the public authorities."""

    allow_addresses: tuple[Network, ...] = ()
    timeouts: Timeouts = field(default_factory=Timeouts)
    sizes: Sizes = field(default_factory=Sizes)
    ca_bundle: Path | None = None


class Client:
    """Fetches for many threads at once; keeps no connection and no cookie.

    All that it remembers is which hosts are asked by https alone: ``strict``. ``resolve`` and
    ``dial`` are the network itself; the guard judges between the two.
    """

    def __init__(
        self,
        settings: ClientSettings,
        clock: Callable[[], datetime],
        *,
        resolve: Resolve = system_addresses,
        dial: Dial = dial,
        strict: StrictHosts | None = None,
    ) -> None:
        self._settings = settings
        self._strict = strict or StrictHosts()
        self._clock = clock
        self._transport = Transport(
            settings.allow_addresses, LookUps(resolve), dial, tls_context(settings.ca_bundle)
        )
        self._is_closed = False

    def fetch(
        self, request: FetchRequest, tell: Callable[[Hop], object] = lambda _: None
    ) -> Fetched:
        """Make one poll's requests and return what came of them.

        ``tell`` is called with each of them when it has ended, whatever came of it. Raises a
        FetchError for everything that can go wrong, and CancelledError if the client is closed
        meanwhile: such a poll has not happened and nothing is to be recorded.
        """
        with self._unless_closed():
            last = self._last(request, tell, REDIRECTS, self._led_on)
            fetched = protocol.answer(*last)
        if self._is_closed:
            # A body without a length ends where it is cut, and would pass for whole.
            raise CancelledError
        return fetched

    def post(self, letter: Letter, user_agent: str, tell: Callable[[Hop], object]) -> None:
        """Send something, and return when it was accepted; 307 and 308 are followed.

        The limits are those of `fetch`. Raises and tells like `fetch`.
        """
        with self._unless_closed():
            request = posting.request(letter, user_agent=user_agent)
            posting.check(*self._last(request, tell, posting.FOLLOWED, posting.followed))

    def close(self) -> None:
        """End every fetch that is under way; another thread may do so."""
        self._is_closed = True
        self._transport.close()

    @contextlib.contextmanager
    def _unless_closed(self) -> Iterator[None]:
        try:
            yield
        except FetchError as error:
            if self._is_closed:
                raise CancelledError from error
            raise

    def _last(
        self,
        request: FetchRequest,
        tell: Callable[[Hop], object],
        redirecting: frozenset[int],
        led_on: Callable[[Trail, Response, datetime], Trail],
    ) -> tuple[Trail, Response, datetime]:
        """Make requests until one is not redirected; return its response and when that came."""
        patience = Patience.now(self._settings.timeouts)
        trail = redirects.begun(request, self._upgraded)
        while True:
            response = self._told(trail.hops[-1], patience.asking(trail.hops[-1].url), tell)
            received_at = self._clock()
            if response.status not in redirecting:
                return trail, response, received_at
            trail = led_on(trail, response, received_at)

    def _led_on(self, trail: Trail, response: Response, received_at: datetime) -> Trail:
        return redirects.followed(trail, response, received_at, self._upgraded)

    def _upgraded(self, url: str) -> str:
        return self._strict.upgraded(url, self._clock())

    def _told(
        self, hop: FetchRequest, patience: Patience, tell: Callable[[Hop], object]
    ) -> Response:
        """Make one request, and tell of it whether or not it is answered."""
        began = time.monotonic()
        made = Hop(shown(hop.url), self._clock(), 0.0, is_conditional(hop), method=hop.method)
        try:
            response = self._exchanged(hop, patience)
        except FetchError as error:
            seconds = time.monotonic() - began
            tell(replace(made, seconds=seconds, status=error.status, error=error.code))
            raise
        # RFC 6797 §8.1: heard over a connection that is secure without any doubt.
        strict = None if hop.insecure else read_strict(response, made.at)
        if strict is not None:
            self._strict.learn(strict)
        tell(
            replace(
                made,
                seconds=time.monotonic() - began,
                status=response.status,
                wire_bytes=response.wire_bytes,
                address=response.address,
                strict=strict,
            )
        )
        return response

    def _exchanged(self, hop: FetchRequest, patience: Patience) -> Response:
        """Make one request and return its response, with a body if that could be a document."""
        location = locate(hop.url)
        try:
            response = self._transport.handle_request(
                httpx.Request(
                    hop.method,
                    location.root,
                    headers=hop.headers,
                    content=hop.content or None,
                    extensions={
                        "patience": patience,
                        "target": location.target,
                        "insecure": hop.insecure,
                    },
                )
            )
            received = _Received()
            with contextlib.closing(response):
                return Response(
                    url=location.url,
                    status=response.status_code,
                    headers=tuple(response.headers.raw),
                    body=self._body(response, received, patience.source),
                    admitted=response.extensions["admission"] is Admission.BY_CONFIG,
                    address=str(response.extensions["address"]),
                    wire_bytes=received.wire_bytes,
                )
        except _FOREIGN as error:
            raise translated(error, patience.source) from error

    def _body(self, response: httpx.Response, received: "_Received", source: str) -> bytes:
        if response.status_code not in SUCCESSES:
            return b""
        sizes = self._settings.sizes
        headers = tuple(response.headers.raw)
        lengths = values(headers, b"content-length")
        announced = max((int(length) for length in lengths if _LENGTH.fullmatch(length)), default=0)
        if announced > sizes.wire_bytes:
            raise TooLargeError(
                f"{source} announces {shown_size(announced)}, more than the"
                f" {shown_size(sizes.wire_bytes)} that a feed may have."
            )
        named = codings(values(headers, b"content-encoding"))
        raw = received.counted(response.iter_raw())
        return b"".join(decoded(raw, named, sizes, source=source))


class _Received:
    """Counts what a body takes on the wire."""

    def __init__(self) -> None:
        self.wire_bytes = 0

    def counted(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self.wire_bytes += len(piece)
            yield piece


def translated(error: Exception, source: str) -> FetchError:
    """Return our error for one of httpx or httpcore; ``source`` is the URL as shown."""
    kind, told = next(
        TRANSLATIONS[ancestor] for ancestor in type(error).__mro__ if ancestor in TRANSLATIONS
    )
    return kind(f"{source} {told}.")
