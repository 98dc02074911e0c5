"""What watches over the program asks for::

    GET /healthz    200 while the process answers
    GET /readyz     200 while the database answers, and polls go on where they should; else 503
    GET /metrics    figures for Prometheus

All are text, and nobody may keep them.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from aggregator.errors import StoreError
from aggregator.serve.metrics import MEDIA_TYPE, exposition
from aggregator.serve.site import Site
from aggregator.store.base import Store

SILENCE = timedelta(minutes=5)
"""After how long without a tick polling is taken to be stuck."""

HELD = timedelta(seconds=2)
"""How old figures may be: many who ask at once ask the database once."""

_NEVER_KEPT = {"Cache-Control": "no-store"}


def vital_routes(site: Site) -> list[Route]:
    """Return where these are."""
    vitals = _Vitals(site)
    return [
        Route("/healthz", vitals.health),
        Route("/readyz", vitals.readiness),
        Route("/metrics", vitals.metrics),
    ]


class _Vitals:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._figures: tuple[datetime, bytes] | None = None

    async def health(self, _request: Request) -> Response:
        return _said(200, "This process answers.")

    async def readiness(self, _request: Request) -> Response:
        try:
            await self._site.watch.ask(_asked)
        except StoreError as error:
            return _said(503, str(error))
        ticked_at = self._site.ticked_at()
        if ticked_at is not None and abs(self._site.clock() - ticked_at) > SILENCE:
            return _said(503, f"Nothing was polled since {ticked_at:%Y-%m-%d %H:%M:%S} UTC.")
        return _said(200, "The database answers.")

    async def metrics(self, _request: Request) -> Response:
        now = self._site.clock()
        if self._figures is None or not timedelta() <= now - self._figures[0] < HELD:
            try:
                self._figures = now, await self._site.desk.ask(_figures_at(now))
            except StoreError as error:
                return _said(503, str(error))
        return Response(self._figures[1], headers=_NEVER_KEPT, media_type=MEDIA_TYPE)


def _asked(store: Store) -> object:
    return store.next_due_at()


def _figures_at(now: datetime) -> Callable[[Store], bytes]:
    return lambda store: exposition(store.measures(now))


def _said(status: int, sentence: str) -> Response:
    return PlainTextResponse(f"{sentence}\n", status, _NEVER_KEPT)
