"""The words of the full-text index: in how many entries each stands, which fit a wildcard."""

from collections.abc import Collection

from aggregator.query.globs import Glob
from aggregator.store.database import Database, listed

_TABLE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary"
    " USING fts5vocab('main', 'entry_words', 'row')"
)
"""A view into the index: it holds nothing, and is this connection's own."""

_OCCURRENCES = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.occurrence"
    " USING fts5vocab('main', 'entry_words', 'instance')"
)
"""Another, of every place in which a word stands."""

_EFFORT = 100
"""Beginnings of words that are looked up for one query."""
_LETTERS = 2
_WITHOUT = 50
"""With fewer letters the index is read as a whole: so many beginnings could be looked up."""
_MOST_WORDS = 1_000
_LONGEST_WORD = 8_000
"""Letters; FTS5 cuts off what is behind 32,768 bytes."""


def frequencies(database: Database, words: Collection[str]) -> dict[str, int]:
    """Return for each of these folded words in how many entries' texts it stands."""
    database.execute(_TABLE)
    # A CROSS JOIN keeps its order: each word is looked up, not every word of the index read.
    rows = database.rows(
        "SELECT term, doc FROM json_each(?) AS wanted"
        " CROSS JOIN temp.vocabulary ON vocabulary.term = wanted.value",
        (listed(words),),
    )
    found = dict.fromkeys(words, 0) | {row["term"]: int(row["doc"]) for row in rows}
    for word, entries in _withdrawn(database, words).items():
        found[word] -= entries
    return found


def _withdrawn(database: Database, words: Collection[str]) -> dict[str, int]:
    """Return in how many of the entries that were withdrawn a word stands: the index has them."""
    if not database.value("SELECT EXISTS (SELECT 1 FROM retracted)"):
        return {}
    database.execute(_OCCURRENCES)
    rows = database.rows(
        "SELECT term, count(DISTINCT doc) AS entries FROM json_each(?) AS wanted"
        " CROSS JOIN temp.occurrence ON occurrence.term = wanted.value"
        " WHERE doc IN (SELECT entry FROM retracted) GROUP BY term",
        (listed(words),),
    )
    return {row["term"]: row["entries"] for row in rows}


class Vocabulary:
    """Which words of the index fit a wildcard; for one query, and so long as nothing is written.

    It gives up where looking takes longer than it saves: on hostile queries, above all.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._left = _EFFORT
        self._known: dict[Glob, tuple[str, ...] | None] = {}

    def fitting(self, glob: Glob) -> tuple[str, ...] | None:
        """Return every word of the index that fits, None if that is too much to ask."""
        if glob not in self._known:
            self._known[glob] = self._looked_up(glob)
        return self._known[glob]

    def _looked_up(self, glob: Glob) -> tuple[str, ...] | None:
        beginnings = set(glob.beginnings)
        effort = sum(1 if len(each) >= _LETTERS else _WITHOUT for each in beginnings)
        if effort > self._left:
            return None
        self._left -= effort
        self._database.execute(_TABLE)
        # Behind its beginning no word has a greater character than the greatest.
        rows = self._database.rows(
            "SELECT DISTINCT term FROM json_each(?) AS beginning CROSS JOIN temp.vocabulary"
            " ON vocabulary.term >= beginning.value"
            " AND vocabulary.term <= beginning.value || char(0x10ffff)",
            (listed(beginnings),),
        )
        words = [row["term"] for row in rows]
        if any(len(word) > _LONGEST_WORD for word in words):
            return None
        fitting = tuple(filter(glob.fits, words))
        return fitting if len(fitting) <= _MOST_WORDS else None
