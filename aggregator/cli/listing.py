"""How entries are listed: the options that several commands share, and every format."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Literal

import click

from aggregator import __version__
from aggregator.cli import terminal
from aggregator.cli.shapes import utc_option
from aggregator.config.settings import Config
from aggregator.durations import parse_duration
from aggregator.errors import UsageError
from aggregator.model.entries import TaggedEntry
from aggregator.output import delimited
from aggregator.output.channel import Channel, channel_id
from aggregator.output.render import Format, render
from aggregator.output.table import render_table
from aggregator.publishing import tag_titles
from aggregator.query.nodes import DateRange, FromNow, Moment
from aggregator.query.periods import bounds, read_moment, runs_backwards

Form = Literal["table"] | Format
FORMS: tuple[Form, ...] = ("table", "json", "jsonl", "csv", "atom", "rss")

_Command = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Listing:
    """How to write entries: ``utc`` concerns the table, ``raw`` the cells of csv."""

    form: Form = "table"
    utc: bool = False
    raw: bool = False

    def __post_init__(self) -> None:
        """Refuse what would do nothing."""
        if self.raw and self.form != "csv":
            raise UsageError("--raw is about the cells of --format csv.")


def listing_options(command: _Command) -> _Command:
    """Add --format, --utc and --raw, given to the command as ``listing``."""

    @click.option(
        "--format",
        "form",
        type=click.Choice(FORMS),
        default="table",
        show_default=True,
        help="json is one JSON Feed, jsonl one of its items a line.",
    )
    @utc_option
    @click.option("--raw", is_flag=True, help="Leave csv cells that a spreadsheet would run.")
    @wraps(command)
    def listed(*args: object, form: Form, utc: bool, raw: bool, **others: object) -> None:
        command(*args, listing=Listing(form, utc, raw), **others)

    return listed


def write_entries(listing: Listing, channel: Channel, entries: Sequence[TaggedEntry]) -> None:
    """Write entries to stdout in their order; ``channel`` is what a feed says of itself."""
    match listing.form:
        case "table":
            shown = terminal.stdout()
            zone = terminal.zone(utc=listing.utc)
            table = render_table(entries, zone, columns=shown.columns, colour=shown.colour)
            terminal.write_text(table)
        case "csv":
            terminal.write(delimited.render(entries, escape=not listing.raw))
        case form:
            terminal.write(render(form, channel, entries))


def channel_for(title: str, config: Config | None) -> Channel:
    """Return what a feed that is written for this once says of itself."""
    titles = tag_titles(config) if config else {}
    return Channel(channel_id(title), title, tag_titles=titles, version=__version__)


# --- periods and limits ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Period:
    """From when until when entries arrived; None is open."""

    since: Moment | None = None
    until: Moment | None = None

    def __post_init__(self) -> None:
        """Refuse a period that ends before it begins."""
        if runs_backwards(self.since, self.until):
            raise UsageError("--until lies before --since.")

    def bounds(self, now: datetime) -> tuple[datetime | None, datetime | None]:
        """Return the first instant, and the first one after it."""
        return bounds(DateRange("seen", self.since, self.until), now)


class MomentType(click.ParamType[Moment]):
    """A day in UTC, or a duration before now."""

    name = "day or duration"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Moment:
        """Read ``2026-03-01`` or ``7d``."""
        text = str(value)
        try:
            return FromNow(-parse_duration(text))
        except ValueError:
            pass
        try:
            return read_moment(text)
        except ValueError:
            self.fail(f"{text!r} is neither a day like 2026-03-01 nor a duration like 7d.")


def period_options(command: _Command) -> _Command:
    """Add --since and --until, given to the command as ``period``."""

    @click.option(
        "--since",
        type=MomentType(),
        metavar="WHEN",
        help="Only what arrived on this day (2026-03-01, UTC) or later, or in the last 7d.",
    )
    @click.option(
        "--until",
        type=MomentType(),
        metavar="WHEN",
        help="Only what arrived on this day or earlier, or longer ago than 7d.",
    )
    @wraps(command)
    def within(*args: object, since: Moment | None, until: Moment | None, **others: object) -> None:
        command(*args, period=Period(since, until), **others)

    return within


def limit_option(default: int) -> Callable[[_Command], _Command]:
    """Add --limit, given to the command as ``limit``: a number, None for all."""
    return click.option(
        "--limit",
        type=click.IntRange(min=0),
        default=default,
        show_default=True,
        callback=lambda _ctx, _param, value: value or None,
        help="At most so many entries; 0 means all.",
    )
