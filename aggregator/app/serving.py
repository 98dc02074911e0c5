"""The pages over a database, and a server that shows nothing else."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from starlette.routing import BaseRoute

from aggregator.config.settings import Config, ServeSettings
from aggregator.serve.application import application
from aggregator.serve.desk import Desk
from aggregator.serve.guard import is_loopback
from aggregator.serve.listening import Listener
from aggregator.serve.pages import pages
from aggregator.serve.site import Site
from aggregator.store.sqlite import SqliteStore


@contextmanager
def opened_pages(
    database: Path,
    config: Callable[[], Config],
    clock: Callable[[], datetime],
    ticked_at: Callable[[], datetime | None],
) -> Iterator[BaseRoute]:
    """Return where the pages are; what they ask of the database has ended when this is left.

    ``ticked_at`` is what `Site` has of that name.
    """
    with (
        closing(Desk(lambda: SqliteStore(database))) as desk,
        closing(Desk(lambda: SqliteStore(database), stores=1)) as watch,
    ):
        yield pages(Site(desk, watch, config, clock, ticked_at))


@contextmanager
def served(settings: ServeSettings, routes: Sequence[BaseRoute]) -> Iterator[Listener]:
    """Serve while this is open. Raises `ListenError`."""
    app = application(routes, _path(settings))
    with closing(Listener(app, settings.host, settings.port)) as listener:
        yield listener


def front_page(settings: ServeSettings, port: int) -> str:
    """Return where a browser on this computer finds the pages."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{port}{_path(settings)}/"


def exposure(settings: ServeSettings) -> str | None:
    """Return what is to be said of pages that others may reach and nobody guards."""
    if settings.password is not None or is_loopback(settings.host):
        return None
    return (
        f"Whoever reaches {settings.host} reads everything: give `serve` a `password`,"
        " or let it listen on 127.0.0.1."
    )


def _path(settings: ServeSettings) -> str:
    return urlsplit(settings.url or "").path
