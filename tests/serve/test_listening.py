"""The thread that listens, on real sockets."""

import socket
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, suppress
from http.client import HTTPConnection
from typing import Any

import pytest

from aggregator.errors import ListenError
from aggregator.serve.application import application
from aggregator.serve.calls import Delivery, UnavailableError
from aggregator.serve.hubs import hub_route
from aggregator.serve.listening import Listener
from aggregator.websub.answers import Intent
from aggregator.websub.subscription import Callback


class Deaf:
    """Answers nothing but that it cannot."""

    def confirm(self, token: str, intent: Intent) -> Future[str | None]:
        return self._answer()

    def find(self, token: str) -> Future[Callback | None]:
        return self._answer()

    def ignore(self, token: str) -> Future[None]:
        return self._answer()

    def deliver(self, token: str, delivery: Delivery) -> Future[None]:
        return self._answer()

    def _answer(self) -> Future[Any]:
        future = Future[Any]()
        future.set_exception(UnavailableError())
        return future


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with closing(Listener(application([hub_route(Deaf())]), "127.0.0.1", 0)) as listener:
        yield listener


def test_it_answers_and_says_nothing_of_itself(listener: Listener) -> None:
    with closing(HTTPConnection("127.0.0.1", listener.port, timeout=10)) as connection:
        for path, status in (("/", 404), ("/websub/token/", 404), ("/websub/token", 503)):
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == status
            assert answer.headers["server"] is None
            assert answer.headers["location"] is None


def test_a_port_that_is_taken_is_told_in_one_sentence(listener: Listener) -> None:
    with pytest.raises(
        ListenError,
        match=rf"^Nobody can be listened to on 127.0.0.1, port {listener.port}: [^(]*\.$",
    ):
        Listener(application([hub_route(Deaf())]), "127.0.0.1", listener.port)
    with pytest.raises(ListenError, match="Nobody can be listened to on no such host"):
        Listener(application([hub_route(Deaf())]), "no such host", 0)


def test_whoever_is_slow_is_cut_off() -> None:
    app = application([hub_route(Deaf())])
    with (
        closing(Listener(app, "127.0.0.1", 0, connection_seconds=0.05)) as listener,
        socket.create_connection(("127.0.0.1", listener.port), 10) as connection,
        suppress(ConnectionResetError),
    ):
        connection.sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert connection.recv(1000) == b""
