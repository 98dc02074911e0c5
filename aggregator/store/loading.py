"""Entries as they are read: whole, with their tags, evidence and source, many at a time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from aggregator.errors import NoSuchEntryError
from aggregator.model.entries import Entry, Evidence, KnownEntry, Source, Tag, TaggedEntry
from aggregator.store import feeds
from aggregator.store.base import Revision
from aggregator.store.database import AMONG, Database, Row, listed
from aggregator.store.rows import entry_from, evidence_from, known_from
from aggregator.store.times import instant, instant_if
from aggregator.store.values import DUPLICATED

SHORTEST_PREFIX = 4
"""How many characters of an id name an entry at least."""

_NAMED_AT_MOST = 5
_MOST_TWINS = 50


def load(database: Database, numbers: Sequence[int]) -> list[TaggedEntry]:
    """Return the entries that have these numbers, in their order."""
    rows = {
        row["number"]: row
        for row in database.rows(
            "SELECT entry.*, feed.key AS feed_key, feed.url AS feed_url, feed.name AS feed_name,"
            f" feed.title AS feed_title, feed.link AS feed_link, {DUPLICATED} AS duplicated,"
            " (SELECT at FROM retracted WHERE retracted.entry = entry.number) AS retracted"
            f" FROM entry JOIN feed ON feed.number = entry.feed WHERE entry.number {AMONG}",
            (listed(numbers),),
        )
    }
    labels = feeds.labels(database, {row["feed"] for row in rows.values()})
    tags = _tags(database, numbers)
    return [_tagged(rows[number], labels[rows[number]["feed"]], tags[number]) for number in numbers]


def _tags(database: Database, numbers: Sequence[int]) -> defaultdict[int, list[Tag]]:
    evidence = defaultdict[int, list[Evidence]](list)
    for row in database.rows(
        "SELECT evidence.* FROM entry_tag JOIN evidence ON evidence.entry_tag = entry_tag.number"
        f" WHERE entry_tag.removed IS NULL AND entry_tag.entry {AMONG}"
        " ORDER BY evidence.number",
        (listed(numbers),),
    ):
        evidence[row["entry_tag"]].append(evidence_from(row))
    tags = defaultdict[int, list[Tag]](list)
    for row in database.rows(
        f"SELECT * FROM entry_tag WHERE removed IS NULL AND entry {AMONG} ORDER BY tag",
        (listed(numbers),),
    ):
        found = Tag(row["tag"], row["rule_version"], tuple(evidence[row["number"]]))
        tags[row["entry"]].append(found)
    return tags


def _tagged(row: Row, labels: tuple[str, ...], tags: Iterable[Tag]) -> TaggedEntry:
    return TaggedEntry(
        entry=entry_from(row, row["feed_key"]),
        source=Source(
            key=row["feed_key"],
            name=row["feed_name"],
            labels=labels,
            title=row["feed_title"] or "",
            link=row["feed_link"],
            url=row["feed_url"],
        ),
        first_seen_at=instant(row["first_seen"]),
        arrived_at=instant(row["arrived"]),
        tags=tuple(tags),
        revised_at=instant_if(row["revised"]),
        duplicated=bool(row["duplicated"]),
        retracted_at=instant_if(row["retracted"]),
    )


def named(database: Database, prefix: str) -> TaggedEntry:
    """Return the one entry whose id begins so. Raises `NoSuchEntryError`."""
    wanted = prefix.lower()
    if len(wanted) < SHORTEST_PREFIX:
        raise NoSuchEntryError(
            f"{prefix!r} is too short: give at least {SHORTEST_PREFIX} characters of an entry's id."
        )
    # Every character of an id sorts before the tilde.
    rows = list(
        database.rows(
            "SELECT number, id, title FROM entry WHERE id >= ? AND id < ? || '~'"
            " ORDER BY id LIMIT ?",
            (wanted, wanted, _NAMED_AT_MOST + 1),
        )
    )
    if not rows:
        raise NoSuchEntryError(f"No entry has an id that begins with {prefix!r}.")
    if len(rows) > 1 and rows[0]["id"] != wanted:
        raise NoSuchEntryError(_ambiguous(prefix, rows))
    return load(database, [rows[0]["number"]])[0]


def _ambiguous(prefix: str, rows: Sequence[Row]) -> str:
    some = ", ".join(row["id"] for row in rows[:_NAMED_AT_MOST])
    more = " and others" if len(rows) > _NAMED_AT_MOST else ""
    return f"Several entries have an id that begins with {prefix!r}: {some}{more}. Give more of it."


def revisions(database: Database, entry_id: str) -> tuple[Revision, ...]:
    """Return an entry's former states, latest first."""
    rows = database.rows(
        "SELECT revision.*, entry.id, entry.identity, entry.generation, feed.key AS feed_key"
        " FROM revision JOIN entry ON entry.number = revision.entry"
        " JOIN feed ON feed.number = entry.feed"
        " WHERE entry.id = ? ORDER BY revision.number DESC",
        (entry_id,),
    )
    return tuple(
        Revision(entry_from(row, row["feed_key"]), instant(row["seen"]), instant(row["replaced"]))
        for row in rows
    )


def twins(database: Database, entry_id: str) -> tuple[TaggedEntry, ...]:
    """Return the entries of other feeds that lead to the same page, first seen first."""
    rows = database.rows(
        "SELECT twin.number FROM entry JOIN entry AS twin"
        " ON twin.canonical_link = entry.canonical_link AND twin.feed <> entry.feed"
        " WHERE entry.id = ? AND twin.number NOT IN (SELECT entry FROM retracted)"
        " ORDER BY twin.first_seen, twin.number LIMIT ?",
        (entry_id, _MOST_TWINS),
    )
    return tuple(load(database, [row["number"] for row in rows]))


def known(database: Database, key: str, entries: Collection[Entry]) -> tuple[KnownEntry, ...]:
    """Return what decides about entries of a feed, as `Store.known` says."""
    feed = database.value("SELECT number FROM feed WHERE key = ?", (key,))
    identities = {entry.identity for entry in entries}
    links = {entry.canonical_link for entry in entries} - {None}
    rows = database.rows(
        "SELECT * FROM entry WHERE number IN ("
        " SELECT number FROM entry WHERE feed = ? AND present"
        " UNION SELECT number FROM entry"
        f"  WHERE feed = ? AND identity {AMONG}"
        " UNION SELECT number FROM entry"
        f"  WHERE feed = ? AND canonical_link {AMONG}"
        f" UNION SELECT number FROM entry WHERE id {AMONG}"
        ") ORDER BY number",
        (
            *(feed, feed, listed(sorted(identities)), feed, listed(links)),
            listed(entry.id for entry in entries),
        ),
    )
    return tuple(known_from(row) for row in rows)
