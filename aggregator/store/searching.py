"""Finding entries: the query's condition decides, or narrows what `query.match` then decides."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from aggregator.model import TaggedEntry
from aggregator.query.match import find
from aggregator.query.nodes import Node
from aggregator.store import loading, sql
from aggregator.store.base import Search
from aggregator.store.database import Database, Row
from aggregator.store.times import stamp
from aggregator.store.vocabulary import Vocabulary

_BATCH = 200
_NEWEST = "entry.arrived DESC, entry.id"
_SOURCES = "FROM entry JOIN feed ON feed.number = entry.feed"


@dataclass(frozen=True, slots=True)
class _Plan:
    """What SQL is asked, and the query that its answers are still to be held against, if any."""

    where: str
    parameters: tuple[object, ...]
    unproven: Node | None


def found(database: Database, search: Search) -> Iterator[TaggedEntry]:
    """Return the entries that match, in the order asked for, up to the limit."""
    plan = _plan(database, search)
    ranking = sql.ranking(search.query) if search.query and search.sort == "relevance" else None
    join, order, parameters = "", _NEWEST, plan.parameters
    if ranking:
        join, order = ranking.join, f"{ranking.order}, {_NEWEST}"
        parameters = (*ranking.parameters, *parameters)
    rows = database.rows(
        f"SELECT entry.number {_SOURCES} {join} WHERE {plan.where} ORDER BY {order}", parameters
    )
    # What needs no proof is loaded no further than it is wanted.
    wanted = rows if plan.unproven else islice(rows, search.limit)
    return islice(_proven(database, wanted, plan, search.now), search.limit)


def count(database: Database, search: Search) -> int:
    """Return how many entries match."""
    plan = _plan(database, search)
    if plan.unproven is None:
        sources = f"SELECT count(*) {_SOURCES} WHERE {plan.where}"
        return int(database.value(sources, plan.parameters))
    rows = database.rows(f"SELECT entry.number {_SOURCES} WHERE {plan.where}", plan.parameters)
    return sum(1 for _ in _proven(database, rows, plan, search.now))


def _plan(database: Database, search: Search) -> _Plan:
    conditions, parameters = ["1"], list[object]()
    unproven = None
    if search.query is not None:
        condition = sql.compile(search.query, search.now, Vocabulary(database).fitting)
        conditions.append(f"({condition.sql})")
        parameters.extend(condition.parameters)
        unproven = None if condition.exact else search.query
    if search.since is not None:
        conditions.append("entry.arrived >= ?")
        parameters.append(stamp(search.since))
    if search.until is not None:
        conditions.append("entry.arrived < ?")
        parameters.append(stamp(search.until))
    return _Plan(" AND ".join(conditions), tuple(parameters), unproven)


def _proven(
    database: Database, rows: Iterator[Row], plan: _Plan, now: datetime
) -> Iterator[TaggedEntry]:
    while batch := [row["number"] for row in islice(rows, _BATCH)]:
        for subject in loading.load(database, batch):
            if plan.unproven is None or find(plan.unproven, subject, now) is not None:
                yield subject
