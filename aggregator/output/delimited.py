"""CSV (RFC 4180): one row an entry, for spreadsheets and scripts."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import datetime

from aggregator.dates import rfc3339
from aggregator.model.entries import TaggedEntry
from aggregator.output.characters import clean
from aggregator.output.publication import Publication, person_name, publications, source_name
from aggregator.text import single_line

_COLUMNS: dict[str, Callable[[Publication], str]] = {
    "id": lambda row: row.tagged.entry.id,
    "first_seen": lambda row: rfc3339(row.tagged.first_seen_at),
    "published": lambda row: _time(row.date.at if row.date else None),
    "modified": lambda row: _time(row.modified_at),
    "feed": lambda row: source_name(row.tagged.source),
    "title": lambda row: row.tagged.entry.title,
    "link": lambda row: row.tagged.entry.link or "",
    "tags": lambda row: "; ".join(tag.name for tag in row.tagged.tags),
    "language": lambda row: row.tagged.entry.language or "",
    "authors": lambda row: "; ".join(filter(None, map(person_name, row.tagged.entry.authors))),
    "categories": lambda row: "; ".join(item.term for item in row.tagged.entry.categories),
    "summary": lambda row: row.tagged.entry.summary,
    "guid": lambda row: row.tagged.entry.guid or "",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render(entries: Sequence[TaggedEntry], *, escape: bool = True) -> bytes:
    """Return a header and a row for each entry, every cell on one line, in UTF-8.

    With ``escape`` a cell that a spreadsheet would run as a formula begins with an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for row in publications(entries):
        cells = (single_line(clean(column(row))) for column in _COLUMNS.values())
        writer.writerow([_harmless(cell) if escape else cell for cell in cells])
    return text.getvalue().encode()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _time(at: datetime | None) -> str:
    return rfc3339(at) if at else ""
