"""``feeds import`` and ``export``: lists of feeds from and for other feed readers (OPML)."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from aggregator.canonical.form import canonical
from aggregator.cli import terminal
from aggregator.cli.context import Context
from aggregator.config.addresses import AddressError, WebAddress, locate
from aggregator.config.edit import add_feeds
from aggregator.config.settings import Config
from aggregator.config.write import edit_file
from aggregator.errors import UsageError
from aggregator.model.feeds import Subscription
from aggregator.opml import OpmlFeed, read_opml, write_opml
from aggregator.text import visible
from aggregator.wording import counted


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.pass_obj
def import_command(context: Context, file: Path) -> None:
    """Subscribe to the feeds of an OPML file; - is standard input.

    Those that are in the list already stay as they are. Groups and categories become labels,
    titles names. All are added or, if one of them cannot be, none.

    \b
    Example:
      aggregator feeds import subscriptions.opml
    """
    config = context.config()
    listed = read_opml(_read(file))
    new = _new(config, listed)
    if new:
        edit_file(config.path, lambda text: add_feeds(text, new))
    there = len(listed) - len(new)
    known = f"; {counted(there, 'feed')} {'was' if there == 1 else 'were'} there already"
    terminal.write_text(f"Added {counted(len(new), 'feed')}{known if there else ''}.\n")


def _read(file: Path) -> bytes:
    try:
        if str(file) == "-":
            return sys.stdin.buffer.read()
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror or error}.") from error


def _new(config: Config, listed: Iterable[OpmlFeed]) -> tuple[Subscription, ...]:
    """Return those that are not subscribed to. Raises `UsageError` naming all unusable ones."""
    known = {canonical(each.location) for each in config.subscriptions}
    new: list[Subscription] = []
    unusable: list[str] = []
    for feed in listed:
        if not _usable(feed.url):
            unusable.append(feed.url)
        elif canonical(feed.url) not in known:
            known.add(canonical(feed.url))
            labels = tuple(dict.fromkeys(visible(label) for label in feed.labels))
            name = visible(feed.title) if feed.title and feed.title != feed.url else None
            new.append(Subscription(feed.url, feed.url, name, labels))
    if unusable:
        raise UsageError(
            f"Nothing is added: {'; '.join(unusable)} cannot be a feed's URL: mend or remove"
            f" {'it' if len(unusable) == 1 else 'them'} in the file."
        )
    return tuple(new)


def _usable(url: str) -> bool:
    try:
        return isinstance(locate(url, Path("/")), WebAddress)
    except AddressError:
        return False


@click.command()
@click.pass_obj
def export_command(context: Context) -> None:
    """Write the list of feeds to stdout as OPML.

    Other feed readers import it. Labels become categories; files of this machine are left out.

    \b
    Example:
      aggregator feeds export > subscriptions.opml
    """
    subscriptions = context.config().subscriptions
    terminal.write(write_opml(subscriptions, "Feeds of aggregator"))
