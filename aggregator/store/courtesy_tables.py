"""The tables of politeness: hosts, turns under way, sites left alone, and every request made."""

from sqlite_utils import Database

from aggregator.domains import registrable

RESTS = 9
"""Classes of planned rests: about 1, 2, 4 … 256 hours."""

_HOUR = 3600
_CLASSES = " ".join(
    f"WHEN wait_seconds <= {1.5 * _HOUR * 2**number:.0f} THEN {number}"
    for number in range(RESTS - 1)
)


def create(database: Database) -> None:
    """Add them; feeds that are there already are put under the domains of their hosts."""
    _add_places(database)
    _add_rests(database)
    _make_hosts(database)
    _make_requests(database)


def _add_places(database: Database) -> None:
    # The registrable domain of its host, where that belongs to one; where it was last reached.
    database.execute("ALTER TABLE feed ADD COLUMN domain TEXT")
    database.execute("ALTER TABLE feed ADD COLUMN address TEXT")
    hosts = database.execute("SELECT DISTINCT host FROM feed WHERE NOT admitted").fetchall()
    domains = [(registrable(host), host) for (host,) in hosts]
    database.conn.executemany("UPDATE feed SET domain = ? WHERE host = ? AND NOT admitted", domains)
    database.execute("CREATE INDEX feed_of_domain ON feed(domain) WHERE domain IS NOT NULL")


def _add_rests(database: Database) -> None:
    # A backlog is worked off by how overdue feeds are, measured by their planned rest. Within a
    # class that is the order of due_at, which an index can keep; a new feed's rest is short.
    database.execute(f"""
        ALTER TABLE feed ADD COLUMN rest INTEGER GENERATED ALWAYS AS (CASE
            WHEN wait_seconds IS NULL THEN 0 {_CLASSES} ELSE {RESTS - 1} END) VIRTUAL""")
    database.execute("DROP INDEX feed_due")
    database.execute("""
        CREATE INDEX feed_due ON feed(
            rest, due_at, host, domain, address, lease_until, wait_seconds, admitted)
        WHERE status = 'active'""")


def _make_hosts(database: Database) -> None:
    database.execute("""
        CREATE TABLE host (
            name TEXT PRIMARY KEY,
            domain TEXT,
            address TEXT,                    -- where it was last reached
            started TEXT NOT NULL,           -- when it was last asked
            seconds REAL NOT NULL DEFAULT 0  -- how long that took
        ) WITHOUT ROWID""")
    database.execute("CREATE INDEX host_at_address ON host(address, started)")
    database.execute("CREATE INDEX host_of_domain ON host(domain)")
    # Visits under way; one whose process was killed ends by itself.
    database.execute("""
        CREATE TABLE turn (
            feed INTEGER NOT NULL REFERENCES feed(number),
            token TEXT NOT NULL,
            host TEXT NOT NULL,
            domain TEXT,
            address TEXT,
            started TEXT NOT NULL,
            expires TEXT NOT NULL,
            PRIMARY KEY (feed, token)
        ) WITHOUT ROWID""")
    # Sites that have told us to stay away (HTTP 429): none of their feeds is asked for.
    database.execute("""
        CREATE TABLE pause (
            domain TEXT PRIMARY KEY,
            until TEXT NOT NULL,
            reason TEXT NOT NULL
        ) WITHOUT ROWID""")


def _make_requests(database: Database) -> None:
    database.execute("""
        CREATE TABLE request (
            number INTEGER PRIMARY KEY,
            feed INTEGER REFERENCES feed(number),  -- NULL where it was for none
            host TEXT,
            at TEXT NOT NULL,
            method TEXT NOT NULL,
            url TEXT NOT NULL,               -- without credentials
            purpose TEXT NOT NULL,           -- poll, redirect, discovery, archive, hub …
            reason TEXT NOT NULL,            -- why just then
            conditional INTEGER NOT NULL,
            status INTEGER,
            error_code TEXT,
            wire_bytes INTEGER NOT NULL,
            seconds REAL NOT NULL,
            address TEXT
        )""")
    database.execute("CREATE INDEX request_of_feed ON request(feed)")
    database.execute("CREATE INDEX request_to_host ON request(host, feed)")
    database.execute("""
        CREATE VIEW requests AS SELECT
            request.at,
            feed.name AS feed,
            request.method,
            request.url,
            request.purpose,
            request.reason,
            request.conditional,
            request.status,
            request.error_code,
            request.wire_bytes,
            request.seconds,
            request.host,
            request.address
        FROM request LEFT JOIN feed ON feed.number = request.feed
        ORDER BY request.number DESC""")
