"""The daemon and hubs, over real sockets: asked, verified, told, reloaded, refused a port."""

import hashlib
import hmac
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from aggregator.app.store import opened_store
from aggregator.errors import ListenError
from aggregator.websub.subscription import Standing
from tests.cli.newsroom import newsroom, rss
from tests.publisher import Publisher, Reply, Seen
from tests.test_daemon import STOP, Clock, both, edit, entries, play

ATOM = 'xmlns="http://www.w3.org/2005/Atom"'


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as running:
        yield running


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def request(method: str, url: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
    split = urlsplit(url)
    with closing(HTTPConnection(split.netloc, timeout=20)) as connection:
        connection.request(method, f"{split.path}?{split.query}", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


class LivelyHub:
    """Verifies whoever asks, on a thread of its own, and tells of one piece of news at once."""

    def __init__(self, publisher: Publisher) -> None:
        self.said: list[tuple[int, bytes]] = []
        self._threads: list[threading.Thread] = []
        publisher.serve("/hub", self._answer)

    def _answer(self, seen: Seen) -> Reply:
        form = dict(parse_qsl(seen.body.decode()))
        self._threads.append(threading.Thread(target=self._call, args=(form,)))
        self._threads[-1].start()
        return Reply(status=202)

    def _call(self, form: dict[str, str]) -> None:
        callback, topic = form["hub.callback"], quote(form["hub.topic"])
        asked = f"hub.mode=subscribe&hub.topic={topic}&hub.challenge=77&hub.lease_seconds=9999"
        self.said.append(request("GET", f"{callback}?{asked}"))
        body = rss("Wire", "Pushed")
        signature = hmac.new(form["hub.secret"].encode(), body, hashlib.sha256).hexdigest()
        signed = {"X-Hub-Signature": f"sha256={signature}"}
        self.said.append(request("POST", callback, body, **signed))

    def join(self) -> None:
        for thread in self._threads:
            thread.join()


def serve_feed(publisher: Publisher) -> None:
    links = "".join(
        f'<link {ATOM} rel="{relation}" href="{publisher.url(path)}"/>'
        for relation, path in (("hub", "/hub"), ("self", "/wire"))
    )
    body = rss("Wire", "Polled").replace(b"</title>", b"</title>" + links.encode(), 1)
    publisher.serve("/wire", Reply(body))


def serving(port: int) -> str:
    return f"serve: {{url: 'http://127.0.0.1:{port}/here', port: {port}}}\n"


def standing(config: Path, key: str) -> Standing | None:
    with opened_store(config.parent / "aggregator.db") as store:
        prospect = store.prospect(key)
    return prospect.push.standing if prospect and prospect.push else None


def test_a_hub_is_asked_and_verified_and_its_news_is_here_at_once(
    tmp_path: Path, publisher: Publisher
) -> None:
    serve_feed(publisher)
    hub = LivelyHub(publisher)
    config = newsroom(tmp_path, publisher, "/wire", more=serving(free_port()))
    script = play(
        config,
        ("hubs are listened to on 127.0.0.1", lambda: None),
        ("polled Wire: new, 1 new", lambda: None),
        ("polled Wire: new, 1 new", both(STOP)),
    )
    hub.join()
    assert hub.said[0] == (200, b"77")
    assert hub.said[1][0] in {200, 503}  # it may be told to come again, as we stop
    assert set(entries(config)) == {"Polled", "Pushed"}
    assert standing(config, publisher.url("/wire")) is Standing.LIVE
    assert script.count("^failed") == 0
    assert len(publisher.seen("/wire")) == len(publisher.seen("/hub")) == 1


def test_a_port_that_is_taken_keeps_it_from_starting(tmp_path: Path, publisher: Publisher) -> None:
    config = newsroom(tmp_path, publisher, more=serving(publisher.port))
    with pytest.raises(ListenError, match=f"port {publisher.port}"):
        play(config)


def test_an_edit_moves_the_ear_and_one_that_cannot_be_followed_is_tried_again(
    tmp_path: Path, publisher: Publisher
) -> None:
    first, second = free_port(), free_port()
    config, clock = newsroom(tmp_path, publisher, more=serving(first)), Clock()
    obstacle = socket.create_server(("127.0.0.1", second))
    with obstacle:
        script = play(
            config,
            (f"port {first}", edit(config, str(first), str(second))),
            ("^failed: Nobody can be listened to", obstacle.close),
            ("was read again", lambda: clock.advance(minutes=2)),
            (f"hubs are listened to .* {second}", edit(config, serving(second), "")),
            ("was read again", STOP),
            clock=clock,
        )
    assert script.count("^failed") == 1
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", second), 5)
