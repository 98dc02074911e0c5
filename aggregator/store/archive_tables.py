"""The tables of archives (RFC 5005): what was read of them, and what publishers have withdrawn."""

from sqlite_utils import Database

from aggregator.store.views import change_view


def create(database: Database) -> None:
    """Add them, and let the views leave out what was withdrawn."""
    # A table of its own: behind the long texts of an entry a column takes twenty times as long.
    database.execute("""
        CREATE TABLE retracted (
            entry INTEGER PRIMARY KEY REFERENCES entry(number),
            at TEXT NOT NULL                 -- its feed is complete, and it is not in it since then
        )""")
    database.execute("""
        CREATE TABLE archive (
            url TEXT PRIMARY KEY,            -- of a document that never changes, so read once
            read TEXT NOT NULL
        ) WITHOUT ROWID""")
    # Where older entries are, as the feed's document last said, and by which relation.
    database.execute("ALTER TABLE feed ADD COLUMN earlier TEXT")
    for name, pattern, instead in _CHANGES:
        change_view(database, name, pattern, instead)


_CHANGES = (
    (
        "entries",
        "FROM entry JOIN feed ON feed.number = entry.feed",
        "FROM entry JOIN feed ON feed.number = entry.feed"
        " WHERE entry.number NOT IN (SELECT entry FROM retracted)",
    ),
    (
        "tag_counts_by_day",
        "WHERE entry_tag.removed IS NULL",
        "WHERE entry_tag.removed IS NULL AND entry.number NOT IN (SELECT entry FROM retracted)",
    ),
    (
        "feed_health",
        "FROM entry WHERE entry.feed = feed.number",
        "FROM entry WHERE entry.feed = feed.number"
        " AND entry.number NOT IN (SELECT entry FROM retracted)",
    ),
)
