"""Finding entries: the query's condition decides, or narrows what `query.match` then decides."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from aggregator.model.entries import TaggedEntry
from aggregator.query.many import Many
from aggregator.query.nodes import Node
from aggregator.store import loading, sql
from aggregator.store.base import Place, Search
from aggregator.store.certain import certain
from aggregator.store.database import Database, Row
from aggregator.store.placing import ARCHIVED, PLACED
from aggregator.store.retracting import THERE
from aggregator.store.times import instant, stamp
from aggregator.store.vocabulary import Vocabulary

_BATCH = 200
_NEWEST = "entry.arrived DESC, entry.id"
_WALKED = "entry INDEXED BY entry_order"

_STRETCH = 1_000
"""How many of the newest entries are walked before SQLite chooses how to find the others.

Whatever is frequent fills a page from these; SQLite would gather all of it, to sort it. What is
rare costs some two milliseconds more.
"""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A condition in SQL, and the parameters of it."""

    where: str
    parameters: tuple[object, ...] = ()

    def __and__(self, other: "_Asked") -> "_Asked":
        parameters = self.parameters + other.parameters
        return _Asked(f"({self.where}) AND ({other.where})", parameters)

    def __invert__(self) -> "_Asked":
        return _Asked(f"NOT ({self.where})", self.parameters)


def found(database: Database, search: Search) -> Iterator[TaggedEntry]:
    """Return the entries that match, in the order asked for, up to the limit."""
    asked, is_proven = _condition(search.query, search.now, Vocabulary(database))
    if search.query and search.sort == "relevance":
        rows = _ranked(database, asked & _period(search), search.query)
    else:
        rows = _newest(database, asked, search)
    if is_proven:
        # What needs no proof is loaded no further than it is wanted.
        return _loaded(database, islice(rows, search.limit))
    return islice(_matching(database, rows, search), search.limit)


def _ranked(database: Database, asked: _Asked, query: Node) -> Iterator[Row]:
    """Return what matches, the best first."""
    ranking = sql.ranking(query)
    if ranking is None:
        return _rows(database, "entry", asked)
    return database.rows(
        f"SELECT entry.number FROM entry {ranking.join} WHERE {asked.where}"
        f" ORDER BY {ranking.order}, {_NEWEST}",
        (*ranking.parameters, *asked.parameters),
    )


def _newest(database: Database, asked: _Asked, search: Search) -> Iterator[Row]:
    """Yield what matches of a period, the newest first."""
    period = _period(search)
    edge = search.query and _edge(database, period)
    if not edge:
        yield from _rows(database, _WALKED, asked & period)
        return
    # SQLite seeks by the first bound alone: the period's own is left out where the edge's holds.
    near = _period(replace(search, since=edge.arrived_at)) & ~_behind(edge)
    yield from _rows(database, _WALKED, asked & near)
    yield from _rows(database, "entry", asked & _period(replace(search, until=None, behind=edge)))


def _edge(database: Database, period: _Asked) -> Place | None:
    """Return the place behind which the first stretch of a period's entries ends."""
    rows = database.rows(
        f"SELECT arrived, id FROM entry WHERE {period.where} ORDER BY {_NEWEST}"
        f" LIMIT 1 OFFSET {_STRETCH}",
        period.parameters,
    )
    return next((Place(instant(row["arrived"]), row["id"]) for row in rows), None)


def _rows(database: Database, table: str, asked: _Asked) -> Iterator[Row]:
    return database.rows(
        f"SELECT number FROM {table} WHERE {asked.where} ORDER BY {_NEWEST}", asked.parameters
    )


def count(database: Database, search: Search) -> int:
    """Return how many entries match."""
    vocabulary = Vocabulary(database)
    asked, is_proven = _condition(search.query, search.now, vocabulary)
    asked &= _period(search)
    if is_proven:
        return _number(database, asked)
    without_proof = _surely(search, vocabulary)
    rest = asked & ~without_proof
    rows = database.rows(f"SELECT entry.number FROM entry WHERE {rest.where}", rest.parameters)
    proven = sum(1 for _ in _matching(database, rows, search))
    return proven + _number(database, asked & without_proof)


def _number(database: Database, asked: _Asked) -> int:
    sources = f"SELECT count(*) FROM entry WHERE {asked.where}"
    return int(database.value(sources, asked.parameters))


def _condition(query: Node | None, now: datetime, vocabulary: Vocabulary) -> tuple[_Asked, bool]:
    """Return what SQL is asked for a query, and whether that is all that there is to ask."""
    if query is None:
        return _Asked("1"), True
    condition = sql.compile(query, now, vocabulary.fitting)
    return _Asked(condition.sql, condition.parameters), condition.exact


def _surely(search: Search, vocabulary: Vocabulary) -> _Asked:
    """Return what finds only entries that match, if not all of them."""

    def is_exact(node: Node) -> bool:
        return _condition(node, search.now, vocabulary)[1]

    part = search.query and certain(search.query, is_exact)
    asked, is_proven = _condition(part, search.now, vocabulary)
    return asked if part and is_proven else _Asked("0")


def _period(search: Search) -> _Asked:
    """Return what of a search is no query: when entries arrived, and that they are there."""
    period = _Asked(THERE)
    if search.since is not None:
        period &= _Asked("entry.arrived >= ?", (stamp(search.since),))
    if search.until is not None:
        period &= _Asked("entry.arrived < ?", (stamp(search.until),))
    if search.behind is not None:
        period &= _behind(search.behind)
    if search.beside is not None:
        period &= ~_Asked(ARCHIVED, (search.beside,))
    return period


def _behind(place: Place) -> _Asked:
    """Return what holds behind a place in the order of arrival."""
    arrived = stamp(place.arrived_at)
    # The first half is for the index: SQLite seeks by it.
    where = "entry.arrived <= ? AND (entry.arrived < ? OR entry.id > ?)"
    return _Asked(where, (arrived, arrived, place.id))


def ceased(database: Database, output: str, search: Search) -> frozenset[str]:
    """Return the ids of what an output has, or had, and the search does not find."""
    asked, is_proven = _condition(search.query, search.now, Vocabulary(database))
    asked &= _Asked(THERE) & _Asked(PLACED, (output,))
    rows = database.rows(
        f"SELECT entry.number, entry.id FROM entry WHERE {asked.where}", asked.parameters
    )
    if is_proven:
        found = {row["id"] for row in rows}
    else:
        found = {subject.entry.id for subject in _matching(database, rows, search)}
    known = database.rows(f"SELECT entry.id FROM entry WHERE {PLACED}", (output,))
    return frozenset(row["id"] for row in known) - found


def _matching(database: Database, rows: Iterator[Row], search: Search) -> Iterator[TaggedEntry]:
    queries = Many(() if search.query is None else (search.query,))
    for subject in _loaded(database, rows):
        if search.query is None or queries.find(subject, search.now):
            yield subject


def _loaded(database: Database, rows: Iterator[Row]) -> Iterator[TaggedEntry]:
    while batch := [row["number"] for row in islice(rows, _BATCH)]:
        yield from loading.load(database, batch)
