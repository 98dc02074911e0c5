"""The tables, indexes and views of the database, as numbered migrations.

All times are RFC 3339 text in UTC (`aggregator.store.times`), all numbers of seconds are REAL,
yes and no are 1 and 0. A migration that was released is never edited: the next one follows it.
"""

from pathlib import Path

from sqlite_utils import Database, Migrations

from aggregator.errors import NewerDatabaseError, StoreError
from aggregator.store import (
    archive_tables,
    boilerplate_tables,
    budget_tables,
    canonical_links,
    courtesy_tables,
    detail_tables,
    health_view,
    output_tables,
    size_tables,
    strict_tables,
    trust_tables,
    webhook_tables,
)
from aggregator.store.push_tables import make_pushes


def _feeds(database: Database) -> None:
    database.execute("""
        CREATE TABLE feed (
            number INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,        -- the first url of the subscription; ids rest on it
            url TEXT NOT NULL,               -- the url of the subscription now
            location TEXT NOT NULL,          -- what the configuration asks us to request
            fetch_url TEXT NOT NULL,         -- what is requested
            host TEXT,                       -- of fetch_url
            configured_name TEXT,
            first_title TEXT,                -- the feed's title when we first read it
            title TEXT,                      -- the feed's title now
            name TEXT NOT NULL,              -- configured_name, else first_title, else key
            name_words TEXT NOT NULL,        -- its folded words, each between spaces
            format TEXT,
            link TEXT,
            language TEXT,
            description TEXT,
            problem TEXT,                    -- what is wrong with the document, if it could be read
            subscribed TEXT NOT NULL,
            interval_seconds REAL,           -- a promise that replaces the learned rhythm
            archived INTEGER NOT NULL DEFAULT 0,  -- no longer in the configuration
            paused INTEGER NOT NULL DEFAULT 0,    -- by the configuration
            stopped INTEGER NOT NULL DEFAULT 0,   -- by the publisher: gone for good
            status TEXT GENERATED ALWAYS AS (CASE
                WHEN archived THEN 'archived' WHEN paused THEN 'paused'
                WHEN stopped THEN 'stopped' ELSE 'active' END) VIRTUAL,
            etag BLOB,                       -- validators are bytes: they are never parsed
            last_modified BLOB,
            validators_url TEXT,             -- who issued them, where that is not fetch_url
            body_hash TEXT,
            admitted INTEGER NOT NULL DEFAULT 0,  -- fetched from a file or a network of our own
            due_at TEXT NOT NULL,
            due_reason TEXT NOT NULL,
            last_poll TEXT,
            last_success TEXT,
            polls INTEGER NOT NULL DEFAULT 0,
            events REAL NOT NULL DEFAULT 0,  -- from here on: what polling has learned
            days REAL NOT NULL DEFAULT 0,
            observed TEXT,
            last_event TEXT,
            failures INTEGER NOT NULL DEFAULT 0,
            failing_since TEXT,
            gone INTEGER NOT NULL DEFAULT 0,
            penalty REAL NOT NULL DEFAULT 1,
            ttl_seconds REAL,
            update_period_seconds REAL,
            skip_hours TEXT NOT NULL DEFAULT '[]',
            skip_days TEXT NOT NULL DEFAULT '[]',
            fresh_until TEXT,
            not_before TEXT,
            validated INTEGER NOT NULL DEFAULT 0,
            unchanged_bytes INTEGER NOT NULL DEFAULT 0,
            lease_token TEXT,                -- who polls it just now, and until when it is theirs
            lease_until TEXT
        )""")
    database.execute("""
        CREATE TABLE feed_label (
            feed INTEGER NOT NULL REFERENCES feed(number),
            label TEXT NOT NULL,
            UNIQUE (feed, label)
        )""")
    database.execute("""
        CREATE TABLE poll (
            number INTEGER PRIMARY KEY,
            feed INTEGER NOT NULL REFERENCES feed(number),
            started TEXT NOT NULL,
            ended TEXT NOT NULL,
            outcome TEXT NOT NULL,
            status INTEGER,
            error_code TEXT,
            sentence TEXT,
            new INTEGER NOT NULL,
            changed INTEGER NOT NULL,
            body_bytes INTEGER NOT NULL
        )""")
    database.execute(
        "CREATE INDEX feed_due ON feed(due_at, host, lease_until) WHERE status = 'active'"
    )
    database.execute("CREATE INDEX feed_leased ON feed(lease_until) WHERE lease_until IS NOT NULL")
    database.execute("CREATE INDEX feed_label_feeds ON feed_label(label, feed)")
    database.execute("CREATE INDEX poll_of_feed ON poll(feed)")


_STATE = """
            content_hash TEXT NOT NULL,
            guid TEXT,
            link TEXT,
            canonical_link TEXT,             -- for comparison, never shown
            title TEXT NOT NULL,
            summary_repeats INTEGER NOT NULL,  -- every word of the summary stands in the content
            published TEXT,                  -- the publisher's claim, and how we read it
            published_raw TEXT,
            published_read_as TEXT,
            published_element TEXT,
            published_sure INTEGER,
            updated TEXT,
            updated_raw TEXT,
            updated_read_as TEXT,
            updated_element TEXT,
            updated_sure INTEGER,
            authors TEXT NOT NULL,           -- JSON arrays of objects
            categories TEXT NOT NULL,
            enclosures TEXT NOT NULL,
            image TEXT,
            language TEXT,
            summary TEXT NOT NULL,           -- plain text, as is content
            content TEXT NOT NULL,
            summary_html TEXT NOT NULL,
            content_html TEXT NOT NULL"""
"""What a publisher may change of an entry: the columns that an entry and a revision share.

The long texts come last: SQLite reads a row from its beginning, so that whatever stands behind
them costs a walk through all their pages, twenty times as long for ``published:`` or ``lang:``.
"""


def _entries(database: Database) -> None:
    database.execute(f"""
        CREATE TABLE entry (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            feed INTEGER NOT NULL REFERENCES feed(number),
            identity TEXT NOT NULL,
            generation INTEGER NOT NULL,
            first_seen TEXT NOT NULL,
            arrived TEXT NOT NULL,           -- its place in every order
            revised TEXT,
            present INTEGER NOT NULL,        -- in the feed's last document
            site TEXT,                       -- the host of link, in lower case
            author_words TEXT NOT NULL,      -- folded words, each between spaces, values apart
            category_words TEXT NOT NULL,
            {_STATE.strip()}
        )""")
    database.execute(f"""
        CREATE TABLE revision (
            number INTEGER PRIMARY KEY,
            entry INTEGER NOT NULL REFERENCES entry(number),
            seen TEXT NOT NULL,              -- the entry was so from then on
            replaced TEXT NOT NULL,
            {_STATE.strip()}
        )""")
    database.execute("CREATE INDEX entry_order ON entry(arrived DESC, id)")
    database.execute("CREATE INDEX entry_identity ON entry(feed, identity)")
    database.execute(
        "CREATE INDEX entry_canonical_link ON entry(canonical_link, feed)"
        " WHERE canonical_link IS NOT NULL"
    )
    database.execute("CREATE INDEX entry_present ON entry(feed) WHERE present")
    database.execute("CREATE INDEX revision_of_entry ON revision(entry)")


def _tags(database: Database) -> None:
    database.execute("""
        CREATE TABLE entry_tag (
            number INTEGER PRIMARY KEY,
            entry INTEGER NOT NULL REFERENCES entry(number),
            tag TEXT NOT NULL,
            rule_version TEXT NOT NULL,
            added TEXT NOT NULL,
            cause TEXT NOT NULL,             -- 'poll', 'first poll', 'retag'
            removed TEXT,                    -- empty while the entry carries the tag
            removed_cause TEXT
        )""")
    database.execute("""
        CREATE TABLE evidence (
            number INTEGER PRIMARY KEY,
            entry_tag INTEGER NOT NULL REFERENCES entry_tag(number),
            field TEXT NOT NULL,
            start INTEGER NOT NULL,          -- characters of the stored text
            "end" INTEGER NOT NULL,
            value TEXT NOT NULL
        )""")
    database.execute(
        "CREATE UNIQUE INDEX entry_tag_carried ON entry_tag(entry, tag) WHERE removed IS NULL"
    )
    database.execute(
        "CREATE INDEX entry_tag_entries ON entry_tag(tag, entry) WHERE removed IS NULL"
    )
    database.execute("CREATE INDEX entry_tag_history ON entry_tag(entry)")
    database.execute("CREATE INDEX evidence_of_tag ON evidence(entry_tag)")


def _words(database: Database) -> None:
    # ascii never splits or folds a character beyond ASCII; folding and splitting are ours.
    database.execute("""
        CREATE VIRTUAL TABLE entry_words USING fts5(
            title, content, summary_beside, summary_within, content = '', tokenize = 'ascii')""")
    database.execute("CREATE TABLE words_version (version TEXT NOT NULL)")


def _views(database: Database) -> None:
    database.execute("""
        CREATE VIEW entries AS SELECT
            entry.id,
            feed.name AS feed,
            entry.title,
            entry.link,
            (SELECT group_concat(tag, ', ') FROM (
                SELECT tag FROM entry_tag WHERE entry_tag.entry = entry.number
                AND removed IS NULL ORDER BY tag)) AS tags,
            entry.published,
            entry.first_seen,
            entry.arrived,
            entry.revised,
            entry.language,
            (SELECT group_concat(json_extract(value, '$.name'), ', ')
                FROM json_each(entry.authors)) AS authors,
            (SELECT group_concat(json_extract(value, '$.term'), ', ')
                FROM json_each(entry.categories)) AS categories,
            entry.summary,
            entry.number
        FROM entry JOIN feed ON feed.number = entry.feed
        ORDER BY entry.arrived DESC, entry.id""")
    database.execute("""
        CREATE VIEW feed_health AS SELECT
            feed.name,
            feed.status,
            (SELECT group_concat(label, ', ') FROM feed_label WHERE feed_label.feed = feed.number)
                AS labels,
            (SELECT count(*) FROM entry WHERE entry.feed = feed.number) AS entries,
            feed.last_poll,
            poll.outcome AS last_outcome,
            poll.error_code AS last_error,
            poll.sentence AS last_sentence,
            feed.last_success,
            feed.failures,
            feed.failing_since,
            feed.problem,
            feed.due_at,
            feed.due_reason,
            feed.key,
            feed.fetch_url
        FROM feed LEFT JOIN poll
            ON poll.number = (SELECT max(number) FROM poll WHERE poll.feed = feed.number)
        ORDER BY feed.name""")
    database.execute("""
        CREATE VIEW tag_counts_by_day AS SELECT
            entry_tag.tag,
            substr(entry.arrived, 1, 10) AS day,
            count(*) AS entries
        FROM entry_tag JOIN entry ON entry.number = entry_tag.entry
        WHERE entry_tag.removed IS NULL
        GROUP BY 1, 2 ORDER BY 2 DESC, 3 DESC, 1""")


def _rules(database: Database) -> None:
    database.execute("""
        CREATE TABLE rule_version (
            number INTEGER PRIMARY KEY,
            tag TEXT NOT NULL,
            version TEXT NOT NULL,
            definition TEXT NOT NULL,        -- JSON that stands for itself: lists written out
            first_used TEXT NOT NULL,
            UNIQUE (tag, version)
        )""")
    # A version is '' where there is no rule.
    database.execute("""
        CREATE TABLE tag_state (
            tag TEXT PRIMARY KEY,
            used TEXT NOT NULL DEFAULT '',     -- the version by which polls tag
            applied TEXT NOT NULL DEFAULT '',  -- the one by which everything was tagged
            mixed INTEGER NOT NULL DEFAULT 0,  -- since then another one has tagged entries
            target TEXT,                       -- the one that is being applied
            reached INTEGER,                   -- up to which entry, while it is
            held TEXT                          -- the one that was undone by hand
        ) WITHOUT ROWID""")


def _manners(database: Database) -> None:
    database.execute("ALTER TABLE feed ADD COLUMN weight REAL NOT NULL DEFAULT 1")
    # How long the feed was to rest after its last poll: what a backlog is measured by.
    database.execute("ALTER TABLE feed ADD COLUMN wait_seconds REAL")
    # JSON: 24 decayed counts of events, by hour of the day in UTC.
    database.execute("ALTER TABLE feed ADD COLUMN hours TEXT NOT NULL DEFAULT '[]'")
    # JSON objects: how the server wants to be asked, and where its redirects lead for good.
    database.execute("ALTER TABLE feed ADD COLUMN manners TEXT NOT NULL DEFAULT '{}'")
    database.execute("ALTER TABLE feed ADD COLUMN moving TEXT")


def _reading(database: Database) -> None:
    # The version of `aggregator.normalise` that wrote the row: 1 wrote all that stands here now.
    for table in ("entry", "revision"):
        database.execute(f"ALTER TABLE {table} ADD COLUMN normalised_by INTEGER NOT NULL DEFAULT 1")


def _arrivals(database: Database) -> None:
    # When an entry arrived, without reading the entry: to count a tag's entries by day.
    database.execute("CREATE INDEX entry_arrival ON entry(number, arrived)")


STEPS = {
    "0001_feeds": _feeds,
    "0002_entries": _entries,
    "0003_tags": _tags,
    "0004_words": _words,
    "0005_views": _views,
    "0006_rules": _rules,
    "0007_manners": _manners,
    "0008_courtesy": courtesy_tables.create,
    "0009_push": make_pushes,
    "0010_archives": archive_tables.create,
    "0011_budget": budget_tables.create,
    "0012_trust": trust_tables.create,
    "0013_strict": strict_tables.create,
    "0014_reading": _reading,
    "0015_details": detail_tables.create,
    "0016_boilerplate": boilerplate_tables.create,
    "0017_canonical_links": canonical_links.renew,
    "0018_health": health_view.hide_passwords,
    "0019_outputs": output_tables.create,
    "0020_webhooks": webhook_tables.create,
    "0021_sizes": size_tables.create,
    "0022_arrivals": _arrivals,
    "0023_former_archives": output_tables.remember_archives,
}
"""Every migration by its name, in order."""

MIGRATIONS = Migrations("aggregator")
for _name, _step in STEPS.items():
    MIGRATIONS(name=_name)(_step)


def is_current(database: Database, path: Path) -> bool:
    """Tell whether every migration was applied, without writing anything.

    Raises `NewerDatabaseError` where a later version of this program has applied one that is
    unknown here, and `StoreError` where the tables are another program's.
    """
    applied = {migration.name for migration in MIGRATIONS.applied(database)}
    unknown = sorted(applied - STEPS.keys())
    if unknown:
        raise NewerDatabaseError(
            f"{path} was written by a newer version of this program (it has {unknown[-1]!r});"
            " nothing was changed: use that version, or name another database."
        )
    if not applied and database.table_names():
        raise StoreError(
            f"{path} is the database of another program; nothing was changed: name another file."
        )
    return applied == STEPS.keys()
