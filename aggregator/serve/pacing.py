"""How often one address may ask what is dear: searches, and the bench.

A token bucket for each: it holds so many questions, and one drips in again after a while. How long
a question may take is the desk's to bound. Behind a web server of ours all readers are one
address: they share a bucket.
"""

import math
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

MOST = 60
"""Questions at once: the bench asks whenever one stops typing."""

DRIP = timedelta(seconds=0.5)
"""After how long there is one question more."""

_MOST_ADDRESSES = 10_000


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many questions were left at an instant (UTC)."""

    left: float
    at: datetime


def drawn(bucket: Bucket, now: datetime) -> tuple[Bucket, timedelta]:
    """Draw one question; return the bucket after it, and how long to wait where there is none.

    A refused question costs nothing; a clock that was set back drips nothing.
    """
    passed = max(now - bucket.at, timedelta(0))
    left = min(float(MOST), bucket.left + passed / DRIP)
    if left < 1:
        return Bucket(left, now), (1 - left) * DRIP
    return Bucket(left - 1, now), timedelta(0)


class Pacing:
    """Answers, or with 429 (RFC 6585 §4) says when to ask again."""

    def __init__(self, app: ASGIApp, clock: Callable[[], datetime]) -> None:
        self._app = app
        self._clock = clock
        self._buckets: MutableMapping[str, Bucket] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, unless it is one of too many."""
        wait = self._wait(scope) if _is_dear(scope) else timedelta(0)
        app = _refusal(wait) if wait else self._app
        await app(scope, receive, send)

    def _wait(self, scope: Scope) -> timedelta:
        now, address = self._clock(), (scope.get("client") or ("",))[0]
        bucket, wait = drawn(self._buckets.get(address, Bucket(MOST, now)), now)
        if len(self._buckets) >= _MOST_ADDRESSES:
            self._buckets.clear()
        self._buckets[address] = bucket
        return wait


def _is_dear(scope: Scope) -> bool:
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    is_asked = b"q=" in scope["query_string"]
    return is_asked and (path in {"/", "/bench"} or path.startswith("/search."))


def _refusal(wait: timedelta) -> ASGIApp:
    seconds = math.ceil(wait / timedelta(seconds=1))
    return PlainTextResponse(
        "These are many questions at once. Ask again in a moment.\n",
        429,
        {"Retry-After": str(seconds), "Cache-Control": "no-store"},
    )
