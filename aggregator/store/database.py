"""The connection to SQLite: how it is opened, its transactions, and what its errors mean.

Durability: WAL with ``synchronous=FULL``. A commit survives ``kill -9`` and loss of power; it
costs one flush of the log (see benchmarks/store.py), and a commit holds whole polls.
"""

import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlite_utils
from sqlite_utils import db as sqlite_utils_db

from aggregator.errors import (
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreInterruptedError,
)
from aggregator.store import schema

Row = sqlite3.Row
"""One row of an answer: values by column name."""

Tracer = Callable[[str], object]
"""Is told every statement just before it runs."""

BUSY_SECONDS = 30.0
"""How long to wait for another process that writes."""

RETRY_SECONDS = 0.02
"""How long to wait before a fresh database is prepared again."""

PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -32768",  # KiB
    "PRAGMA journal_size_limit = 67108864",  # bytes: a log that once grew shrinks again
)

_MEANINGS: dict[int, tuple[type[StoreError], str]] = {
    sqlite3.SQLITE_FULL: (
        StoreFullError,
        "{path} cannot grow: the disk is full. Free some space; what was committed is safe.",
    ),
    sqlite3.SQLITE_IOERR: (
        StoreFullError,
        "{path} cannot be read or written: the disk reports an error ({error})."
        " Check its space and its health; what was committed is safe.",
    ),
    sqlite3.SQLITE_READONLY: (
        StoreFullError,
        "{path} cannot be written: it or its directory is read-only. Allow writing to both.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        StoreError,
        "{path} cannot be opened: it must be a file, in a directory that exists and may be"
        " written. Create the directory, or name another database.",
    ),
    sqlite3.SQLITE_PERM: (StoreError, "{path} may not be accessed. Check its permissions."),
    sqlite3.SQLITE_BUSY: (
        StoreBusyError,
        "{path} is in use: another process kept it locked for too long. Try again later.",
    ),
    sqlite3.SQLITE_LOCKED: (
        StoreBusyError,
        "{path} is in use: another connection kept it locked. Try again later.",
    ),
    sqlite3.SQLITE_INTERRUPT: (
        StoreInterruptedError,
        "{path} was asked for something that takes too long. Ask for less.",
    ),
    sqlite3.SQLITE_NOTADB: (
        StoreError,
        "{path} is not a database. Name another file, or move this one away.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        StoreError,
        "{path} is damaged ({error}). Restore a copy, or move it away and start afresh.",
    ),
}
"""What SQLite's primary result codes mean to a user (https://www.sqlite.org/rescode.html)."""

_OTHERWISE = (StoreError, "{path} cannot do what was asked: {error}.")

LIBRARY_ERRORS: tuple[type[Exception], ...] = (
    sqlite3.Error,
    sqlite3.Warning,
    sqlite_utils_db.TransformError,
    sqlite_utils_db.AlterError,
    sqlite_utils_db.NoObviousTable,
    sqlite_utils_db.NoTable,
    sqlite_utils_db.NoView,
    sqlite_utils_db.BadPrimaryKey,
    sqlite_utils_db.NotFoundError,
    sqlite_utils_db.PrimaryKeyRequired,
    sqlite_utils_db.InvalidColumns,
    sqlite_utils_db.TransactionError,
    sqlite_utils_db.BadMultiValues,
    UnicodeEncodeError,  # a lone surrogate cannot be written as UTF-8
    OverflowError,  # SQLite's integers have 64 bits
)
"""Everything that the two libraries raise."""


def translated(error: Exception, path: Path) -> StoreError:
    """Return what an error of one of the libraries means to a user."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    kind, sentence = _MEANINGS.get(code, _OTHERWISE)
    return kind(sentence.format(path=path, error=error))


def listed(values: Iterable[object]) -> str:
    """Return values as the one parameter of `AMONG`."""
    return json.dumps(list(values))


AMONG = "IN (SELECT value FROM json_each(?))"
"""What follows a column in SQL that is to have one of the values that `listed` lists."""


class Database:
    """One connection, used by one thread at a time.

    Whatever is asked of it is asked within `reading` or `writing`, where the libraries' errors
    become `StoreError`.
    """

    def __init__(self, path: Path, tracer: Tracer | None = None) -> None:
        """Open or create the database and bring its tables up to date. Raises `StoreError`."""
        self.path = path
        with self._translating():
            connection = sqlite3.connect(
                path,
                timeout=BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=256,
            )
        connection.set_trace_callback(tracer)
        connection.row_factory = Row
        self._tables = sqlite_utils.Database(connection, execute_plugins=False)
        try:
            with self._translating():
                self._prepare_patiently()
        except BaseException:
            connection.close()
            raise

    def _prepare_patiently(self) -> None:
        """Prepare; begin again where another process is doing the same to a fresh database.

        SQLite waits for other connections by itself, but not when it switches to WAL.
        """
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                return self._prepare()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                if time.monotonic() > deadline:
                    raise
            time.sleep(RETRY_SECONDS)

    def _prepare(self) -> None:
        is_current = schema.is_current(self._tables, self.path)
        # The mode is kept in the file.
        if self.value("PRAGMA journal_mode") != "wal":
            self.execute("PRAGMA journal_mode = WAL")
        for pragma in PRAGMAS:
            self.execute(pragma)
        if not is_current:
            with self.writing():
                schema.MIGRATIONS.apply(self._tables)

    @contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except LIBRARY_ERRORS as error:
            raise translated(error, self.path) from error

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Answer everything asked within from one state of the database."""
        with self._translating(), self._transaction("BEGIN"):
            yield

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Commit everything done within at once, or on any exception nothing of it."""
        with self._translating(), self._transaction("BEGIN IMMEDIATE"):
            yield

    @contextmanager
    def _transaction(self, beginning: str) -> Iterator[None]:
        self._tables.execute(beginning)
        try:
            yield
            self._tables.commit()
        except BaseException:
            # SQLite itself ends a transaction on a full disk: then there is nothing to undo.
            self._tables.rollback()
            raise

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[Row]:
        """Return the rows of a query, read as they are asked for."""
        return self._tables.execute(sql, parameters)

    def value(self, sql: str, parameters: Sequence[object] = ()) -> Any:
        """Return the first value of a query's first row, None if there is no row."""
        row = next(self.rows(sql, parameters), None)
        return None if row is None else row[0]

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> int:
        """Run one statement; return how many rows it changed."""
        return self._tables.execute(sql, parameters).rowcount

    def execute_many(self, sql: str, parameters: Iterable[Sequence[object]]) -> None:
        """Run one statement for each set of parameters."""
        self._tables.conn.executemany(sql, parameters)

    def insert(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Insert rows that have the same columns."""
        if rows:
            self._tables.table(table).insert_all(dict(row) for row in rows)

    def update(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Change the rows of a table that have these numbers, in all other columns given."""
        if not rows:
            return
        changes = ", ".join(f'"{column}" = :{column}' for column in rows[0] if column != "number")
        self._tables.conn.executemany(f"UPDATE {table} SET {changes} WHERE number = :number", rows)

    @property
    def version(self) -> int:
        """A number that is another one when another connection has written meanwhile."""
        return int(self.value("PRAGMA data_version"))

    def next_number(self, table: str) -> int:
        """Return the number for the next row of a table; valid while writing."""
        return int(self.value(f"SELECT coalesce(max(number), 0) + 1 FROM {table}"))

    def interrupt(self) -> None:
        """End the statements that another thread is running."""
        self._tables.conn.interrupt()

    def close(self) -> None:
        """Close the connection; the log is folded into the database if it was the last."""
        self._tables.close()
