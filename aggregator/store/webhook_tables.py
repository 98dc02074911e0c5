"""The tables of webhooks: how far each has been told, and what it has taken."""

from sqlite_utils import Database


def create(database: Database) -> None:
    """Add them."""
    database.execute("""
        CREATE TABLE webhook (
            name TEXT PRIMARY KEY,
            reached INTEGER NOT NULL,        -- the number of the last entry_tag it was told of
            failures INTEGER NOT NULL,
            due_at TEXT NOT NULL
        ) WITHOUT ROWID""")
    database.execute("""
        CREATE TABLE webhook_sent (
            webhook TEXT NOT NULL REFERENCES webhook(name) ON DELETE CASCADE,
            entry TEXT NOT NULL,             -- its id
            PRIMARY KEY (webhook, entry)
        ) WITHOUT ROWID""")
