"""Who is admitted where the pages have a password: HTTP Basic (RFC 7617), or a bearer (RFC 6750).

The name beside the password is anybody's: there is one password and no roles. It is told
in clear: a page that is reached over a network belongs behind a web server that speaks https.
"""

import binascii
from base64 import b64decode
from collections.abc import Callable, Collection
from hashlib import sha256
from hmac import compare_digest

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OPEN = frozenset({"/healthz", "/readyz"})
"""What watches over us asks without a password: it learns nothing of what is stored."""


class Admission:
    """Answers those who know the password, and everybody at addresses that are open.

    ``password`` is that of now, None where there is none; ``opened`` are the addresses, below the
    path that we are served under, of what is public.
    """

    def __init__(
        self,
        app: ASGIApp,
        password: Callable[[], str | None],
        opened: Callable[[], Collection[str]],
    ) -> None:
        self._app = app
        self._password = password
        self._opened = opened

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or ask for the password."""
        password = self._password()
        if password is None or self._is_open(scope):
            await self._app(scope, receive, send)
        elif _same(_given(Headers(scope=scope).get("authorization", "")), password):
            await self._app(scope, receive, _private(send))
        else:
            await _REFUSAL(scope, receive, send)

    def _is_open(self, scope: Scope) -> bool:
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        return path in OPEN or path in self._opened()


_REFUSAL = PlainTextResponse(
    "This needs a password.\n",
    401,
    {"WWW-Authenticate": 'Basic realm="aggregator", charset="UTF-8"', "Cache-Control": "no-store"},
)


def _given(authorization: str) -> str:
    """Return the password that a request brings, or what is none."""
    scheme, _, told = authorization.partition(" ")
    try:
        # What is no Latin-1 in a header was sent as UTF-8 all the same.
        if scheme.lower() == "bearer":
            return told.strip().encode("latin-1").decode()
        if scheme.lower() != "basic":
            return ""
        return b64decode(told.strip(), validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def _same(given: str, password: str) -> bool:
    """Compare in a time that tells nothing, not even how long the password is."""
    one, other = (sha256(each.encode("utf-8", "replace")).digest() for each in (given, password))
    return compare_digest(one, other)


def _private(send: Send) -> Send:
    """Return what sends answers that no cache may keep for others (RFC 9111 §3.5)."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            if told := headers.get("cache-control"):
                headers["cache-control"] = told.replace("public", "private")
        await send(message)

    return sending
