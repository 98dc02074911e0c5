"""``poll``: one round of what is due, or of the feeds that somebody asks for."""

import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType

import click

from aggregator.app.polling import opened_sweep
from aggregator.app.rules import pending_tags, take_up
from aggregator.app.store import opened_store, utc_now
from aggregator.asking.feeds import find_feeds, stored_feeds
from aggregator.cli import terminal
from aggregator.cli.context import Context
from aggregator.cli.progress import Left, Tally, tallied
from aggregator.cli.shapes import Shape, shape_option, utc_option, write_object
from aggregator.cli.summary import Round, report, shown
from aggregator.errors import UsageError
from aggregator.store.base import FeedHealth
from aggregator.store.lock import is_daemon_at_work
from aggregator.sweeping.sweep import Signal, Sweep
from aggregator.wording import counted


@click.command()
@click.argument("feeds", metavar="[FEED]...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Poll all feeds, whether they are due or not.")
@shape_option
@utc_option
@click.pass_context
def poll_command(
    ctx: click.Context,
    feeds: tuple[str, ...],
    every: bool,
    shape: Shape,
    utc: bool,
) -> None:
    """Poll the feeds that are due, once, and say what came of it.

    FEED is a name, a URL, or an unambiguous part of either: such feeds, and all of them with
    --all, are polled whether they are due or not. But nobody is asked before the time that a
    server named (Retry-After), nor sooner than the floor after the last poll: which feeds were
    left alone is said. Entries are stored and tagged; `aggregator emit` publishes them.

    If our own network is away, feeds that need it are left as they are: none has failed.

    Exit status: 0 when the round is done, however many feeds failed; 1 if a FEED failed that
    was asked for by name, if all failed, if our network is away, or if nothing could be stored.

    \b
    Examples:
      aggregator poll
      aggregator poll "BBC Africa" reliefweb.int
    """
    if feeds and every:
        raise UsageError("--all polls all feeds: leave the names out, or --all.")
    done = _polled(ctx.ensure_object(Context), feeds, every=every)
    if shape == "json":
        write_object(report(done))
    else:
        parts = shown(done, terminal.zone(utc=utc))
        terminal.write_text(terminal.draw(parts, terminal.stdout()))
    ctx.exit(1 if done.has_failed(named=bool(feeds)) else 0)


def _polled(context: Context, named: tuple[str, ...], *, every: bool) -> Round:
    config = context.config()
    started_at = utc_now()
    path = context.database_option or config.database
    with opened_store(path) as store:
        take_up(store, config, started_at)
        health = {feed.key: feed for feed in store.feeds() if feed.status != "archived"}
        due = [
            feed.key
            for feed in health.values()
            if feed.status == "active" and (every or feed.due_at <= started_at)
        ]
        asked = [feed.key for feed in find_feeds(named, stored_feeds(health.values()))]
        wanted = asked or due
        with (
            tallied(len(wanted), bar=sys.stderr.isatty()) as tally,
            opened_sweep(config, store, tally, context.world, documents=len(wanted)) as sweep,
            _stoppable(sweep),
        ):
            tally.left_alone += _paused(health[key] for key in asked)
            if not is_daemon_at_work(path):
                _deafen(sweep)
            finished = sweep.round(wanted if named or every else None)
        if not finished:
            terminal.complain(_interrupted(tally, len(wanted)))
            raise click.exceptions.Exit(1)
        done = {poll.key for poll in tally.polls} | {left.key for left in tally.left_alone}
        undone = tuple(health[key].name for key in wanted if key not in done)
        return Round(
            tally,
            () if sweep.network_is_away else undone,
            started_at,
            utc_now(),
            store.next_due_at(),
            pending_tags(store, config.rules),
            offline=undone if sweep.network_is_away else (),
        )


def _paused(feeds: Iterable[FeedHealth]) -> list[Left]:
    return [
        Left(feed.key, feed.name, None, "it is paused in the configuration")
        for feed in feeds
        if feed.status == "paused"
    ]


def _deafen(sweep: Sweep) -> None:
    """Rely on no hub: nobody listens to any while no daemon is at work."""
    deaf = replace(sweep.wiring.policy, hears_hubs=False)
    sweep.wiring = replace(sweep.wiring, policy=deaf)


def _interrupted(tally: Tally, feeds: int) -> str:
    polled = len(tally.polls)
    return (
        f"Interrupted: {polled:,} of {counted(feeds, 'feed')} {'was' if polled == 1 else 'were'}"
        f" polled, and {counted(tally.new, 'new entry')} stored; the others stay as they were."
    )


@contextmanager
def _stoppable(sweep: Sweep) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the round between two commits; a second one ends it at once."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def stop(_number: int, _frame: FrameType | None) -> None:
        restore()
        sweep.signal(Signal.STOP)

    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        restore()
