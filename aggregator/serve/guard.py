"""What every page is guarded by: the names we answer to, and what browsers may do with a page.

A page in a browser may ask any address it can name for anything, also one whose name was made to
lead to this computer (DNS rebinding): whoever asks for a host that is not ours is sent away, with
421 (RFC 9110 §15.5.20). What publishers wrote stands on our pages, sanitised; should anything
slip through, the policy (CSP) forbids it to run, to frame, to style and to call home.
"""

from collections.abc import Callable, Collection, Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aggregator.config.settings import ServeSettings

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def names(settings: ServeSettings) -> frozenset[str]:
    """Return the host names, without ports, that we answer to."""
    public = urlsplit(settings.url).hostname if settings.url else None
    own = (settings.host, public, *settings.hosts)
    return LOOPBACK | {name.lower() for name in own if name}


def is_loopback(host: str) -> bool:
    """Tell whether only this computer reaches a host that is listened on."""
    try:
        return host.lower() == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class Guard:
    """Answers only for our own names, and only questions; gives every answer its headers."""

    def __init__(self, app: ASGIApp, ours: Callable[[], Collection[str]]) -> None:
        self._app = app
        self._ours = ours

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, or refuse it."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        app = self._refusal(scope) or self._app
        await app(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        if _host(Headers(scope=scope)) not in self._ours():
            return PlainTextResponse(
                "This is another server: add the name you called it by to `serve.hosts`.", 421
            )
        if scope["method"] not in {"GET", "HEAD"}:
            return PlainTextResponse("Nothing is changed here.", 405, {"Allow": "GET, HEAD"})
        return None


def _host(headers: Headers) -> str:
    """Return the one name in the Host header, empty where there is none to go by."""
    given = headers.getlist("host")
    if len(given) != 1:
        return ""
    try:
        return urlsplit(f"//{given[0]}").hostname or ""
    except ValueError:
        return ""
