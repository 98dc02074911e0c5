"""``feeds requests``: every request that was made, for a publisher who asks why."""

from datetime import tzinfo

import click
from rich.console import RenderableType

from aggregator.app.store import opened_store
from aggregator.asking.feeds import find_feed, stored_feeds
from aggregator.cli import terminal
from aggregator.cli.context import Context
from aggregator.cli.shapes import Shape, shape_option, utc_option, write_object
from aggregator.dates import rfc3339
from aggregator.model.polls import Asked
from aggregator.output.jsonfeed import Json
from aggregator.store.base import Store
from aggregator.urls import host

USUAL_LIMIT = 50


@click.command()
@click.argument("subject", metavar="FEED_OR_HOST")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=USUAL_LIMIT,
    show_default=True,
    help="The latest so many.",
)
@shape_option
@utc_option
@click.pass_obj
def requests_command(context: Context, subject: str, limit: int, shape: Shape, utc: bool) -> None:
    """List the latest requests for a feed, or to a host: when, for what, why, and what came of it.

    A host stands for all of them under a registrable domain if it is one (example.org), and for
    requests that were made for no feed as well. The last 200 for each feed are kept.

    \b
    Examples:
      aggregator feeds requests "BBC Africa"
      aggregator feeds requests example.org --format json
    """
    config = context.config()
    with opened_store(context.database_option or config.database) as store:
        requests = _found(store, subject, limit)
    if shape == "json":
        write_object({"version": 1, "requests": [_object(asked) for asked in requests]})
    elif requests:
        table = _table(requests, terminal.zone(utc=utc))
        terminal.write_text(terminal.draw([table], terminal.stdout()))
    else:
        terminal.say("Nobody was asked for it yet.")


def _found(store: Store, subject: str, limit: int) -> tuple[Asked, ...]:
    """Return the requests to a host that was asked, else for the feed of that name."""
    to_host = store.requests_to(subject.lower(), limit)
    feeds = store.feeds()
    if to_host or any(subject.lower() == host(feed.fetch_url) for feed in feeds):
        return to_host
    return store.requests(find_feed(subject, stored_feeds(feeds)).key, limit)


def _table(requests: tuple[Asked, ...], zone: tzinfo) -> RenderableType:
    rows = [
        (
            f"{asked.hop.at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
            f"{asked.hop.method} {asked.hop.url}",
            _answer(asked),
            "yes" if asked.hop.conditional else "no",
            asked.hop.wire_bytes,
            f"{asked.purpose}: {asked.reason}" if asked.reason else asked.purpose,
        )
        for asked in requests
    ]
    return terminal.columns(
        (f"time ({zone})", "request", "answer", "conditional", "bytes", "why"), rows
    )


def _answer(asked: Asked) -> str:
    hop = asked.hop
    return str(hop.status) if hop.status is not None else hop.error or "none"


def _object(asked: Asked) -> Json:
    hop = asked.hop
    return {
        "at": rfc3339(hop.at),
        "method": hop.method,
        "url": hop.url,
        "purpose": asked.purpose,
        "reason": asked.reason,
        "conditional": hop.conditional,
        "status": hop.status,
        "error": hop.error,
        "wire_bytes": hop.wire_bytes,
        "seconds": round(hop.seconds, 6),
        "address": hop.address,
    }
