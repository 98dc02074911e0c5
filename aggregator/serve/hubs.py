"""The addresses that hubs call::

    GET  <path>/websub/<token>    a hub asks whether we mean it, or denies: 200, or 404
    POST <path>/websub/<token>    a hub tells of news: 200 once it is committed, 202 if that takes
                                  longer than five seconds, and for what it did not sign (which
                                  nobody reads), 410 for a callback that is not valid

400, 408 and 413 say that a body broke off, took too long or is too large; 503 that nobody can
answer just now.

Nobody is let in by a name that he says: the token is all there is to know. What a stranger
sends is not read.
"""

import asyncio
from concurrent.futures import Future
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from aggregator.errors import StoreError
from aggregator.fetch.decoding import Sizes, codings
from aggregator.serve.calls import Calls, Delivery, UnavailableError
from aggregator.websub.answers import Intent
from aggregator.websub.signature import is_signed
from aggregator.websub.subscription import Callback

PATIENCE_SECONDS = 5.0
"""How long a hub waits for a commit, or for the database at all."""

BODY_SECONDS = 30.0
"""How long a body may take to arrive."""

BODIES_AT_ONCE = 8
"""How many bodies are in memory at most; other hubs wait their turn."""

_LONGEST_TOKEN = 100
_LONGEST_TEXT = 4096

_HARMLESS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
"""A challenge is echoed, so that nobody may take it for a page."""

Answer = TypeVar("Answer")


class _RefusedError(Exception):
    """The answer is a status and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def hub_route(calls: Calls, sizes: Sizes | None = None) -> Route:
    """Return where hubs are answered."""
    hubs = _Hubs(calls, sizes or Sizes())
    return Route("/websub/{token}", hubs.answer, methods=["GET", "POST"])


class _Hubs:
    def __init__(self, calls: Calls, sizes: Sizes) -> None:
        self._calls = calls
        self._sizes = sizes
        self._room = asyncio.Semaphore(BODIES_AT_ONCE)

    async def answer(self, request: Request) -> Response:
        """Answer a hub."""
        token = request.path_params["token"]
        try:
            if len(token) > _LONGEST_TOKEN or request.method == "HEAD":
                return _said(404, "There is nothing here.")
            if request.method == "GET":
                return await self._confirm(request, token)
            return await self._take(request, token)
        except _RefusedError as refused:
            return _said(refused.status, str(refused))
        except TimeoutError:
            return _said(408, "That took too long.")
        except (StoreError, UnavailableError):
            return _said(503, "Please try again later.", {"Retry-After": "60"})

    async def _confirm(self, request: Request, token: str) -> Response:
        """Echo the challenge of what we have asked for, and nothing else (WebSub §5.3)."""
        intent = _intent(request)
        echo = await self._awaited(self._calls.confirm(token, intent)) if intent else None
        return _said(404, "We did not ask for that.") if echo is None else _said(200, echo)

    async def _take(self, request: Request, token: str) -> Response:
        callback = await self._awaited(self._calls.find(token))
        if callback is None:
            return _said(410, "Nobody listens here any more.")
        async with asyncio.timeout(BODY_SECONDS), self._room:
            body = await self._body(request)
            if not await run_in_threadpool(_is_genuine, request, body, callback):
                await self._awaited(self._calls.ignore(token))
                return _said(202, "Thank you.")
            delivery = Delivery(body, request.headers.get("content-type"), _codings(request))
            committed = asyncio.wrap_future(self._calls.deliver(token, delivery))
            # It is not called off when the hub's patience ends.
            done, _ = await asyncio.wait((committed,), timeout=PATIENCE_SECONDS)
        if not done:
            return _said(202, "It will be read.")
        _ = committed.result()
        return _said(200, "Thank you.")

    async def _body(self, request: Request) -> bytes:
        limit = self._sizes.wire_bytes
        announced = request.headers.get("content-length", "")
        if announced.isdigit() and int(announced[:20]) > limit:
            raise _RefusedError(413, "That is too large.")
        body = bytearray()
        try:
            async for piece in request.stream():
                body += piece
                if len(body) > limit:
                    raise _RefusedError(413, "That is too large.")
        except ClientDisconnect:
            raise _RefusedError(400, "That was cut off.") from None
        return bytes(body)

    async def _awaited(self, future: Future[Answer]) -> Answer:
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), PATIENCE_SECONDS)
        except TimeoutError:
            raise UnavailableError from None


def _intent(request: Request) -> Intent | None:
    """Return what a hub asks; None for too much text, which no hub of ours would send."""
    told = [request.query_params.get(f"hub.{name}", "") for name in _PARAMETERS]
    if any(len(text) > _LONGEST_TEXT for text in told):
        return None
    return Intent(*told)


_PARAMETERS = ("mode", "topic", "challenge", "lease_seconds", "reason")


def _is_genuine(request: Request, body: bytes, callback: Callback) -> bool:
    return is_signed(body, request.headers.get("x-hub-signature"), callback.secret)


def _codings(request: Request) -> tuple[str, ...]:
    named = request.headers.getlist("content-encoding")
    return codings(tuple(value.encode("latin-1") for value in named))


def _said(status: int, sentence: str, headers: dict[str, str] | None = None) -> Response:
    return PlainTextResponse(sentence, status, {**_HARMLESS, **(headers or {})})
