"""The daemon's door: serves the pages where the configuration says, and hears hubs there."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from aggregator.config.settings import ServeSettings
from aggregator.errors import ListenError
from aggregator.hubs.asking import Asking
from aggregator.hubs.hearing import Hearing
from aggregator.model.feeds import FeedState
from aggregator.store.base import Store
from aggregator.sweeping.sweep import Sweep

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

Pages = Callable[[], AbstractContextManager["BaseRoute"]]

RETRY = timedelta(minutes=1)
"""When it is tried again to listen, where that failed."""


class Pushing:
    """What is served for one store; all of it is called on the sweep's thread.

    Without a public address no hub is asked, and none is relied on any more. ``pages`` opens
    the pages.
    """

    def __init__(self, store: Store, told: Callable[[str], object], pages: Pages) -> None:
        self._store = store
        self._told = told
        self._pages = pages
        self._settings: ServeSettings | None = None
        self._open = ExitStack()
        self._hearing: Hearing | None = None
        self._asking: Asking | None = None
        self._retry_at: datetime | None = None

    def begin(self, settings: ServeSettings | None, sweep: Sweep) -> None:
        """Serve as these settings say, no more as others said.

        Raises `ListenError`: then `act` tries again, after a while.
        """
        self.close()
        self._settings = settings
        if settings is None or settings.url is None:
            self._store.forget_pushes()
        if settings is not None:
            self._listen(settings, sweep)

    def act(self, sweep: Sweep) -> None:
        """Do what there is to do about hubs. Raises `StoreError` and `ListenError`."""
        now = sweep.wiring.edge.clock()
        if self._settings and self._retry_at is not None and now >= self._retry_at:
            self._listen(self._settings, sweep)
        if self._asking is not None:
            self._asking.act()

    def committed(self, state: FeedState) -> None:
        """Hear that what came of a feed's claim is stored."""
        if self._hearing is not None:
            self._hearing.committed(state)

    def close(self) -> None:
        """Listen no more; whoever waits for an answer is told to try again later."""
        self._asking, self._hearing, self._retry_at = None, None, None
        self._open.close()

    def _listen(self, settings: ServeSettings, sweep: Sweep) -> None:
        # Only whoever listens needs a web server, which takes long to import.
        from aggregator.app.serving import exposure, front_page, served  # noqa: PLC0415
        from aggregator.serve.hubs import hub_route  # noqa: PLC0415

        hearing = Hearing(self._store, sweep) if settings.url else None
        routes: list[BaseRoute] = [hub_route(hearing)] if hearing else []
        with ExitStack() as opening:
            routes.append(opening.enter_context(self._pages()))
            try:
                listener = opening.enter_context(served(settings, routes))
            except ListenError:
                self._retry_at = sweep.wiring.edge.clock() + RETRY
                raise
            self._open = opening.pop_all()
        self._retry_at = None
        if warning := exposure(settings):
            self._told(warning)
        self._told(f"pages are served at {front_page(settings, listener.port)}")
        if hearing:
            self._hear(hearing, f"{settings.url}/websub", sweep)
            self._told(f"hubs are listened to on {settings.host}, port {listener.port}")

    def _hear(self, hearing: Hearing, callbacks: str, sweep: Sweep) -> None:
        self._open.callback(hearing.close)
        self._hearing = hearing
        self._asking = Asking(self._store, sweep, callbacks)
        self._asking.move_in()
