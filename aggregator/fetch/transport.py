"""The network below HTTP: one guarded connection for one request, every wait bounded.

::

    look up ─▶ guard each address ─▶ dial ─▶ TLS ─▶ HTTP/1.1 by httpcore ─▶ httpx.Response
      5 s                            10 s    10 s    first byte 20 s, idle 15 s
    └──────────────────────── 60 s for all of it, redirects included ────────────────────────┘

Time limits per read, which is all that httpx has, let a server drip one byte at a time for ever.
Here the stream knows the deadline, so that headers and bodies are cut on time. A connection is
never kept: a feed is asked again in an hour.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from typing import Any

import httpcore
import httpx

from aggregator.errors import (
    AddressRefusedError,
    ConnectFailedError,
    NameLookupError,
    TooLargeError,
    UnreachableError,
)
from aggregator.fetch.dialling import Dial
from aggregator.fetch.guard import SCHEMES, Address, Admission, Network, admitted
from aggregator.fetch.lookup import LookUps
from aggregator.fetch.patience import Patience
from aggregator.fetch.routing import is_no_way
from aggregator.fetch.tls import secured, unverified_context

_MAX_HEADER_BYTES = 64 * 1024
_MAX_HEADER_LINES = 200


class Stream(httpcore.NetworkStream):
    """A connection whose reads and writes end in time; ``address`` is whom it reached.

    Until `head_is_read` it counts what arrives, so that headers have an end.
    """

    def __init__(
        self, connected: socket.socket, patience: Patience, address: Address, admission: Admission
    ) -> None:
        self.address = address
        self.admission = admission
        self._socket = connected
        self._patience = patience
        self._head_bytes: int | None = 0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has arrived; ``timeout`` is httpcore's, and ours are stricter.

        Of headers never more than they may have: two reads could hold more than h11 keeps of an
        unfinished head, which it calls a broken protocol.
        """
        with self._waiting() as seconds:
            self._socket.settimeout(seconds)
            received = self._received(min(max_bytes, _MAX_HEADER_BYTES - (self._head_bytes or 0)))
        if self._head_bytes is not None:
            self._head_bytes += len(received)
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it; raises httpcore.WriteError so that an early answer is still read."""
        timeouts = self._patience.timeouts
        with self._patience.within(timeouts.idle, "did not take our request") as seconds:
            self._socket.settimeout(seconds)
            try:
                self._socket.sendall(buffer)
            except TimeoutError:
                raise
            except OSError as error:
                raise httpcore.WriteError(str(error)) from error

    def head_is_read(self) -> None:
        """Stop counting: what comes now is the body."""
        self._head_bytes = None

    def close(self) -> None:
        """Close the connection; closing twice is fine."""
        self._socket.close()

    def interrupt(self) -> None:
        """Make a read in another thread end at once."""
        with contextlib.suppress(OSError):
            # Not SSLSocket's own, which takes the TLS layer away under the other thread.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def get_extra_info(self, info: str) -> Any:
        """Answer httpcore's questions: whether an idle connection has ended, among others."""
        return self._socket if info == "socket" else None

    def _waiting(self) -> contextlib.AbstractContextManager[float]:
        timeouts = self._patience.timeouts
        if self._head_bytes == 0:
            return self._patience.within(timeouts.first_byte, "did not answer")
        if self._head_bytes is not None and self._head_bytes >= _MAX_HEADER_BYTES:
            raise TooLargeError(f"{self._patience.source} sent more than 64 KiB of headers.")
        return self._patience.within(timeouts.idle, "sent nothing more")

    def _received(self, max_bytes: int) -> bytes:
        try:
            return self._socket.recv(max_bytes)
        except TimeoutError:
            raise
        except OSError as error:
            raise ConnectFailedError(
                f"The connection to {self._patience.source} broke: {_reason(error)}."
            ) from error


class Transport(httpx.BaseTransport):
    """HTTP/1.1 to admitted addresses; holds no connection between requests, for many threads.

    A request carries its `Patience`, the exact ``target`` of its request line and whether it is
    ``insecure``, so that any certificate will do, as extensions; the response carries the
    ``address`` it came from and its `Admission` as ``admission``. What fails below HTTP is raised
    as a FetchError, what fails in HTTP as httpcore has it, CancelledError after `close`.
    """

    def __init__(
        self, allowed: tuple[Network, ...], look_ups: LookUps, dial: Dial, tls: ssl.SSLContext
    ) -> None:
        self._allowed = allowed
        self._look_ups = look_ups
        self._dial = dial
        self._tls = tls
        self._lock = threading.Lock()
        self._open: set[Stream] = set()
        self._is_closed = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Connect, send the request and return the response when its headers are there."""
        patience: Patience = request.extensions["patience"]
        tls = unverified_context() if request.extensions["insecure"] else self._tls
        stream = self._connected(request.url, patience, tls)
        with contextlib.ExitStack() as closing:
            self._keep(stream, closing)
            # TLS is done by now; what follows is the same for both schemes.
            url = httpcore.URL(
                scheme=b"http",
                host=request.url.raw_host,
                port=request.url.port,
                target=request.extensions["target"],
            )
            asked = httpcore.Request(
                request.method, url, headers=request.headers.raw, content=request.read()
            )
            response = httpcore.HTTP11Connection(url.origin, stream).handle_request(asked)
            _check_headers(response.headers, patience.source)
            stream.head_is_read()
            assert isinstance(response.stream, Iterable)
            return httpx.Response(
                response.status,
                headers=response.headers,
                stream=_Body(response.stream, closing.pop_all()),
                extensions={"address": stream.address, "admission": stream.admission},
            )

    def close(self) -> None:
        """Interrupt what is under way; every later request is cancelled."""
        with self._lock:
            self._is_closed = True
            for stream in self._open:
                stream.interrupt()

    def _keep(self, stream: Stream, closing: contextlib.ExitStack) -> None:
        """Let `close` find the stream until ``closing`` ends it."""
        closing.callback(stream.close)
        with self._lock:
            if self._is_closed:
                raise CancelledError
            self._open.add(stream)
        closing.callback(self._forget, stream)

    def _forget(self, stream: Stream) -> None:
        with self._lock:
            self._open.discard(stream)

    def _connected(self, url: httpx.URL, patience: Patience, tls: ssl.SSLContext) -> Stream:
        host = url.raw_host.decode("ascii")
        port = url.port or SCHEMES[url.scheme]
        admissions = self._admissions(host, patience)
        with patience.within(patience.timeouts.connect, "could not be connected to") as seconds:
            try:
                connected, address = self._dial(tuple(admissions), port, seconds)
            except TimeoutError:
                raise
            except OSError as error:
                kind = UnreachableError if is_no_way(error) else ConnectFailedError
                raise kind(
                    f"{patience.source} could not be connected to: {_reason(error)}."
                ) from error
        if url.scheme == "https":
            connected = secured(connected, host, patience, tls)
        return Stream(connected, patience, address, admissions[address])

    def _admissions(self, host: str, patience: Patience) -> dict[Address, Admission]:
        """Look a host up and return the addresses that may be connected to."""
        found = self._looked_up(host, patience)
        judged = {address: admitted(address, self._allowed) for address in found}
        usable: dict[Address, Admission] = {
            address: admission
            for address, admission in judged.items()
            if admission is not Admission.REFUSED
        }
        if usable:
            return usable
        raise AddressRefusedError(
            f"{patience.source} is not fetched: {found[0]} is not an address of the public"
            " internet. If you mean it, add its network to poll.allow_addresses."
        )

    def _looked_up(self, host: str, patience: Patience) -> tuple[Address, ...]:
        with patience.within(patience.timeouts.look_up, "could not be looked up") as seconds:
            try:
                found = self._look_ups.addresses(host, seconds)
            except TimeoutError as error:
                if seconds < patience.timeouts.look_up:
                    raise  # the time for all of it has run out: other hosts have used it up
                raise UnreachableError(
                    f"{patience.source} could not be looked up within {seconds:g} s."
                ) from error
            except socket.gaierror as error:
                if error.errno != socket.EAI_AGAIN:
                    raise _unknown_name(host, patience, _reason(error)) from error
                raise UnreachableError(
                    f"{patience.source} could not be looked up: no name server answers for {host}."
                ) from error
            except (OSError, UnicodeError) as error:
                raise _unknown_name(host, patience, str(error)) from error
        if not found:
            raise _unknown_name(host, patience, "it has no address")
        return found


class _Body(httpx.SyncByteStream):
    """The rest of a response; closing it closes the connection."""

    def __init__(self, pieces: Iterable[bytes], closing: contextlib.ExitStack) -> None:
        self._pieces = pieces
        self._closing = closing

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces

    def close(self) -> None:
        self._closing.close()


def _check_headers(headers: list[tuple[bytes, bytes]], source: str) -> None:
    if len(headers) > _MAX_HEADER_LINES:
        raise TooLargeError(f"{source} sent more than {_MAX_HEADER_LINES} header lines.")
    # Each line has a colon, a blank and a line end besides.
    if sum(len(name) + len(value) + 4 for name, value in headers) > _MAX_HEADER_BYTES:
        raise TooLargeError(f"{source} sent more than {_MAX_HEADER_BYTES // 1024} KiB of headers.")


def _unknown_name(host: str, patience: Patience, why: str) -> NameLookupError:
    return NameLookupError(f"{patience.source} could not be looked up: {host} is unknown ({why}).")


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
