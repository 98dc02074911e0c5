"""The tables of WebSub: what feeds offer, and how we stand with their hubs."""

from sqlite_utils import Database


def make_pushes(database: Database) -> None:
    """Make them."""
    for column in (
        "hub TEXT",  # what the last document offers: whom to ask, for what
        "topic TEXT",
        "cloud TEXT",  # its rssCloud, which is never asked
        "push_at TEXT",  # when there is something to do about its hub
        "pushed_since TEXT",  # while a hub tells us of news: since when, and until when
        "pushed_until TEXT",
        "unpushed_due_at TEXT",  # when the feed would be due if it did not
    ):
        database.execute(f"ALTER TABLE feed ADD COLUMN {column}")
    database.execute("""
        CREATE TABLE push (
            number INTEGER PRIMARY KEY,
            feed INTEGER NOT NULL UNIQUE REFERENCES feed(number),
            hub TEXT NOT NULL,
            topic TEXT NOT NULL,
            standing TEXT NOT NULL,          -- pending, live, renewing, denied, expired …
            requested TEXT NOT NULL,
            ask_at TEXT NOT NULL,            -- when the hub may be asked (again)
            pending_token TEXT,              -- the callback that is not verified yet
            pending_secret TEXT,
            pending_address TEXT,
            live_token TEXT,                 -- the one that is
            live_secret TEXT,
            live_address TEXT,
            since TEXT,
            verified TEXT,
            lease_until TEXT,
            distrusted_until TEXT,
            last_delivery TEXT,
            attempts INTEGER NOT NULL,
            sentence TEXT NOT NULL           -- what happened last
        )""")
    database.execute("CREATE INDEX feed_push ON feed(push_at) WHERE push_at IS NOT NULL")
    database.execute("CREATE INDEX feed_pushed ON feed(number) WHERE pushed_until IS NOT NULL")
    for callback in ("pending", "live"):
        database.execute(
            f"CREATE UNIQUE INDEX push_{callback} ON push({callback}_token)"
            f" WHERE {callback}_token IS NOT NULL"
        )
