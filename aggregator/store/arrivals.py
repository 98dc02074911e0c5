"""Storing entries that are new or changed: their texts, revisions, words and tags."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from aggregator.model.entries import Entry, TaggedEntry
from aggregator.store import tags, words
from aggregator.store.database import AMONG, Database, Row, listed
from aggregator.store.rows import Columns, entry_from, state_columns
from aggregator.store.times import stamp, stamp_if
from aggregator.urls import host


@dataclass(frozen=True, slots=True)
class Arrival:
    """An entry as a poll of its feed, by number, brought it; ``cause`` is why it is tagged."""

    feed: int
    tagged: TaggedEntry
    at: datetime
    cause: str
    present: bool


def store(database: Database, arrivals: Iterable[Arrival]) -> None:
    """Store entries; one that is known already is revised, and keeps when it was first seen."""
    by_id = {arrival.tagged.entry.id: arrival for arrival in arrivals}
    if not by_id:
        return
    stored = {
        row["id"]: row
        for row in database.rows(f"SELECT * FROM entry WHERE id {AMONG}", (listed(by_id),))
    }
    new = [arrival for entry_id, arrival in by_id.items() if entry_id not in stored]
    numbered = dict(enumerate(new, start=database.next_number("entry")))
    _insert(database, numbered)
    known = {row["number"]: by_id[entry_id] for entry_id, row in stored.items()}
    _revise(database, {row["number"]: row for row in stored.values()}, known)
    tags.settle(
        database,
        {
            number: tags.Verdict(arrival.tagged.tags, arrival.at, arrival.cause)
            for number, arrival in (known | numbered).items()
        },
    )


def _insert(database: Database, numbered: Mapping[int, Arrival]) -> None:
    database.insert("entry", [_columns(number, each) for number, each in numbered.items()])
    words.index(database, [(number, each.tagged.entry) for number, each in numbered.items()])


def _columns(number: int, arrival: Arrival) -> Columns:
    tagged = arrival.tagged
    return {
        "number": number,
        "id": tagged.entry.id,
        "feed": arrival.feed,
        "first_seen": stamp(tagged.first_seen_at),
        "arrived": stamp(tagged.arrived_at),
        "revised": stamp_if(tagged.revised_at),
        "present": arrival.present,
        **_changeable(tagged.entry),
    }


def _changeable(entry: Entry) -> Columns:
    return {
        "identity": entry.identity,
        "generation": entry.generation,
        "site": host(entry.link) if entry.link else None,
        **words.metadata_columns(entry),
        **state_columns(entry),
    }


def _revise(database: Database, rows: Mapping[int, Row], known: Mapping[int, Arrival]) -> None:
    """Replace stored states by new ones; what makes a revision is told by the content hash.

    What another version of `aggregator.normalise` has written is replaced without one.
    """
    revised = {
        number
        for number, arrival in known.items()
        if rows[number]["content_hash"] != arrival.tagged.entry.content_hash
        and rows[number]["normalised_by"] == arrival.tagged.entry.normalised_by
    }
    database.insert(
        "revision", [_revision(rows[number], known[number]) for number in sorted(revised)]
    )
    words.unindex(database, ((number, entry_from(row, "")) for number, row in rows.items()))
    words.index(database, ((number, each.tagged.entry) for number, each in known.items()))
    database.update(
        "entry",
        [
            {
                "number": number,
                "revised": stamp(arrival.at) if number in revised else rows[number]["revised"],
                **_changeable(arrival.tagged.entry),
            }
            for number, arrival in known.items()
        ],
    )


def _revision(row: Row, arrival: Arrival) -> Columns:
    return {
        "entry": row["number"],
        "seen": row["revised"] or row["first_seen"],
        "replaced": stamp(arrival.at),
        **{column: row[column] for column in state_columns(arrival.tagged.entry)},
    }
