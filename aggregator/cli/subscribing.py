"""``feeds remove``, ``pause`` and ``resume``: edits of the list of feeds."""

import click

from aggregator.app.store import opened_store
from aggregator.cli import terminal
from aggregator.cli.context import Context
from aggregator.cli.naming import Named, find_feed, find_feeds
from aggregator.config.edit import remove_feed, set_paused
from aggregator.config.settings import Config
from aggregator.config.write import edit_file
from aggregator.text import visible


@click.command()
@click.argument("feed")
@click.pass_obj
def remove_command(context: Context, feed: str) -> None:
    """Take a feed out of the list; its entries stay.

    They are still found and published. FEED is a name, a URL, or an unambiguous part of either.

    \b
    Example:
      aggregator feeds remove "Example Africa"
    """
    config = context.config()
    found = find_feed(feed, _subscribed(context, config))
    edit_file(config.path, lambda text: remove_feed(text, found.key))
    terminal.write_text(f"Removed {visible(found.name)}: its entries stay.\n")


@click.command()
@click.argument("feeds", metavar="FEED...", nargs=-1, required=True)
@click.pass_obj
def pause_command(context: Context, feeds: tuple[str, ...]) -> None:
    """Poll feeds no more until they are resumed.

    FEED is a name, a URL, or an unambiguous part of either. Nothing is changed if one of
    several is unknown.

    \b
    Example:
      aggregator feeds pause "Example Africa" example.net
    """
    _set_paused(context, feeds, paused=True)


@click.command()
@click.argument("feeds", metavar="FEED...", nargs=-1, required=True)
@click.pass_obj
def resume_command(context: Context, feeds: tuple[str, ...]) -> None:
    """Poll paused feeds again.

    Each is due when it would have been. FEED is a name, a URL, or an unambiguous part of either.

    \b
    Example:
      aggregator feeds resume "Example Africa"
    """
    _set_paused(context, feeds, paused=False)


def _set_paused(context: Context, written: tuple[str, ...], *, paused: bool) -> None:
    config = context.config()
    found = find_feeds(written, _subscribed(context, config))

    def change(text: str) -> str:
        for feed in found:
            text = set_paused(text, feed.key, paused=paused)
        return text

    edit_file(config.path, change)
    were = {each.url for each in config.subscriptions if each.paused == paused}
    done = "paused" if paused else "active"
    for feed in found:
        already = " already" if feed.key in were else ""
        terminal.write_text(f"{visible(feed.name)} is {done}{already}.\n")


def _subscribed(context: Context, config: Config) -> tuple[Named, ...]:
    """Return the configuration's feeds; those it gives no name go by their title, if stored."""
    titles: dict[str, str] = {}
    database = context.database_option or config.database
    if database.exists() and any(each.name is None for each in config.subscriptions):
        with opened_store(database) as store:
            titles = {feed.fetch_url: feed.name for feed in store.feeds()}
    return tuple(
        Named(each.url, each.name or titles.get(each.location, each.url), (each.url, each.location))
        for each in config.subscriptions
    )
