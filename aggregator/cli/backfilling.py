"""``feeds backfill``: entries that have left a feed, out of its older pages."""

from datetime import datetime

import click

from aggregator.app.polling import opened_sweep
from aggregator.app.rules import take_up
from aggregator.app.store import opened_store, utc_now
from aggregator.archives import MOST, asked_for, reading_of
from aggregator.asking.feeds import find_feed, stored_feeds
from aggregator.cli import terminal
from aggregator.cli.context import Context
from aggregator.errors import UsageError
from aggregator.model.feeds import FeedState
from aggregator.model.polls import Refresh
from aggregator.store.base import FeedHealth
from aggregator.text import visible
from aggregator.wording import counted


@click.command()
@click.argument("feed")
@click.option(
    "--pages",
    type=click.IntRange(1, MOST),
    default=MOST,
    show_default=True,
    help="Read so many older documents at most.",
)
@click.pass_obj
def backfill_command(context: Context, feed: str, pages: int) -> None:
    """Read older entries of a feed, where it names its next page or its archives (RFC 5005).

    They are stored and tagged under the dates of their own. FEED is a name, a URL, or an
    unambiguous part of either.

    \b
    Example:
      aggregator feeds backfill "Example Africa" --pages 5
    """
    config = context.config()
    heard = _Heard()
    with opened_store(context.database_option or config.database) as store:
        take_up(store, config, utc_now())
        known = {each.key: each for each in store.feeds() if each.status != "archived"}
        found = known[find_feed(feed, stored_feeds(known.values())).key]
        if found.earlier is None or store.has_read(found.earlier.url):
            raise UsageError(_nowhere(found))
        if found.status == "paused":
            raise UsageError(f"{found.name} is paused in the configuration: resume it first.")
        with opened_sweep(config, store, heard, context.world, documents=1) as sweep:
            sweep.run_errand(found.key, reading_of(asked_for(found.earlier, pages)))
            sweep.round(())
    _tell(found, heard)


class _Heard:
    """What was read."""

    def __init__(self) -> None:
        self.read: list[Refresh] = []
        self.failed: list[Refresh] = []

    def polled(self, _: FeedState, refresh: Refresh) -> None:
        """Keep what came of one document."""
        (self.failed if refresh.walked is None else self.read).append(refresh)

    def left(self, state: FeedState, until: datetime, reason: str) -> None:
        """Hear nothing: no feed is polled."""

    def told(self, event: str) -> None:
        """Hear nothing of the network."""


def _nowhere(feed: FeedHealth) -> str:
    if feed.last_success_at is None:
        return f"{feed.name} was not read yet: poll it first."
    if feed.earlier is None:
        return f"{feed.name} names no older page: it holds all that its publisher offers."
    return f"{feed.name} names an archive that was read already: it never changes."


def _tell(feed: FeedHealth, heard: _Heard) -> None:
    new = sum(len(refresh.new) for refresh in heard.read)
    read = counted(len(heard.read), "older document")
    terminal.write_text(f"{visible(feed.name)}: {read} read, {counted(new, 'entry')} stored.\n")
    if heard.failed or not heard.read:
        why = heard.failed[-1].poll.sentence if heard.failed else None
        terminal.complain(why or f"{feed.name} is being polled just now: try again in a minute.")
        raise click.exceptions.Exit(1)
