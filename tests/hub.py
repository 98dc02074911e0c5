"""A hub in small: asked through the scripted publisher, it calls the application in process.

::

    with Newsroom(tmp_path) as newsroom, Hub(newsroom) as hub:
        newsroom.publisher.serve("/feed", Reply(rss("Talks", head=hub.link())))
        newsroom.subscribe("/feed")
        newsroom.poll()
        hub.hear()                          # the newsroom asks the hubs it has to ask
        hub.verify()                        # the hub's answer: GET of the callback
        hub.push(rss("Talks resume"))       # news, signed

What the newsroom sends to the hub is in the publisher's log, as of any host; what the hub sends
goes through the whole application, without a socket. Both happen while the sweep turns.
"""

import asyncio
import hashlib
import hmac
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from itertools import count
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from aggregator.hubs.asking import Asking
from aggregator.hubs.hearing import Hearing
from aggregator.model.feeds import FeedState
from aggregator.model.polls import Refresh
from aggregator.serve.application import application
from aggregator.serve.hubs import hub_route
from aggregator.websub.subscription import Push
from tests.publisher import Reply
from tests.scenario import Heard, Newsroom, url

ADDRESS = "https://newsroom.example/here"
TOPIC = url("/feed")
ACCEPTED = Reply(status=202)
LEASE_SECONDS = 864000


@dataclass(frozen=True, slots=True)
class Said:
    """How the newsroom answered."""

    status: int
    body: str
    headers: dict[str, str]


class _Listening(Heard):
    """Tells the hearing what is committed, like the daemon."""

    hearing: Hearing

    def polled(self, state: FeedState, refresh: Refresh) -> None:
        self.hearing.committed(state)
        super().polled(state, refresh)


class Hub:
    """The hub at ``/hub`` of the publisher, and what the newsroom needs to hear it."""

    def __init__(self, newsroom: Newsroom, *, path: str = "/hub") -> None:
        self._newsroom = newsroom
        self.path = path
        newsroom.publisher.serve(path, ACCEPTED)
        heard = _Listening()
        newsroom.heard = heard
        newsroom.sweep = newsroom.sweep_over(newsroom.store)
        numbers = count(1)
        self.hearing = heard.hearing = Hearing(newsroom.store, newsroom.sweep)
        self.asking = Asking(
            newsroom.store,
            newsroom.sweep,
            f"{ADDRESS}/websub",
            lambda: f"chance-{next(numbers)}-of-{id(self)}",
        )
        self._app = application([hub_route(self.hearing)], urlsplit(ADDRESS).path)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    # --- what the newsroom does --------------------------------------------------------------

    def hear(self) -> list[dict[str, str]]:
        """Let the newsroom ask; return all forms that have come so far."""
        self.asking.act()
        while self.asking.is_away:
            self._newsroom.sweep.turn(1)
        return self.forms()

    def forms(self) -> list[dict[str, str]]:
        seen = self._newsroom.seen(self.path)
        assert all(one.method == "POST" for one in seen)
        return [dict(parse_qsl(one.body.decode(), strict_parsing=True)) for one in seen]

    @property
    def kept(self) -> Push:
        """How the newsroom stands with the hub, as it has written down."""
        prospect = self._newsroom.store.prospect(TOPIC)
        assert prospect is not None
        assert prospect.push is not None
        return prospect.push

    # --- what the hub does -------------------------------------------------------------------

    def link(self, host: str = "news.example") -> str:
        """Return what a feed's head says of this hub."""
        return (
            f'<link xmlns="http://www.w3.org/2005/Atom" rel="hub" href="http://{host}{self.path}"/>'
            f'<link xmlns="http://www.w3.org/2005/Atom" rel="self" href="{TOPIC}"/>'
        )

    def verify(self, form: dict[str, str] | None = None, **changes: str) -> Said:
        """Ask whether the newsroom means its (last) form."""
        form = form or self.forms()[-1]
        asked = {
            "hub.mode": form["hub.mode"],
            "hub.topic": form["hub.topic"],
            "hub.challenge": "a challenge & more",
            "hub.lease_seconds": str(LEASE_SECONDS),
        } | {f"hub.{name}": value for name, value in changes.items()}
        return self.call("GET", f"{form['hub.callback']}?{urlencode(asked)}")

    def push(
        self,
        body: bytes,
        form: dict[str, str] | None = None,
        *,
        method: str = "sha256",
        **headers: str,
    ) -> Said:
        """Deliver a document, signed unless the ``headers`` say otherwise (``_`` is ``-``)."""
        form = form or self.forms()[-1]
        signature = hmac.new(form["hub.secret"].encode(), body, getattr(hashlib, method))
        signed = {
            "content_type": "application/rss+xml",
            "x_hub_signature": f"{method}={signature.hexdigest()}",
        }
        return self.call("POST", form["hub.callback"], body, **(signed | headers))

    def call(self, method: str, address: str, body: bytes = b"", **headers: str) -> Said:
        """Call the newsroom, and let it work until it has answered."""
        split = urlsplit(address)
        scope = {
            "type": "http",
            "method": method,
            "path": split.path,
            "query_string": split.query.encode(),
            "headers": [
                (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
            ],
        }
        answer = asyncio.run_coroutine_threadsafe(self._called(scope, body), self._loop)
        sweep = self._newsroom.sweep
        answer.add_done_callback(lambda _: sweep.call(lambda: None))
        while not answer.done():
            sweep.turn(1)
            sweep.claim_due()
        return answer.result()

    def _called(self, scope: dict[str, Any], body: bytes) -> Coroutine[None, None, Said]:
        """Speak ASGI: the body comes in two pieces."""
        half = len(body) // 2
        pieces = [
            {"type": "http.request", "body": body[:half], "more_body": True},
            {"type": "http.request", "body": body[half:], "more_body": False},
        ]
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return pieces.pop(0) if pieces else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(dict(message))

        async def call() -> Said:
            await self._app(scope, receive, send)
            start, *rest = sent
            told = b"".join(piece["body"] for piece in rest)
            headers = {name.decode(): value.decode() for name, value in start["headers"]}
            return Said(start["status"], told.decode(), headers)

        return call()

    # --- its end -----------------------------------------------------------------------------

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.hearing.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        # The threads in which signatures are judged.
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()
