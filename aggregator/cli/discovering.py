"""``feeds discover``: which feeds there are at an address."""

from pathlib import Path

import click

from aggregator.app.scouting import opened_scout
from aggregator.app.store import opened_store
from aggregator.cli import terminal
from aggregator.cli.addressing import location_of
from aggregator.cli.context import Context
from aggregator.cli.shapes import Shape, shape_option, write_object
from aggregator.discovery import AFeed, APage, Scout


@click.command()
@click.argument("url")
@shape_option
@click.pass_obj
def discover_command(context: Context, url: str, shape: Shape) -> None:
    """List the feeds that a web page names.

    If URL is a feed itself, that is the only one. If a page names none, up to four usual
    addresses are tried that the site's robots.txt allows. Nothing is stored.

    \b
    Example:
      aggregator feeds discover https://www.example.org/
    """
    config = context.config()
    database = context.database_option or config.database
    with opened_scout(config.poll, database, context.world) as (scout, _):
        try:
            found = scout.look(location_of(url))
        finally:
            record(database, scout)
    if shape == "json":
        feeds = [
            {"url": url, "title": title, "type": kind, "found": way}
            for url, title, kind, way in _rows(found)
        ]
        write_object({"version": 1, "url": _asked_for(found), "feeds": feeds})
    else:
        terminal.write_text(drawn(found))


def drawn(found: AFeed | APage) -> str:
    """Return a table of what was found; types of a page's feeds are its claim."""
    table = terminal.columns(("url", "title", "type", "found"), _rows(found))
    return terminal.draw([table], terminal.stdout())


def record(database: Path, scout: Scout) -> None:
    """Enter in the ledger what was asked for no feed; there is none where nothing is stored."""
    if scout.asked and database.exists():
        with opened_store(database) as store:
            store.record(scout.asked)


def _asked_for(found: AFeed | APage) -> str:
    return found.document.url if isinstance(found, AFeed) else found.url


def _rows(found: AFeed | APage) -> tuple[tuple[str, str, str, str], ...]:
    if isinstance(found, AFeed):
        feed = found.reading.feed
        return ((found.document.url, feed.title, feed.format, found.way),)
    return tuple((feed.url, feed.title, feed.media_type, feed.named_in) for feed in found.feeds)
