"""The daemon's ear: listens where the configuration says, and has hubs asked to tell us of news."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from aggregator.config.settings import ServeSettings
from aggregator.errors import ListenError
from aggregator.hubs.asking import Asking
from aggregator.hubs.hearing import Hearing
from aggregator.model.feeds import FeedState
from aggregator.store.base import Store
from aggregator.sweeping.sweep import Sweep

RETRY = timedelta(minutes=1)
"""When it is tried again to listen, where that failed."""


class Pushing:
    """Hubs at work for one store; all of it is called on the sweep's thread.

    Without settings nobody listens, so that no hub is asked, and none is relied on any more.
    """

    def __init__(self, store: Store, told: Callable[[str], object]) -> None:
        self._store = store
        self._told = told
        self._settings: ServeSettings | None = None
        self._open = ExitStack()
        self._hearing: Hearing | None = None
        self._asking: Asking | None = None
        self._retry_at: datetime | None = None
        self.port: int | None = None

    def begin(self, settings: ServeSettings | None, sweep: Sweep) -> None:
        """Listen as these settings say, no more as others said.

        Raises `ListenError`: then `act` tries again, after a while.
        """
        self.close()
        self._settings = settings
        if settings is None:
            self._store.forget_pushes()
        else:
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
        self._asking, self._hearing, self.port, self._retry_at = None, None, None, None
        self._open.close()

    def _listen(self, settings: ServeSettings, sweep: Sweep) -> None:
        # Only whoever listens needs a web server, which takes long to import.
        from aggregator.serve.application import application  # noqa: PLC0415
        from aggregator.serve.listening import Listener  # noqa: PLC0415

        hearing = Hearing(self._store, sweep)
        app = application(hearing, urlsplit(settings.url).path)
        try:
            listener = Listener(app, settings.host, settings.port)
        except ListenError:
            self._retry_at = sweep.wiring.edge.clock() + RETRY
            raise
        self._open.callback(listener.close)
        self._open.callback(hearing.close)
        self._hearing, self._retry_at, self.port = hearing, None, listener.port
        self._asking = Asking(self._store, sweep, f"{settings.url}/websub")
        self._asking.move_in()
        self._told(f"hubs are listened to on {settings.host}, port {listener.port}")
