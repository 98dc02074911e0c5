"""What commands write to: results go to stdout, all else to stderr, times into a zone."""

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from aggregator.cli.wrapping import told
from aggregator.output.drawing import drawn
from aggregator.text import single_line, visible

LOCALTIME = Path("/etc/localtime")
"""A link to the time zone's rules, which names it, on Linux and macOS."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """What results are written to. ``columns`` is its width, None for a pipe or a file."""

    columns: int | None = None
    colour: bool = False


def stdout() -> Terminal:
    """Return what stdout is; colours are for terminals, and not with NO_COLOR (no-color.org)."""
    if not sys.stdout.isatty():
        return Terminal()
    dull = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return Terminal(columns=shutil.get_terminal_size().columns, colour=not dull)


def write(result: bytes) -> None:
    """Write a result to stdout, byte for byte, and send it off.

    Raises OSError where nobody takes it; what that means is `cli.main`'s to say.
    """
    sys.stdout.buffer.write(result)
    sys.stdout.buffer.flush()


def write_text(result: str) -> None:
    """Write a result in UTF-8; half a character, which UTF-8 cannot carry, as a question mark."""
    write(result.encode("utf-8", "replace"))


def say(sentence: str) -> None:
    """Tell on stderr what is not a result; nothing in it can act on a terminal."""
    click.echo(told(sentence), err=True)


def complain(sentence: str) -> None:
    """Tell on stderr what failed, as every error is told."""
    say(f"aggregator: {sentence}")


def draw(parts: Iterable[RenderableType], terminal: Terminal) -> str:
    """Return texts and grids, wrapped to the terminal's width; in a pipe whole and without style.

    Their text must be visible already (`aggregator.text.visible`).
    """
    return drawn(parts, terminal.columns, colour=terminal.colour)


def pairs(rows: Iterable[tuple[str, Text]]) -> Table:
    """Return labels with what belongs to each beside it, wrapped under itself."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, shown in rows:
        grid.add_row(label, shown)
    return grid


def columns(names: Sequence[str], rows: Iterable[Sequence[str | int]]) -> Table:
    """Return a table with a header; whole numbers stand to the right, texts are made visible."""
    lines = list(rows)
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for place, name in enumerate(names):
        is_number = bool(lines) and isinstance(lines[0][place], int)
        justify: Literal["left", "right"] = "right" if is_number else "left"
        grid.add_column(name, justify=justify, overflow="fold")
    for line in lines:
        grid.add_row(*(Text(_cell(value)) for value in line))
    return grid


def _cell(value: str | int) -> str:
    return f"{value:,}" if isinstance(value, int) else visible(single_line(value))


def zone(*, utc: bool) -> tzinfo:
    """Return the zone that times are shown in: UTC if so wished, else that of this machine.

    TZ counts before the machine's own. A zone that has no name is today's offset.
    """
    if utc:
        return UTC
    name = os.environ.get("TZ", "").removeprefix(":") or _linked_zone()
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # no such zone, or none known at all
        return timezone(datetime.now(UTC).astimezone().utcoffset() or timedelta(0))


def _linked_zone() -> str:
    _, _, name = os.path.realpath(LOCALTIME).rpartition("/zoneinfo/")
    return name if LOCALTIME.is_symlink() else ""
