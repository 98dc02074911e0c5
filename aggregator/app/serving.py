"""The pages over a database, and a server that shows nothing else."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from starlette.routing import BaseRoute

from aggregator import __version__
from aggregator.config.settings import Config, PollSettings, ServeSettings
from aggregator.fetch.asking import user_agent
from aggregator.fetch.client import Client, ClientSettings
from aggregator.fetch.decoding import Sizes
from aggregator.model.fetching import Document, FetchRequest
from aggregator.serve.application import application
from aggregator.serve.desk import Desk
from aggregator.serve.guard import is_loopback
from aggregator.serve.images import MAX_BYTES, Images
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
        closing(Images(lambda url: _picture(url, config().poll, clock))) as images,
    ):
        yield pages(Site(desk, watch, config, clock, ticked_at, images))


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


def _picture(url: str, settings: PollSettings, clock: Callable[[], datetime]) -> bytes:
    """Return what is at an address, by the limits and the guard of a poll. Raises `FetchError`."""
    sizes = Sizes(wire_bytes=MAX_BYTES, decoded_bytes=MAX_BYTES)
    allowed = ClientSettings(settings.allow_addresses, sizes=sizes, ca_bundle=settings.ca_bundle)
    headers = (
        (b"User-Agent", user_agent(__version__, settings.contact).encode("ascii", "replace")),
        (b"Accept", b"image/avif,image/webp,image/png,image/jpeg,image/gif"),
        (b"Connection", b"close"),
    )
    with closing(Client(allowed, clock)) as client:
        fetched = client.fetch(FetchRequest(url, headers))
    return fetched.body if isinstance(fetched, Document) else b""


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
