"""The thread that listens: uvicorn, on a port that is ours before it starts.

A connection lives for a minute at most, so that nobody holds one by being slow; there are not
more than a hundred at once.
"""

import asyncio
import os
import socket
import threading
from contextlib import suppress

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from aggregator.errors import ListenError

CONNECTIONS = 100
CONNECTION_SECONDS = 60.0
_END_SECONDS = 10.0

_HEAD_BYTES = 64 * 1024


class _Impatient(H11Protocol):
    """HTTP/1.1 that ends in time: uvicorn itself waits for ever for the end of a request's head."""

    seconds: float

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        # asyncio does so for sockets that name their protocol; ours do not. Without it the end of
        # each answer waits 40 ms for the reader to confirm its beginning (RFC 896).
        connection: socket.socket = transport.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        self._end = self.loop.call_later(self.seconds, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self._end.cancel()
        super().connection_lost(exc)


class Listener:
    """Serves an application on a thread of its own, from construction until `close`."""

    def __init__(
        self,
        app: Starlette,
        host: str,
        port: int,
        *,
        connection_seconds: float = CONNECTION_SECONDS,
    ) -> None:
        """Listen. Raises `ListenError` where that is impossible."""

        class Impatient(_Impatient):
            seconds = connection_seconds

        self._socket = _bound(host, port)
        self.port: int = self._socket.getsockname()[1]
        settings = uvicorn.Config(
            app,
            http=Impatient,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=CONNECTIONS,
            h11_max_incomplete_event_size=_HEAD_BYTES,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(settings)
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take no more requests, answer those under way for a second, and end the thread."""
        self._server.should_exit = True
        self._thread.join(_END_SECONDS)

    def _run(self) -> None:
        with self._socket, suppress(asyncio.CancelledError):
            self._server.run(sockets=[self._socket])


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=CONNECTIONS)
    except (OSError, OverflowError) as error:
        why = _reason(error).removesuffix(".")
        raise ListenError(
            f"Nobody can be listened to on {host}, port {port}: {why}."
            " Give `serve` another `port` or `host`, or stop the program that has this one."
        ) from error


def _reason(error: OSError | OverflowError) -> str:
    number = getattr(error, "errno", None) or 0
    # What looks names up has negative numbers and words of its own.
    return os.strerror(number) if number > 0 else getattr(error, "strerror", None) or str(error)
