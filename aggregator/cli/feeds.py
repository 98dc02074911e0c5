"""``feeds``: how every feed is doing; its subcommands, which edit the list, live beside it."""

from collections.abc import Iterable
from datetime import tzinfo

import click
from rich.console import RenderableType

from aggregator.app.store import opened_store, utc_now
from aggregator.asking.health import standing, why
from aggregator.cli import terminal
from aggregator.cli.adding import add_command
from aggregator.cli.backfilling import backfill_command
from aggregator.cli.context import Context
from aggregator.cli.discovering import discover_command
from aggregator.cli.exchanging import export_command, import_command
from aggregator.cli.reminding import remind
from aggregator.cli.requested import requests_command
from aggregator.cli.shapes import Shape, shape_option, utc_option, write_object
from aggregator.cli.subscribing import (
    move_command,
    pause_command,
    remove_command,
    resume_command,
)
from aggregator.dates import rfc3339
from aggregator.model.polls import Outcome, PollRecord
from aggregator.output.jsonfeed import Json
from aggregator.store.base import FeedHealth
from aggregator.wording import local


@click.group(invoke_without_command=True)
@click.option("--archived", is_flag=True, help="Show feeds that were removed, too.")
@shape_option
@utc_option
@click.pass_context
def feeds_command(ctx: click.Context, archived: bool, shape: Shape, utc: bool) -> None:
    """Show how every feed is doing; the commands below edit the list of feeds.

    \b
    Examples:
      aggregator feeds
      aggregator feeds add https://www.example.org/rss --label africa
    """
    if ctx.invoked_subcommand is not None:
        return
    feeds = _health(ctx.ensure_object(Context), archived=archived)
    if shape == "json":
        write_object(_report(feeds))
    elif feeds:
        table = _table(feeds, terminal.zone(utc=utc))
        terminal.write_text(terminal.draw([table], terminal.stdout()))
    else:
        terminal.say("There are no feeds yet: add one with `aggregator feeds add URL`.")


for name, command in {
    "add": add_command,
    "backfill": backfill_command,
    "remove": remove_command,
    "move": move_command,
    "pause": pause_command,
    "resume": resume_command,
    "import": import_command,
    "export": export_command,
    "discover": discover_command,
    "requests": requests_command,
}.items():
    feeds_command.add_command(command, name)


def _health(context: Context, *, archived: bool) -> tuple[FeedHealth, ...]:
    """Return the feeds' health, those included that the configuration has had only just now."""
    config = context.config()
    with opened_store(context.database_option or config.database) as store:
        store.subscribe(config.subscriptions, utc_now())
        feeds = store.feeds()
        remind(store, config)
    return tuple(feed for feed in feeds if archived or feed.status != "archived")


def _table(feeds: Iterable[FeedHealth], zone: tzinfo) -> RenderableType:
    rows = [
        (
            feed.name,
            standing(feed),
            feed.entries,
            local(feed.last_success_at, zone),
            f"{local(feed.due_at, zone)}, {why(feed)}" if feed.status == "active" else why(feed),
        )
        for feed in feeds
    ]
    heads = ("feed", "status", "entries", "last success", f"next poll ({zone}), and why")
    return terminal.columns(heads, rows)


def _report(feeds: Iterable[FeedHealth]) -> Json:
    return {"version": 1, "feeds": [_feed(feed) for feed in feeds]}


def _feed(feed: FeedHealth) -> Json:
    return {
        "url": feed.key,
        "fetch_url": feed.fetch_url,
        "moved": feed.moved_to is not None,
        "name": feed.name,
        "title": feed.title,
        "labels": list(feed.labels),
        "status": feed.status,
        "format": feed.format,
        "problem": feed.problem,
        "entries": feed.entries,
        "failures": feed.rhythm.failures,
        "failing_since": feed.rhythm.failing_since and rfc3339(feed.rhythm.failing_since),
        "last_success_at": feed.last_success_at and rfc3339(feed.last_success_at),
        "next_poll_at": rfc3339(feed.due_at) if feed.status == "active" else None,
        "next_poll_reason": feed.due_reason,
        "last_poll": _poll(feed.last_poll) if feed.last_poll else None,
    }


def _poll(poll: PollRecord) -> Json:
    failed = poll.outcome is Outcome.FAILED
    return {
        "started_at": rfc3339(poll.started_at),
        "ended_at": rfc3339(poll.ended_at),
        "outcome": poll.outcome.value,
        "status": poll.status,
        "error": {"code": poll.error_code, "sentence": poll.sentence} if failed else None,
        "new": poll.new,
        "changed": poll.changed,
        "body_bytes": poll.body_bytes,
    }
