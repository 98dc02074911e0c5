"""One scripted publisher on loopback, for every test that fetches.

::

    with Publisher() as publisher:
        publisher.serve("/feed", Reply(FEED, headers=((b"ETag", b'"a"'),)), Reply(status=304))
        client.fetch(FetchRequest(publisher.url("/feed")))      # 200, from the second on 304
        assert publisher.seen("/feed")[0].values(b"if-none-match") == ()

A path answers with its script's next answer, the last one again and again; an unscripted path
with 404. An answer is a `Reply` (well-formed HTTP), a `Raw` (bytes as they are, with pauses), a
`Drip`, or a function from the request to one of them. A pause ends early when the client goes away
or the publisher closes, so that no test waits for anything but its own limits.
"""

import contextlib
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Self

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as it arrived; ``at`` is monotonic, in seconds."""

    method: str
    path: str
    headers: Headers
    body: bytes
    at: float

    def values(self, name: bytes) -> tuple[bytes, ...]:
        return tuple(value for key, value in self.headers if key.lower() == name.lower())


@dataclass(frozen=True, slots=True)
class Reply:
    """A well-formed response; Content-Length is added unless the headers say how it ends."""

    body: bytes = b""
    status: int = 200
    headers: Headers = ()

    def pieces(self) -> tuple[bytes, ...]:
        names = {name.lower() for name, _ in self.headers}
        lines = [b"%s: %s" % header for header in self.headers]
        if not names & {b"content-length", b"transfer-encoding"} and self.status not in (204, 304):
            lines.append(b"Content-Length: %d" % len(self.body))
        known = self.status in set(HTTPStatus)
        phrase = HTTPStatus(self.status).phrase.encode() if known else b"Odd"
        head = b"\r\n".join([b"HTTP/1.1 %d %s" % (self.status, phrase), *lines])
        return head + b"\r\n\r\n", self.body


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence for so many seconds; None: until the client goes away."""

    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes and pauses, sent as they are; then the connection is closed."""

    script: Iterable[bytes | Pause]

    def pieces(self) -> Iterable[bytes | Pause]:
        return self.script


@dataclass(frozen=True, slots=True)
class Drip:
    """The pieces one by one, with so many seconds after each; there may be endlessly many."""

    drops: Iterable[bytes]
    seconds: float

    def pieces(self) -> Iterable[bytes | Pause]:
        for drop in self.drops:
            yield drop
            yield Pause(self.seconds)


Scripted = Reply | Raw | Drip
Answer = Scripted | Callable[[Seen], Scripted]


def redirect(location: str | bytes, status: int = 302, headers: Headers = ()) -> Reply:
    """A redirect; a location in text is sent as UTF-8."""
    target = location.encode() if isinstance(location, str) else location
    return Reply(status=status, headers=((b"Location", target), *headers))


def truncated(body: bytes, promised: int) -> Raw:
    """A body that ends before its Content-Length does."""
    return Raw([b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % promised, body])


HANG = Raw([Pause()])
"""A server that takes the request and never answers."""


class Publisher:
    """The server: listens from construction on, until `close` or the end of its `with` block."""

    def __init__(self, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family, backlog=128)
        self.host = host
        self.port: int = self._listener.getsockname()[1]
        # Whoever waits, waits for this socket too: it becomes readable when the publisher closes.
        self._closed, self._closing = socket.socketpair()
        self._scripts: dict[str, list[Answer]] = {}
        self._log: list[Seen] = []
        self._changed = threading.Condition()
        self._workers: list[threading.Thread] = []
        self._acceptor = threading.Thread(target=self._accept, name="publisher")
        self._acceptor.start()

    # --- what tests use --------------------------------------------------------------------------

    def url(self, path: str = "/", *, host: str | None = None) -> str:
        """The address of a path; ``host`` names us otherwise than by our IP."""
        named = host or (f"[{self.host}]" if ":" in self.host else self.host)
        return f"{'http' if self._tls is None else 'https'}://{named}:{self.port}{path}"

    def serve(self, path: str, *answers: Answer) -> None:
        """Script a path (with its query, if any), from its next request on."""
        assert answers
        with self._changed:
            self._scripts[path] = list(answers)

    def seen(self, path: str | None = None) -> tuple[Seen, ...]:
        """The requests so far, in order of arrival; of one path or of all."""
        with self._changed:
            return tuple(seen for seen in self._log if path in (None, seen.path))

    def wait_for(self, count: int, path: str | None = None, *, seconds: float = 10) -> None:
        """Return when so many requests have arrived; fail after so many seconds."""
        with self._changed:
            arrived = self._changed.wait_for(lambda: len(self.seen(path)) >= count, seconds)
        assert arrived, f"{len(self.seen(path))} of {count} requests arrived in {seconds} s"

    def close(self) -> None:
        """Stop, ending all pauses; no thread and no socket is left."""
        self._closing.close()
        self._acceptor.join()
        for worker in self._workers:
            worker.join()
        self._closed.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    # --- serving ---------------------------------------------------------------------------------

    def _accept(self) -> None:
        with self._listener:
            while True:
                ready, _, _ = select.select([self._listener, self._closed], [], [])
                if self._closed in ready:
                    return
                connection, _ = self._listener.accept()
                worker = threading.Thread(target=self._talk, args=(connection,), name="publisher")
                self._workers = [known for known in self._workers if known.is_alive()]
                self._workers.append(worker)
                worker.start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):  # a client that went away is no failure
            connection.settimeout(10)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is None:
                self._converse(connection)
            else:
                with self._tls.wrap_socket(connection, server_side=True) as secured:
                    self._converse(secured)

    def _converse(self, connection: socket.socket) -> None:
        seen = self._receive(connection)
        if seen is None:
            return
        answer = self._next_answer(seen)
        while not isinstance(answer, Reply | Raw | Drip):
            answer = answer(seen)
        for piece in answer.pieces():
            if isinstance(piece, bytes):
                connection.sendall(piece)
            elif self._is_over(connection, piece.seconds):
                return

    def _receive(self, connection: socket.socket) -> Seen | None:
        received = b""
        while b"\r\n\r\n" not in received:
            if self._closed in select.select([connection, self._closed], [], [])[0]:
                return None
            more = connection.recv(65536)
            if not more:
                return None
            received += more
        head, _, body = received.partition(b"\r\n\r\n")
        first, *lines = head.split(b"\r\n")
        headers = tuple(
            (name, value.strip()) for name, _, value in (line.partition(b":") for line in lines)
        )
        method, path, _ = first.decode("latin-1").split(" ")
        lengths = [int(value) for name, value in headers if name.lower() == b"content-length"]
        while lengths and len(body) < lengths[0]:
            body += connection.recv(65536)
        seen = Seen(method, path, headers, body, time.monotonic())
        with self._changed:
            self._log.append(seen)
            self._changed.notify_all()
        return seen

    def _next_answer(self, seen: Seen) -> Answer:
        with self._changed:
            script = self._scripts.get(seen.path)
            if script is None:
                return Reply(status=404)
            return script.pop(0) if len(script) > 1 else script[0]

    def _is_over(self, connection: socket.socket, seconds: float | None) -> bool:
        """Wait; tell whether the client or the publisher went away meanwhile."""
        return bool(select.select([connection, self._closed], [], [], seconds)[0])
