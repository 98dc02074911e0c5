"""What is kept of the sizes of documents."""

from sqlite_utils import Database


def create(database: Database) -> None:
    """Add it, as far as polls remember."""
    # Decoded, of the last document that was read: to list feeds by it, whatever came since.
    database.execute("ALTER TABLE feed ADD COLUMN document_bytes INTEGER NOT NULL DEFAULT 0")
    database.execute("""
        UPDATE feed SET document_bytes = coalesce(
            (SELECT body_bytes FROM poll WHERE poll.feed = feed.number
                AND outcome IN ('new', 'unchanged') AND body_bytes > 0
                ORDER BY number DESC LIMIT 1),
            0)""")
