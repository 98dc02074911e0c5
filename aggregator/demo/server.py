"""A loopback server for the demo: many publishers by name, two editions of each document."""

import hashlib
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from importlib.resources.abc import Traversable
from threading import Thread
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

EDITIONS = ("first", "second")


class SampleServer:
    """Serves ``<edition>/<host>/<path>`` of this package on 127.0.0.1, any port, with validators.

    ``edition`` says how far time has gone: a document of the second edition replaces that of
    the first; one that the second does not have stays as it was.
    """

    def __init__(self, samples: Traversable | None = None) -> None:
        self.samples = samples or files(__package__)
        self.edition = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = Thread(target=self._server.serve_forever, name="demo-server", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        """The port that the system chose."""
        return int(self._server.server_address[1])

    def document(self, host: str, path: str) -> bytes | None:
        """Return the newest edition of a document, None where a publisher has no such."""
        parts = [part for part in urlsplit(path).path.split("/") if part not in {"", ".", ".."}]
        for edition in reversed(EDITIONS[: self.edition + 1]):
            found = self.samples.joinpath(edition, host, *parts)
            if found.is_file():
                return found.read_bytes()
        return None


def _handler(server: SampleServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Answers GET, conditionally."""

        def do_GET(self) -> None:
            """Answer with the document, 304 where the client has it, or 404."""
            host = self.headers.get("Host", "").partition(":")[0]
            body = server.document(host, self.path)
            if body is None:
                self.send_error(HTTPStatus.NOT_FOUND)
                return
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            unchanged = self.headers.get("If-None-Match") == etag
            self.send_response(HTTPStatus.NOT_MODIFIED if unchanged else HTTPStatus.OK)
            self.send_header("ETag", etag)
            if not unchanged:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if not unchanged:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the demo's own table tells what happened."""

    return Handler
