"""The connection: how it is set up, its transactions, and its errors in words."""

import inspect
import multiprocessing
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlite_utils import db as sqlite_utils_db

from aggregator.errors import StoreBusyError, StoreError, StoreFullError, StoreInterruptedError
from aggregator.store.base import Search
from aggregator.store.database import LIBRARY_ERRORS, Database, translated
from aggregator.store.sqlite import SqliteStore
from tests.builders import NOW, entry, refresh, subscription, tagged
from tests.store.steps import claim, newest, poll, subscribe


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(tmp_path / "fresh.db")) as database:
        yield database


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 30_000)],
)
def test_the_connection_loses_nothing_and_waits(
    database: Database, pragma: str, value: object
) -> None:
    assert database.value(f"PRAGMA {pragma}") == value


def test_what_is_written_is_committed_at_once_or_not_at_all(database: Database) -> None:
    def fail_half_way() -> None:
        with database.writing():
            database.execute("INSERT INTO words_version VALUES ('x')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert database.value("SELECT count(*) FROM words_version") == 0
    with database.writing():
        database.execute("INSERT INTO words_version VALUES ('x')")
    assert database.value("SELECT count(*) FROM words_version") == 1


def test_a_reader_sees_one_state(database: Database) -> None:
    with closing(Database(database.path)) as writer, database.reading():
        assert database.value("SELECT count(*) FROM words_version") == 0
        with writer.writing():
            writer.execute("INSERT INTO words_version VALUES ('x')")
        assert database.value("SELECT count(*) FROM words_version") == 0


def test_a_tracer_is_told_every_statement(tmp_path: Path) -> None:
    told: list[str] = []
    SqliteStore(tmp_path / "a.db", tracer=told.append).close()
    assert any(statement.startswith("BEGIN IMMEDIATE") for statement in told)
    assert sum(statement.lstrip().startswith("CREATE TABLE entry ") for statement in told) == 1


# --- errors --------------------------------------------------------------------------------------


def subclasses(kind: type[BaseException]) -> Iterator[type[BaseException]]:
    yield kind
    for each in kind.__subclasses__():
        yield from subclasses(each)


def library_exceptions() -> set[type[BaseException]]:
    own = {
        member
        for _, member in inspect.getmembers(sqlite_utils_db, inspect.isclass)
        if issubclass(member, Exception) and member.__module__ == sqlite_utils_db.__name__
    }
    return {*subclasses(sqlite3.Error), *own}


def test_every_exception_of_the_libraries_is_foreseen() -> None:
    assert len(library_exceptions()) > 15
    assert {each for each in library_exceptions() if not issubclass(each, LIBRARY_ERRORS)} == set()


def test_a_number_beyond_64_bits_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with (
        closing(SqliteStore(tmp_path / "a.db")) as store,
        pytest.raises(StoreError, match="large"),
        store.database.reading(),
    ):
        store.database.value("SELECT ?", (2**64,))


@pytest.mark.parametrize(
    ("code", "kind", "advice"),
    [
        ("SQLITE_FULL", StoreFullError, "Free some space"),
        ("SQLITE_IOERR_WRITE", StoreFullError, "Check its space"),
        ("SQLITE_READONLY_DIRECTORY", StoreFullError, "Allow writing"),
        ("SQLITE_CANTOPEN_ISDIR", StoreError, "name another database"),
        ("SQLITE_PERM", StoreError, "permissions"),
        ("SQLITE_BUSY_SNAPSHOT", StoreBusyError, "Try again later"),
        ("SQLITE_LOCKED", StoreBusyError, "Try again later"),
        ("SQLITE_NOTADB", StoreError, "Name another file"),
        ("SQLITE_CORRUPT", StoreError, "Restore a copy"),
        ("SQLITE_CONSTRAINT", StoreError, "cannot do what was asked: text"),
    ],
)
def test_a_result_code_becomes_a_sentence(code: str, kind: type[StoreError], advice: str) -> None:
    error = sqlite3.OperationalError("text")
    error.sqlite_errorcode = getattr(sqlite3, code)
    told = translated(error, Path("some.db"))
    assert type(told) is kind
    assert str(told).startswith("some.db ")
    assert advice in str(told)


def test_a_full_disk_stores_nothing_by_halves_and_ends_when_there_is_room(
    store: SqliteStore,
) -> None:
    subscribe(store)
    state = claim(store)
    pages = store.database.value("PRAGMA page_count")
    store.database.execute(f"PRAGMA max_page_count = {pages + 2}")
    news = tuple(tagged(entry(str(n), content=f"{n} " * 2000)) for n in range(30))
    learned = refresh(state, new=news)
    with pytest.raises(StoreFullError, match=r"aggregator\.db cannot grow: the disk is full"):
        store.apply([learned])
    assert newest(store) == ()
    assert store.figures().polls == 0
    store.database.execute("PRAGMA max_page_count = 1000000")
    assert store.apply([learned]) == (state.key,)
    assert store.count(Search(now=NOW)) == 30


def test_a_database_that_may_not_be_written_says_so(store: SqliteStore) -> None:
    store.database.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreFullError, match="read-only"):
        store.subscribe([subscription()], NOW)
    assert store.feeds() == ()


def test_a_database_that_another_holds_is_busy(path: Path, store: SqliteStore) -> None:
    store.database.execute("PRAGMA busy_timeout = 0")
    with closing(Database(path)) as other, other.writing():
        with pytest.raises(StoreBusyError, match="in use"):
            store.subscribe([subscription()], NOW)
        assert store.claim(NOW, 10, lease=NOW - NOW) == ()  # nothing is due: nobody need wait
    store.subscribe([subscription()], NOW)


def test_a_directory_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="must be a file"):
        SqliteStore(tmp_path)


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"missing.*a\.db cannot be opened.*Create the directory"):
        SqliteStore(tmp_path / "missing" / "a.db")


def test_a_text_file_is_no_database_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_text("feeds:\n" * 1000)
    with pytest.raises(StoreError, match="is not a database"):
        SqliteStore(path)
    assert path.read_text() == "feeds:\n" * 1000


def test_a_damaged_database_says_so(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        subscribe(store)
        poll(store, new=(tagged(),))
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(StoreError, match="is damaged"):
        SqliteStore(path)


def test_a_closed_store_refuses(path: Path) -> None:
    store = SqliteStore(path)
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.feeds()


# --- processes -----------------------------------------------------------------------------------


def open_and_subscribe(path: Path, name: str, start: Barrier) -> None:
    """Be one of several processes that open one fresh database at once."""
    start.wait()
    with closing(SqliteStore(path)) as store:
        store.subscribe([subscription(f"https://{name}.example/")], NOW)


def test_processes_may_open_a_fresh_database_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    spawning = multiprocessing.get_context("spawn")
    start = spawning.Barrier(2)
    processes = [
        spawning.Process(target=open_and_subscribe, args=(path, name, start)) for name in ("a", "b")
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    with closing(SqliteStore(path)) as store:
        assert len(store.feeds()) == 2


def test_what_takes_too_long_can_be_ended_from_another_thread(database: Database) -> None:
    outcomes: list[object] = []

    def count_for_ever() -> None:
        endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
        try:
            with database.reading():
                outcomes.append(database.value(f"{endless} SELECT count(*) FROM n"))
        except StoreInterruptedError as error:
            outcomes.append(str(error))

    counting = threading.Thread(target=count_for_ever, daemon=True)
    counting.start()
    for _ in range(2_000):
        database.interrupt()
        counting.join(0.01)
        if not counting.is_alive():
            break
    assert outcomes == [
        f"{database.path} was asked for something that takes too long. Ask for less."
    ]
    assert database.value("SELECT 1") == 1
