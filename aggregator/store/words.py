"""The full-text index: an entry's folded words, always recomputed from its stored texts.

The FTS5 table is contentless: to take a row out, it must be given the very words that were put
in, or ghosts stay behind. So old words are computed from the old row in the transaction that
replaces it, and `VERSION` names everything that computing them depends on.
"""

import unicodedata
from collections.abc import Iterable

from aggregator.model.entries import Entry
from aggregator.query.fields import author_values, category_values, counted, summary_counts
from aggregator.store.database import Database
from aggregator.store.rows import Columns, entry_from
from aggregator.text import BLOCK_END, index_words

VERSION = f"2, Unicode {unicodedata.unidata_version}"
"""Counts the changes of folding, of word breaks and of what is indexed."""

_COLUMNS = "title, content, summary_beside, summary_within"
_BATCH = 500


def spaced(words: str) -> str:
    """Return words with a space before the first and after the last, so that each is delimited."""
    return f" {words} " if words else ""


def values_words(values: Iterable[str]) -> str:
    """Return the words of several values, no phrase of which crosses from one to the next."""
    return spaced(f" {BLOCK_END} ".join(filter(None, map(index_words, values))))


def metadata_columns(entry: Entry) -> Columns:
    """Return the columns of words that ``author:`` and ``category:`` look in."""
    return {
        "author_words": values_words(author_values(entry)),
        "category_words": values_words(category_values(entry)),
    }


def index_row(entry: Entry) -> tuple[str, str, str, str]:
    """Return the folded words of an entry: title, content, summary beside, summary within.

    The summary's words stand in the one column if they belong to the text besides the
    content's, else in the other, so that ``text`` and ``summary:`` are both sets of columns.
    """
    summary = index_words(counted(entry, "summary"))
    beside, within = (summary, "") if summary_counts(entry) else ("", summary)
    return index_words(entry.title), index_words(counted(entry, "content")), beside, within


def index(database: Database, entries: Iterable[tuple[int, Entry]]) -> None:
    """Put entries, each with its number, into the index."""
    database.execute_many(
        f"INSERT INTO entry_words(rowid, {_COLUMNS}) VALUES (?, ?, ?, ?, ?)",
        ((number, *index_row(entry)) for number, entry in entries),
    )


def unindex(database: Database, entries: Iterable[tuple[int, Entry]]) -> None:
    """Take entries, as they were put in, out of the index."""
    database.execute_many(
        f"INSERT INTO entry_words(entry_words, rowid, {_COLUMNS}) VALUES ('delete', ?, ?, ?, ?, ?)",
        ((number, *index_row(entry)) for number, entry in entries),
    )


def is_current(database: Database) -> bool:
    """Tell whether the index was made by this `VERSION`."""
    return bool(database.value("SELECT version FROM words_version") == VERSION)


def rebuild(database: Database) -> None:
    """Make the whole index, and every column of words, anew from the stored texts."""
    database.execute("INSERT INTO entry_words(entry_words) VALUES ('delete-all')")
    last = 0
    while batch := _entries_after(database, last):
        index(database, batch)
        database.update(
            "entry", [{"number": number, **metadata_columns(entry)} for number, entry in batch]
        )
        last, _ = batch[-1]
    names = database.rows("SELECT number, name FROM feed")
    database.update(
        "feed",
        [{"number": row["number"], "name_words": name_words(row["name"])} for row in names],
    )
    database.execute("DELETE FROM words_version")
    database.execute("INSERT INTO words_version VALUES (?)", (VERSION,))


def _entries_after(database: Database, number: int) -> list[tuple[int, Entry]]:
    rows = database.rows(
        "SELECT * FROM entry WHERE number > ? ORDER BY number LIMIT ?", (number, _BATCH)
    )
    return [(row["number"], entry_from(row, "")) for row in rows]


def name_words(name: str) -> str:
    """Return the column of words that ``feed:`` looks in."""
    return spaced(index_words(name))
