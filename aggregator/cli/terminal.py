"""What commands write to: results go to stdout, all else to stderr, times into a zone."""

import io
import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from rich.console import Console
from rich.text import Text

from aggregator.text import visible

LOCALTIME = Path("/etc/localtime")
"""A link to the time zone's rules, which names it, on Linux and macOS."""

_ANY_WIDTH = 1_000_000


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
    """Write a result to stdout, byte for byte, and send it off."""
    sys.stdout.buffer.write(result)
    sys.stdout.buffer.flush()


def write_text(result: str) -> None:
    """Write a result in UTF-8; half a character, which UTF-8 cannot carry, as a question mark."""
    write(result.encode("utf-8", "replace"))


def say(sentence: str) -> None:
    """Tell on stderr what is not a result; nothing in it can act on a terminal."""
    click.echo(visible(sentence, keep_lines=True), err=True)


def complain(sentence: str) -> None:
    """Tell on stderr what failed, as every error is told."""
    say(f"aggregator: {sentence}")


def draw(lines: Iterable[Text], terminal: Terminal) -> str:
    """Return styled lines, wrapped to the terminal's width; in a pipe whole and without style.

    Their text must be visible already (`aggregator.text.visible`).
    """
    console = Console(
        file=io.StringIO(),
        width=terminal.columns or _ANY_WIDTH,
        color_system="standard" if terminal.colour else None,
        force_terminal=terminal.colour,
        no_color=not terminal.colour,
        legacy_windows=False,
        _environ={},
    )
    with console.capture() as capture:
        for line in lines:
            console.print(line, soft_wrap=terminal.columns is None)
    return "".join(f"{line.rstrip()}\n" for line in capture.get().split("\n")[:-1])


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
