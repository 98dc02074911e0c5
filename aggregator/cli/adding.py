"""``feeds add``: what is at an address becomes a feed of the list, and its body the first poll."""

import re
from pathlib import Path

import click

from aggregator.app.scouting import opened_scout, subscribe
from aggregator.app.store import opened_store
from aggregator.canonical.form import canonical
from aggregator.cli import terminal
from aggregator.cli.addressing import files_in, located, written_in
from aggregator.cli.context import Context
from aggregator.cli.discovering import drawn, record
from aggregator.config.addresses import FeedDirectory, FeedFile, WebAddress
from aggregator.config.edit import add_feeds
from aggregator.config.settings import Config
from aggregator.config.write import edit_file
from aggregator.discovery import AFeed, APage, Scout, Way
from aggregator.errors import FeedError, UsageError
from aggregator.model.feeds import Subscription
from aggregator.model.polls import Refresh
from aggregator.text import visible
from aggregator.urls import without_credentials
from aggregator.wording import counted

_FORMAT = re.compile(r"(rss|atom|json)([0-9])([0-9]+)")
_FORMATS = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}
_WAYS: dict[Way, str] = {
    "given": "",
    "header": "which its Link header names",
    "page": "which it names",
    "guess": "which it does not name: it was found by trying",
}


@click.command()
@click.argument("url")
@click.option("--name", help="What to call it, instead of the feed's own title.")
@click.option("--label", "labels", multiple=True, help="A group that it belongs to; repeatable.")
@click.pass_obj
def add_command(context: Context, url: str, name: str | None, labels: tuple[str, ...]) -> None:
    """Subscribe to a feed, by its URL or that of its web page.

    URL is fetched once, to see what it is, and what came is stored as the first poll; the path of
    a file, or of a directory of feed files, will do as well. If a web page names several feeds,
    they are listed, nothing is added and the exit status is 1. If it names none, up to four usual
    addresses are tried that the site's robots.txt allows.

    \b
    Examples:
      aggregator feeds add https://www.example.org/africa/rss --label africa --label wire
      aggregator feeds add https://www.example.org/ --name "Example"
    """
    config = context.config()
    wished = Subscription(url, "", _one_line(name, "--name"), _one_line_each(labels))
    match located(url):
        case WebAddress(address):
            _add_found(context, config, wished, address)
        case FeedFile(path):
            _add_found(context, config, wished, path.as_uri(), written_in(config.path, path))
        case FeedDirectory(path):
            _add_directory(config, wished, path)


def _add_found(
    context: Context,
    config: Config,
    wished: Subscription,
    location: str,
    written: str | None = None,
) -> None:
    _refuse_known(config, location)
    database = context.database_option or config.database
    with opened_scout(config.poll, database, context.world) as (scout, edge):
        try:
            found = _the_feed(scout, config, location)
            _refuse_known(config, found.document.url)
        except (FeedError, UsageError, click.exceptions.Exit):
            record(database, scout)
            raise
        url = written if written and found.url == location else found.url
        feed = Subscription(url, found.url, wished.name, wished.labels)
        with opened_store(database) as store:
            first_poll = found, scout.polled(found)
            refresh = subscribe(store, config, feed, first_poll, edge, lambda: _edit(config, feed))
    terminal.write_text(f"{_added(feed, found, refresh)}\n")


def _the_feed(scout: Scout, config: Config, location: str) -> AFeed:
    """Return the feed at an address, or the only one that a page there leads to."""
    found = scout.look(location)
    if isinstance(found, APage):
        page = found.url
        named = _only_feed(found)
        _refuse_known(config, named)
        found = scout.fetch(found.feeds[0])
    elif found.way == "given":
        return found
    else:
        page = location
    terminal.say(
        f"{without_credentials(page)} is a web page; its feed is {found.url}, {_WAYS[found.way]}."
    )
    return found


def _added(feed: Subscription, found: AFeed, refresh: Refresh | None) -> str:
    """Return what was added: its name, its title, format and language, and how much of it."""
    title = found.reading.feed.title
    called = feed.name or title or without_credentials(feed.url)
    about = (
        f"“{title}”" if title and title != called else "",
        _format(found.reading.feed.format),
        found.reading.feed.language or "",
    )
    told = visible(f"Added {called} ({', '.join(filter(None, about))})")
    entries = len(found.reading.entries)
    if refresh is None:
        return f"{told}, {counted(entries, 'entry')}: it is polled with the next round."
    if not entries:
        return f"{told}: it has no entries yet."
    return f"{told}: {counted(entries, 'entry')} {'is' if entries == 1 else 'are'} stored."


def _format(written: str) -> str:
    """Return ``rss20`` as people write it."""
    known = _FORMAT.fullmatch(written)
    return f"{_FORMATS[known[1]]} {known[2]}.{known[3]}" if known else written.upper()


def _add_directory(config: Config, wished: Subscription, path: Path) -> None:
    if wished.name is not None:
        raise UsageError(f"{path} is a directory of feeds: leave --name out.")
    files = files_in(path)
    known = {subscription.location for subscription in config.subscriptions}
    if any(file.as_uri() in known for file in files):
        raise UsageError(f"{path} holds feeds that are in the configuration already.")
    written = written_in(config.path, path)
    _edit(config, Subscription(written, written, wished.name, wished.labels))
    terminal.write_text(f"Added {visible(str(path))}, {counted(len(files), 'feed file')}.\n")


def _edit(config: Config, feed: Subscription) -> None:
    edit_file(config.path, lambda text: add_feeds(text, (feed,)))


def _refuse_known(config: Config, location: str) -> None:
    for known in config.subscriptions:
        if canonical(known.location) == canonical(location):
            called = f" as {known.name}" if known.name else ""
            address = without_credentials(location)
            raise UsageError(f"{address} is subscribed to already{called}.")


def _only_feed(page: APage) -> str:
    """Return the page's one feed; if it names several, list them and leave with 1."""
    if len(page.feeds) == 1:
        return page.feeds[0].url
    terminal.write_text(drawn(page))
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
