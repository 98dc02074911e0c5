"""``tags`` and ``stats``: how much there is, and how it changes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import click

from aggregator.app.rules import pending_tags
from aggregator.app.store import utc_now
from aggregator.asking.stored import Stored
from aggregator.cli import terminal
from aggregator.cli.context import Context
from aggregator.cli.marking import plain
from aggregator.cli.reminding import remind
from aggregator.cli.shapes import Shape, shape_option, utc_option, write_object
from aggregator.cli.stored import stored
from aggregator.dates import rfc3339
from aggregator.output.jsonfeed import Json
from aggregator.store.base import Figures, TagDay
from aggregator.wording import local

WEEK = 7
"""The days that the trend compares: today and the six before, and the seven before those."""


@dataclass(frozen=True, slots=True)
class TagFigures:
    """How many entries carry a tag: all, those of the last seven days, of the seven before.

    ``title`` is None where no rule gives the tag (any more). ``is_pending`` says that the stored
    entries do not follow its rule.
    """

    name: str
    title: str | None
    entries: int
    last: int
    previous: int
    is_pending: bool

    @property
    def trend(self) -> int:
        """How many more than in the days before; negative if fewer."""
        return self.last - self.previous


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
        figures = list(_tag_figures(opened, today))
        remind(opened.store, opened.config)
    if shape == "json":
        write_object(tags_object(figures))
        return
    rows = [
        (tag.name, tag.title or "", tag.entries, tag.last, tag.previous, _signed(tag.trend))
        for tag in figures
    ]
    names = ("tag", "title", "entries", "last 7 days", "7 before", "trend")
    terminal.write_text(terminal.draw([terminal.columns(names, rows)], terminal.stdout()))
    if not figures:
        terminal.say("There are no tags: no rule gives one, and no entry carries one.")


def tags_object(figures: Iterable[TagFigures]) -> Json:
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
                "pending": tag.is_pending,
            }
            for tag in figures
        ],
    }


def _tag_figures(opened: Stored, today: date) -> Iterator[TagFigures]:
    """Yield each tag, the most frequent first, those of rules without entries last."""
    counts, rules = dict(opened.store.tag_counts()), opened.rules
    pending = pending_tags(opened.store, tuple(rules.values())) if opened.config else ()
    first = today - timedelta(days=2 * WEEK - 1)
    days = opened.store.tag_days(datetime.combine(first, time(), UTC))
    this_week = first + timedelta(days=WEEK)
    for name in (*counts, *(name for name in rules if name not in counts)):
        yield TagFigures(
            name,
            rules[name].title if name in rules else None,
            counts.get(name, 0),
            last=_sum(name, (day for day in days if day.day >= this_week)),
            previous=_sum(name, (day for day in days if day.day < this_week)),
            is_pending=name in pending,
        )


def _sum(name: str, days: Iterable[TagDay]) -> int:
    return sum(day.entries for day in days if day.tag == name)


def _signed(number: int) -> str:
    return f"{number:+,}" if number else "="


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
