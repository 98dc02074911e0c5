"""Migrations, whose database it is, and the views for people."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlite_utils

from aggregator.errors import NewerDatabaseError, StoreError
from aggregator.model.fetching import Hop
from aggregator.model.polls import Asked
from aggregator.store.schema import MIGRATIONS, STEPS
from aggregator.store.sqlite import SqliteStore
from tests.builders import FEED, NOW, entry, full_entry, subscription, tag, tagged
from tests.store.steps import LATER, fail, newest, poll, subscribe


def plain(path: Path, sql: str) -> list[tuple[object, ...]]:
    """Ask as anybody with the sqlite3 shell would."""
    with closing(sqlite3.connect(path)) as connection, connection:
        return connection.execute(sql).fetchall()


def test_migrations_are_numbered_and_recorded_in_order(path: Path, store: SqliteStore) -> None:
    assert [name.split("_")[0] for name in STEPS] == [
        f"{number:04}" for number in range(1, len(STEPS) + 1)
    ]
    recorded = plain(path, "SELECT name FROM _sqlite_migrations ORDER BY id")
    assert [name for (name,) in recorded] == list(STEPS)


def test_opening_again_changes_nothing(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        subscribe(store)
        poll(store, new=(tagged(),))
    before = path.read_bytes()
    with closing(SqliteStore(path)) as store:
        assert len(newest(store)) == 1
    assert path.read_bytes() == before


def test_an_older_database_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with closing(sqlite_utils.Database(path)) as older:
        MIGRATIONS.apply(older, stop_before="0003_tags")
    with closing(SqliteStore(path)) as store:
        subscribe(store)
        poll(store, new=(tagged(tags=(tag(),)),))
        assert store.tag_counts() == (("mali", 1),)


def test_a_newer_database_is_refused_and_left_as_it_is(path: Path) -> None:
    plain(
        path,
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('aggregator', '9999_later', '')",
    )
    before = path.read_bytes()
    with pytest.raises(NewerDatabaseError, match=r"aggregator\.db .*newer version.*9999_later"):
        SqliteStore(path)
    assert path.read_bytes() == before


def test_another_programs_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    plain(path, "CREATE TABLE bookmarks (url)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        SqliteStore(path)
    assert path.read_bytes() == before


def test_a_users_own_tables_and_migrations_may_stand_beside_ours(path: Path) -> None:
    plain(path, "CREATE TABLE notes (text)")
    plain(
        path,
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('notes', 'first', '')",
    )
    SqliteStore(path).close()


def test_every_reference_is_indexed(path: Path, store: SqliteStore) -> None:
    found = plain(
        path,
        "SELECT tables.name, keys.'from' FROM sqlite_master AS tables"
        " JOIN pragma_foreign_key_list(tables.name) AS keys WHERE tables.type = 'table'",
    )
    indexed = plain(
        path,
        "SELECT tables.name, columns.name FROM sqlite_master AS tables"
        " JOIN pragma_index_list(tables.name) AS indexes"
        " JOIN pragma_index_info(indexes.name) AS columns"
        " WHERE tables.type = 'table' AND columns.seqno = 0 AND NOT indexes.partial"
        " UNION SELECT tables.name, columns.name FROM sqlite_master AS tables"
        " JOIN pragma_table_info(tables.name) AS columns"
        " WHERE tables.type = 'table' AND columns.pk = 1",
    )
    assert len(found) >= 7
    assert set(found) <= set(indexed)


@pytest.mark.parametrize("table", ["entry", "revision"])
def test_long_texts_stand_behind_all_that_is_compared(
    path: Path, store: SqliteStore, table: str
) -> None:
    columns = [name for (name,) in plain(path, f"SELECT name FROM pragma_table_info('{table}')")]
    first_long = columns.index("summary")
    # Whoever reads one of these reads the whole row.
    added = {"normalised_by", "details", "boilerplate"}
    assert set(columns[first_long:]) - added == {
        "summary",
        "content",
        "summary_html",
        "content_html",
    }


# --- what a person reads -------------------------------------------------------------------------


def test_the_view_of_entries_shows_feeds_tags_and_times(path: Path, store: SqliteStore) -> None:
    subscribe(store, subscription(name="Example News"))
    old = tagged(entry("Old"), arrived_at=NOW - timedelta(days=1))
    poll(store, new=(old, tagged(full_entry(), tags=(tag("sahel"), tag("mali")))))
    rows = plain(path, "SELECT feed, title, tags, arrived, authors, categories FROM entries")
    at = "2026-03-02T12:00:00.000000Z"
    assert rows == [
        ("Example News", "Everything at once", "mali, sahel", at, "Awa Traoré, ", "africa, sahel"),
        ("Example News", "Old", None, "2026-03-01T12:00:00.000000Z", None, None),
    ]


def test_the_view_of_feeds_tells_what_went_wrong(path: Path, store: SqliteStore) -> None:
    subscribe(store, subscription(name="Example News", labels=("wire",)))
    poll(store, new=(tagged(),))
    fail(store, at=LATER)
    rows = plain(
        path,
        "SELECT name, status, labels, entries, last_outcome, last_error, last_success"
        " FROM feed_health",
    )
    at = "2026-03-02T12:00:00.000000Z"
    assert rows == [("Example News", "active", "wire", 1, "failed", "timeout", at)]


def test_the_views_leave_out_what_was_withdrawn(path: Path, store: SqliteStore) -> None:
    subscribe(store)
    kept = tagged(entry("Kept"), tags=(tag(),))
    poll(store, new=(kept, tagged(entry("Gone"), tags=(tag(),))))
    poll(store, at=LATER, present=frozenset({kept.entry.id}), complete=True)
    assert plain(path, "SELECT title FROM entries") == [("Kept",)]
    assert plain(path, "SELECT entries FROM feed_health") == [(1,)]
    assert plain(path, "SELECT entries FROM tag_counts_by_day") == [(1,)]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://ada:secret@x.example/a@b?c", "https://x.example/a@b?c"),
        ("https://ada:s@cret@x.example", "https://x.example"),
        ("https://x.example?who=a@b", "https://x.example?who=a@b"),
        ("https://x.example/~ada@home", "https://x.example/~ada@home"),
    ],
)
def test_the_view_of_feeds_shows_no_password(
    path: Path, store: SqliteStore, address: str, shown: str
) -> None:
    subscribe(store, subscription(address))
    assert plain(path, "SELECT key, fetch_url FROM feed_health") == [(shown, shown)]


def test_the_view_of_tags_counts_by_day(path: Path, store: SqliteStore) -> None:
    subscribe(store)
    poll(store, new=(tagged(tags=(tag(),)), tagged(entry("Two"), tags=(tag(),))))
    assert plain(path, "SELECT * FROM tag_counts_by_day") == [("mali", "2026-03-02", 2)]


def test_tags_are_kept_as_intervals_with_their_causes(path: Path, store: SqliteStore) -> None:
    subscribe(store)
    poll(store, new=(tagged(tags=(tag("a"), tag("b"))),))
    changed = tagged(entry(content_hash="2"), tags=(tag("b"), tag("c")))
    poll(store, at=LATER, changed=(changed,))
    now, later = "2026-03-02T12:00:00.000000Z", "2026-03-02T13:00:00.000000Z"
    assert plain(
        path, "SELECT tag, added, cause, removed, removed_cause FROM entry_tag ORDER BY tag"
    ) == [
        ("a", now, "first poll", later, "poll"),
        ("b", now, "first poll", None, None),
        ("c", later, "poll", None, None),
    ]


def test_a_feed_stands_under_its_host(path: Path, store: SqliteStore) -> None:
    subscribe(
        store,
        subscription("https://WWW.Example.org:8080/a"),
        subscription("b", location="file:///b"),
    )
    assert plain(path, "SELECT host FROM feed ORDER BY number") == [("www.example.org",), (None,)]


def test_feeds_of_an_older_database_are_put_under_their_domains(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with closing(sqlite_utils.Database(path)) as older:
        MIGRATIONS.apply(older, stop_before="0008_courtesy")
        for host, admitted in (("blog.example.co.uk", 0), ("10.0.0.7", 0), ("home.example", 1)):
            older.execute(
                "INSERT INTO feed (key, url, location, fetch_url, host, name, name_words,"
                " subscribed, due_at, due_reason, admitted) VALUES (?1, '', '', '', ?1, '', '',"
                " '', '', '', ?2)",
                (host, admitted),
            )
        older.conn.commit()
    SqliteStore(path).close()
    assert plain(path, "SELECT host, domain FROM feed ORDER BY number") == [
        ("blog.example.co.uk", "example.co.uk"),
        ("10.0.0.7", None),
        ("home.example", None),
    ]


def test_the_view_of_requests_says_who_was_asked_and_why(path: Path, store: SqliteStore) -> None:
    subscribe(store, subscription(name="Example News"))
    hop = Hop(FEED, NOW, 0.5, conditional=True, status=304, address="93.184.216.34")
    poll(store, asked=(Asked(hop, "poll", "it is due"),))
    store.record([Asked(hop, "discovery", "a user looks for feeds")])
    rows = plain(path, "SELECT feed, url, purpose, reason, conditional, status FROM requests")
    assert rows == [
        (None, FEED, "discovery", "a user looks for feeds", 1, 304),
        ("Example News", FEED, "poll", "it is due", 1, 304),
    ]


def test_feeds_of_an_older_database_have_the_size_of_the_last_document_remembered(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.db"
    with closing(sqlite_utils.Database(path)) as older:
        MIGRATIONS.apply(older, stop_before="0021_sizes")
        for key in ("read", "never"):
            older.execute(
                "INSERT INTO feed (key, url, location, fetch_url, name, name_words, subscribed,"
                " due_at, due_reason) VALUES (?, '', '', '', '', '', '', '', '')",
                (key,),
            )
        for outcome, size in (("new", 7), ("unchanged", 9), ("not_modified", 0), ("failed", 4)):
            older.execute(
                "INSERT INTO poll (feed, started, ended, outcome, new, changed, body_bytes)"
                " VALUES (1, '', '', ?, 0, 0, ?)",
                (outcome, size),
            )
        older.conn.commit()
    SqliteStore(path).close()
    assert plain(path, "SELECT key, document_bytes FROM feed ORDER BY number") == [
        ("read", 9),
        ("never", 0),
    ]
