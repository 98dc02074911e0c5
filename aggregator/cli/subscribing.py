"""``feeds add``, ``remove``, ``pause`` and ``resume``: edits of the list of feeds."""

from pathlib import Path

import click

from aggregator.app.store import opened_store
from aggregator.cli import terminal
from aggregator.cli.addressing import files_in, located, written_in
from aggregator.cli.context import Context
from aggregator.cli.discovering import rows_of
from aggregator.cli.looking import APage, look
from aggregator.cli.naming import Named, find_feed, find_feeds
from aggregator.config.addresses import FeedDirectory, FeedFile, WebAddress
from aggregator.config.edit import add_feeds, remove_feed, set_paused
from aggregator.config.settings import Config
from aggregator.config.write import edit_file
from aggregator.errors import FeedError, UsageError
from aggregator.model import Subscription
from aggregator.text import visible
from aggregator.urls import canonical
from aggregator.wording import counted

# --- adding ---------------------------------------------------------------------------------------


@click.command()
@click.argument("url")
@click.option("--name", help="What to call it, instead of the feed's own title.")
@click.option("--label", "labels", multiple=True, help="A group that it belongs to; repeatable.")
@click.pass_obj
def add_command(context: Context, url: str, name: str | None, labels: tuple[str, ...]) -> None:
    """Subscribe to a feed, by its URL or that of its web page.

    URL is fetched once, to see what it is; the path of a file, or of a directory of feed files,
    will do as well. If a web page names several feeds, they are listed, nothing is added and
    the exit status is 1.

    \b
    Examples:
      aggregator feeds add https://www.example.org/africa/rss --label africa --label wire
      aggregator feeds add https://www.example.org/ --name "Example"
    """
    config = context.config()
    wished = Subscription(url, "", _one_line(name, "--name"), _one_line_each(labels))
    match located(url):
        case WebAddress(address):
            _add_found(config, wished, address, address)
        case FeedFile(path):
            _add_found(config, wished, path.as_uri(), written_in(config.path, path))
        case FeedDirectory(path):
            _add_directory(config, wished, path)


def _add_found(config: Config, wished: Subscription, location: str, written: str) -> None:
    _refuse_known(config, location)
    found = look(location, config.poll)
    if isinstance(found, APage):
        location = written = _only_feed(found)
        terminal.say(f"{found.url} is a web page; its feed is {written}.")
        _refuse_known(config, location)
        found = look(location, config.poll)
        if isinstance(found, APage):
            raise FeedError(f"{found.url}, which a web page calls its feed, is a web page itself.")
    _refuse_known(config, found.url)
    _add(config, wished, written)
    called = wished.name or found.title or written
    terminal.write_text(
        f"{visible(f'Added {called}')}, {counted(found.entries, 'entry')}:"
        " it is polled with the next round.\n"
    )


def _add_directory(config: Config, wished: Subscription, path: Path) -> None:
    if wished.name is not None:
        raise UsageError(f"{path} is a directory of feeds: leave --name out.")
    files = files_in(path)
    known = {subscription.location for subscription in config.subscriptions}
    if any(file.as_uri() in known for file in files):
        raise UsageError(f"{path} holds feeds that are in the configuration already.")
    _add(config, wished, written_in(config.path, path))
    terminal.write_text(f"Added {visible(str(path))}, {counted(len(files), 'feed file')}.\n")


def _add(config: Config, wished: Subscription, written: str) -> None:
    feed = Subscription(written, written, wished.name, wished.labels)
    edit_file(config.path, lambda text: add_feeds(text, (feed,)))


def _refuse_known(config: Config, location: str) -> None:
    for known in config.subscriptions:
        if canonical(known.location) == canonical(location):
            called = f" as {known.name}" if known.name else ""
            raise UsageError(f"{location} is subscribed to already{called}.")


def _only_feed(page: APage) -> str:
    """Return the page's one feed; if it names several, list them and leave with 1."""
    if len(page.feeds) == 1:
        return page.feeds[0].url
    table = terminal.columns(("url", "title", "type"), rows_of(page))
    terminal.write_text(terminal.draw([table], terminal.stdout()))
    terminal.complain(
        f"{page.url} names {counted(len(page.feeds), 'feed')}:"
        " add the one that you want by its URL."
    )
    raise click.exceptions.Exit(1)


def _one_line(text: str | None, option: str) -> str | None:
    if text is None:
        return None
    if not text.strip() or visible(text) != text:
        raise UsageError(f"{option} must be some text on one line, without control characters.")
    return text.strip()


def _one_line_each(labels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(label for each in labels if (label := _one_line(each, "--label")))


# --- editing --------------------------------------------------------------------------------------


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
