"""A lean publisher on loopback for very many requests: one thread, one request a connection.

It answers when nothing more arrives, so that requests that are made at once are seen at once.
"""

import selectors
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Request:
    """A request; header names are in lower case, the last of two lines of one name counts."""

    method: str
    host: str
    path: str
    headers: dict[bytes, bytes]


class Silence(Enum):
    """What may come instead of an answer."""

    RESET = auto()
    HANG = auto()


Answer = bytes | Silence


class LeanPublisher:
    """Serves from construction to `close`.

    ``hear`` is called when a request has arrived and returns what to answer, ``ended`` when it
    is answered, or its client went away. Both are called on the publisher's own thread.
    """

    def __init__(
        self, hear: Callable[[Request], Answer], ended: Callable[[Request], object]
    ) -> None:
        self._hear = hear
        self._ended = ended
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]
        self._closed, self._closing = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._closed, selectors.EVENT_READ)
        self._received: dict[socket.socket, bytes] = {}
        self._hanging: dict[socket.socket, Request] = {}
        self._answers: list[tuple[socket.socket, Request, bytes | None]] = []
        self._thread = threading.Thread(target=self._serve, name="publisher")
        self._thread.start()

    def close(self) -> None:
        """Stop; no thread and no socket is left."""
        self._closing.close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _serve(self) -> None:
        while True:
            ready = self._selector.select(0 if self._answers else None)
            for key, _ in ready:
                if key.fileobj is self._closed:
                    return self._leave()
                if key.fileobj is self._listener:
                    self._accept()
                else:
                    assert isinstance(key.fileobj, socket.socket)
                    self._receive(key.fileobj)
            if not ready:
                self._answer_all()

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        self._received[connection] = b""
        self._selector.register(connection, selectors.EVENT_READ)

    def _receive(self, connection: socket.socket) -> None:
        try:
            more = connection.recv(65536)
        except OSError:
            more = b""
        if not more:
            request = self._hanging.pop(connection, None)
            if request is not None:
                self._ended(request)
            return self._forget(connection)
        received = self._received[connection] + more
        self._received[connection] = received
        if received.endswith(b"\r\n\r\n"):
            self._hear_out(connection, _read(received))
        return None

    def _hear_out(self, connection: socket.socket, request: Request) -> None:
        match self._hear(request):
            case Silence.HANG:
                self._hanging[connection] = request
            case Silence.RESET:
                self._answers.append((connection, request, None))
            case bytes(answer):
                self._answers.append((connection, request, answer))

    def _answer_all(self) -> None:
        answers, self._answers = self._answers, []
        for connection, request, answer in answers:
            # The turn is over before its client can know: what it asks next comes after.
            self._ended(request)
            if answer is None:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                connection.sendall(answer)
            self._forget(connection)

    def _forget(self, connection: socket.socket) -> None:
        self._selector.unregister(connection)
        del self._received[connection]
        connection.close()

    def _leave(self) -> None:
        for connection in list(self._received):
            self._forget(connection)
        self._selector.close()
        self._listener.close()
        self._closed.close()


def _read(received: bytes) -> Request:
    first, *lines = received[:-4].split(b"\r\n")
    method, path, _ = first.decode("latin-1").split(" ")
    pairs = (line.partition(b":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    return Request(method, headers[b"host"].decode(), path, headers)


def response(
    status: int, body: bytes = b"", *headers: tuple[bytes, bytes], length: int | None = None
) -> bytes:
    """Return a whole answer; ``length`` is a Content-Length that is not the body's."""
    lines = [b"HTTP/1.1 %d Told" % status, *(b"%s: %s" % pair for pair in headers)]
    if status != 304:
        lines.append(b"Content-Length: %d" % (len(body) if length is None else length))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
