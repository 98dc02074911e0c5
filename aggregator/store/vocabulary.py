"""The words of the full-text index, and in how many entries each of them stands."""

from collections.abc import Collection

from aggregator.store.database import Database, listed

_TABLE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary"
    " USING fts5vocab('main', 'entry_words', 'row')"
)
"""A view into the index: it holds nothing, and is this connection's own."""


def frequencies(database: Database, words: Collection[str]) -> dict[str, int]:
    """Return for each of these folded words in how many entries' texts it stands."""
    database.execute(_TABLE)
    # A CROSS JOIN keeps its order: each word is looked up, not every word of the index read.
    rows = database.rows(
        "SELECT term, doc FROM json_each(?) AS wanted"
        " CROSS JOIN temp.vocabulary ON vocabulary.term = wanted.value",
        (listed(words),),
    )
    return dict.fromkeys(words, 0) | {row["term"]: row["doc"] for row in rows}
