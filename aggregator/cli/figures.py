"""``tags`` and ``stats``: how much there is, and how it changes."""

from collections.abc import Collection, Iterable, Iterator
from datetime import tzinfo

import click

from aggregator.app.rules import pending_tags
from aggregator.app.store import utc_now
from aggregator.asking.figures import SURGE_DAYS, TagFigures, first_instant, tag_figures
from aggregator.cli import terminal
from aggregator.cli.context import Context
from aggregator.cli.marking import plain
from aggregator.cli.reminding import remind
from aggregator.cli.shapes import Shape, shape_option, utc_option, write_object
from aggregator.cli.stored import stored
from aggregator.dates import rfc3339
from aggregator.output.jsonfeed import Json
from aggregator.store.base import Figures
from aggregator.wording import local, signed


@click.command()
@shape_option
@click.pass_obj
def tags_command(context: Context, shape: Shape) -> None:
    """List the tags: how many entries carry each, and how many came lately.

    Seven days end today, in UTC; the trend is the difference to the seven days before. Tags
    of the configuration that no entry carries are listed with 0.

    \b
    Example:
      aggregator tags --format json
    """
    today = utc_now().date()
    with stored(context) as opened:
        store, rules = opened.store, opened.rules
        days = store.tag_days(first_instant(today, SURGE_DAYS))
        figures = list(tag_figures(dict(store.tag_counts()), days, rules, today))
        pending = pending_tags(store, tuple(rules.values())) if opened.config else ()
        remind(opened.store, opened.config)
    if shape == "json":
        write_object(tags_object(figures, pending))
        return
    rows = [
        (tag.name, tag.title or "", tag.entries, tag.last, tag.previous, signed(tag.trend))
        for tag in figures
    ]
    names = ("tag", "title", "entries", "last 7 days", "7 before", "trend")
    terminal.write_text(terminal.draw([terminal.columns(names, rows)], terminal.stdout()))
    if not figures:
        terminal.say("There are no tags: no rule gives one, and no entry carries one.")


def tags_object(figures: Iterable[TagFigures], pending: Collection[str]) -> Json:
    """Return the object of ``tags --format json``."""
    return {
        "version": 1,
        "tags": [
            {
                "name": tag.name,
                "title": tag.title,
                "entries": tag.entries,
                "last_7_days": tag.last,
                "previous_7_days": tag.previous,
                "trend": tag.trend,
                "pending": tag.name in pending,
            }
            for tag in figures
        ],
    }


@click.command()
@shape_option
@utc_option
@click.pass_obj
def stats_command(context: Context, shape: Shape, utc: bool) -> None:
    """Show the figures of the whole database.

    \b
    Example:
      aggregator stats
    """
    with stored(context) as opened:
        figures = opened.store.figures()
        remind(opened.store, opened.config)
    if shape == "json":
        write_object(stats_object(figures))
        return
    zone = terminal.zone(utc=utc)
    rows = [(label, plain(value)) for label, value in _lines(figures, zone)]
    terminal.write_text(terminal.draw([terminal.pairs(rows)], terminal.stdout()))


def stats_object(figures: Figures) -> Json:
    """Return the object of ``stats --format json``."""
    return {
        "version": 1,
        "feeds": figures.feeds,
        "failing": figures.failing,
        "entries": figures.entries,
        "revisions": figures.revisions,
        "tagged": figures.tagged,
        "polls": figures.polls,
        "oldest": rfc3339(figures.oldest_at) if figures.oldest_at else None,
        "newest": rfc3339(figures.newest_at) if figures.newest_at else None,
        "size_bytes": figures.size_bytes,
    }


def _lines(figures: Figures, zone: tzinfo) -> Iterator[tuple[str, str]]:
    failing = f", of which {figures.failing:,} failing" if figures.failing else ""
    yield "feeds", f"{figures.feeds:,}{failing}"
    yield "polls", f"{figures.polls:,}"
    share = f" ({figures.tagged / figures.entries:.0%})" if figures.entries else ""
    yield "entries", f"{figures.entries:,}"
    yield "tagged", f"{figures.tagged:,}{share}"
    yield "revisions", f"{figures.revisions:,}"
    for label, at in (("oldest", figures.oldest_at), ("newest", figures.newest_at)):
        if at:
            yield label, f"{local(at, zone)} ({zone})"
    yield "database", f"{figures.size_bytes / 1_000_000:,.1f} MB"
