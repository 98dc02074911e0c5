"""``feeds remove``, ``move``, ``pause`` and ``resume``: edits of the list of feeds."""

from collections.abc import Sequence

import click

from aggregator.app.store import opened_store, utc_now
from aggregator.asking.feeds import Named, find_feed, find_feeds
from aggregator.cli import terminal
from aggregator.cli.addressing import located, written_in
from aggregator.cli.context import Context
from aggregator.config.addresses import FeedDirectory, FeedFile, WebAddress
from aggregator.config.edit import move_feed, remove_feed, set_paused
from aggregator.config.load import load
from aggregator.config.settings import Config
from aggregator.config.write import edit_file
from aggregator.errors import UsageError
from aggregator.model.feeds import Subscription
from aggregator.store.base import FeedHealth, Store
from aggregator.text import visible
from aggregator.urls import without_credentials


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
@click.argument("feed")
@click.argument("url", required=False)
@click.pass_obj
def move_command(context: Context, feed: str, url: str | None) -> None:
    """Write down where a feed is now: at URL, or where its redirects lead for good.

    Its entries and all that is known of it stay. FEED is a name, a URL, or an unambiguous part
    of either.

    \b
    Examples:
      aggregator feeds move "Example Africa"
      aggregator feeds move "Example Africa" https://www.example.org/africa/feed
    """
    config = context.config()
    found = find_feed(feed, _subscribed(context, config))
    with opened_store(context.database_option or config.database) as store:
        store.subscribe(config.subscriptions, utc_now())
        health = _health(store, found.key)
        to = health.moved_to if url is None else _written(config, url)
        if to is None:
            raise UsageError(
                f"{found.name} is where the configuration says: give the URL that it is to have."
            )

        def edit() -> Sequence[Subscription]:
            edit_file(config.path, lambda text: move_feed(text, found.key, to))
            return load(config.path).subscriptions

        store.move(health.key, to, edit, utc_now())
    told = f"Moved {found.name} to {without_credentials(to)}: its history stays."
    terminal.write_text(f"{visible(told)}\n")


def _health(store: Store, url: str) -> FeedHealth:
    """Return the health of the feed that the configuration gives this url."""
    feeds = (each for each in store.feeds() if each.status != "archived")
    return next(each for each in feeds if each.url == url)


def _written(config: Config, url: str) -> str:
    """Return how the configuration writes an address of the command line."""
    match located(url):
        case WebAddress(address):
            return address
        case FeedFile(path):
            return written_in(config.path, path)
        case FeedDirectory(path):
            raise UsageError(f"{path} is a directory: name a file in it.")


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
            titles = {feed.url: feed.name for feed in store.feeds() if feed.status != "archived"}
    return tuple(
        Named(each.url, each.name or titles.get(each.url, each.url), (each.url, each.location))
        for each in config.subscriptions
    )
