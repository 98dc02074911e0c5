"""Entries as a table that people read, on a terminal or in a pipe."""

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo

from rich.table import Table
from rich.text import Text

from aggregator.model.entries import TaggedEntry
from aggregator.output.drawing import drawn
from aggregator.output.publication import Publication, publications, source_name
from aggregator.text import single_line, visible

NARROW_COLUMNS = 60
"""Below this width the time and the feed are left out."""

WIDE_COLUMNS = 110
"""Below this width the clock stands under the day, which leaves more room for the title."""

_ID_LENGTH = 6
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_LEFT_TO_RIGHT_MARK = "\u200e"


def render_table(
    entries: Sequence[TaggedEntry],
    zone: tzinfo,
    *,
    columns: int | None = None,
    colour: bool = False,
) -> str:
    """Return a header and the entries in their order: id, time, feed, title, tags.

    The time is the one that entries are ordered by (``arrived_at``), in ``zone``, which the
    header names once. The id is shortened to what other commands take. ``columns`` is the
    width of the terminal: long cells are wrapped to it. None means that there is no terminal:
    every entry is one line, however long, with nothing cut. Everything that could act on a
    terminal is shown as a symbol.
    """
    grid = _grid(zone, columns)
    for publication in publications(entries):
        grid.add_row(*_cells(publication, zone, columns))
    return drawn([grid], columns, colour=colour)


def _grid(zone: tzinfo, columns: int | None) -> Table:
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    whole = columns is None
    grid.add_column("id", style="dim", no_wrap=True)
    if not _is_narrow(columns):
        grid.add_column(f"time ({visible(str(zone))})", style="dim", width=_time_width(columns))
        grid.add_column("feed", no_wrap=whole, overflow="fold", max_width=_share(columns, 6))
    grid.add_column("title", no_wrap=whole, overflow="fold", ratio=None if whole else 1)
    grid.add_column("tags", no_wrap=whole, overflow="fold", max_width=_share(columns, 4))
    return grid


def _is_narrow(columns: int | None) -> bool:
    return columns is not None and columns < NARROW_COLUMNS


def _local(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).isoformat(sep=" ", timespec="minutes")[:16]


def _time_width(columns: int | None) -> int | None:
    if columns is None:
        return None
    return 16 if columns >= WIDE_COLUMNS else 10


def _share(columns: int | None, part: int) -> int | None:
    return None if columns is None else max(8, columns // part)


def _cells(publication: Publication, zone: tzinfo, columns: int | None) -> list[Text]:
    tagged = publication.tagged
    texts = [tagged.entry.id[:_ID_LENGTH]]
    if not _is_narrow(columns):
        texts += [_local(tagged.arrived_at, zone), source_name(tagged.source)]
    texts += [publication.title, " ".join(tag.name for tag in tagged.tags)]
    return [_cell(text, on_terminal=columns is not None) for text in texts]


def _cell(text: str, *, on_terminal: bool) -> Text:
    """Return a cell that neither markup nor control characters can break out of.

    On a terminal a cell with right-to-left text is closed by a mark, lest it pull its
    neighbour into its own direction (UAX #9).
    """
    shown = visible(single_line(text))
    if on_terminal and _RIGHT_TO_LEFT.search(shown):
        return Text(f"{_LEFT_TO_RIGHT_MARK}{shown}{_LEFT_TO_RIGHT_MARK}")
    return Text(shown)
