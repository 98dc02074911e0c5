"""Applying rules to what is stored: which entries, a slice at a time, and how far it has come."""

from array import array
from collections.abc import Mapping, Sequence
from datetime import datetime

from aggregator.errors import OvertakenError
from aggregator.model.entries import Tag, TaggedEntry
from aggregator.retagging import Candidates, Judged
from aggregator.store import loading, sql, tags
from aggregator.store.database import AMONG, Database, listed
from aggregator.store.rules import Judge
from aggregator.store.vocabulary import Vocabulary
from aggregator.tagging import ANY_TIME

CAUSE = "retag"


def candidates(database: Database, wanted: Candidates, after: int) -> Sequence[int]:
    """Return the numbers above ``after`` of the entries that are wanted, ascending."""
    if wanted.everything:
        rows = database.rows("SELECT number FROM entry WHERE number > ? ORDER BY number", (after,))
        return array("q", (row["number"] for row in rows))
    rows = database.rows(
        f"SELECT entry FROM entry_tag WHERE tag {AMONG} AND removed IS NULL AND entry > ?",
        (listed(wanted.tags), after),
    )
    found = {row["entry"] for row in rows}
    if wanted.query is not None:
        condition = sql.compile(wanted.query, ANY_TIME, Vocabulary(database).fitting)
        rows = database.rows(
            f"SELECT number FROM entry WHERE ({condition.sql}) AND number > ?",
            (*condition.parameters, after),
        )
        found.update(row["number"] for row in rows)
    return array("q", sorted(found))


def existing(database: Database, numbers: Sequence[int]) -> list[tuple[int, TaggedEntry]]:
    """Return those of the entries that are (still) there, each with its number."""
    rows = database.rows(
        f"SELECT number FROM entry WHERE number {AMONG} ORDER BY number", (listed(numbers),)
    )
    there = [row["number"] for row in rows]
    return list(zip(there, loading.load(database, there), strict=True))


def begin(database: Database, targets: Mapping[str, str], held: Mapping[str, str]) -> int:
    """Begin to apply versions, or go on with what was begun; return the last number done."""
    database.execute_many(
        "INSERT INTO tag_state (tag) VALUES (?) ON CONFLICT DO NOTHING",
        ((tag,) for tag in targets),
    )
    database.execute_many(
        "UPDATE tag_state SET target = ?, reached = 0, mixed = 0 WHERE tag = ? AND target IS NOT ?",
        ((version, tag, version) for tag, version in targets.items()),
    )
    database.execute_many(
        "UPDATE tag_state SET held = ? WHERE tag = ?", ((held.get(tag), tag) for tag in targets)
    )
    reached = database.value(
        f"SELECT min(reached) FROM tag_state WHERE tag {AMONG}", (listed(targets),)
    )
    return int(reached or 0)


def retag(
    database: Database,
    numbers: Sequence[int],
    targets: Mapping[str, str],
    judge: Judge,
    now: datetime,
) -> tuple[Judged, ...]:
    """Settle the tags in question of these entries, which are judged as they are now."""
    _refuse_overtaken(database, targets)
    judged = {number: judge(subject) for number, subject in existing(database, numbers)}
    changed = {number: each for number, each in judged.items() if _differs(each, targets)}
    verdicts = {number: tags.Verdict(each.given, now, CAUSE) for number, each in changed.items()}
    tags.settle(database, verdicts, targets.keys())
    database.execute(
        f"UPDATE tag_state SET reached = max(reached, ?) WHERE tag {AMONG}",
        (max(numbers, default=0), listed(targets)),
    )
    return tuple(judged.values())


def _differs(judged: Judged, targets: Mapping[str, str]) -> bool:
    before: dict[str, Tag] = {each.name: each for each in judged.subject.tags}
    after: dict[str, Tag] = {each.name: each for each in judged.given}
    return any(before.get(name) != after.get(name) for name in targets)


def finish(database: Database, targets: Mapping[str, str]) -> None:
    """Note that everything follows these versions; entries came meanwhile perhaps by another."""
    _refuse_overtaken(database, targets)
    database.execute_many(
        "UPDATE tag_state SET applied = target, target = NULL, reached = NULL WHERE tag = ?",
        ((tag,) for tag in targets),
    )


def _refuse_overtaken(database: Database, targets: Mapping[str, str]) -> None:
    rows = database.rows(f"SELECT tag, target FROM tag_state WHERE tag {AMONG}", (listed(targets),))
    begun = {row["tag"]: row["target"] for row in rows}
    if others := sorted(tag for tag, version in targets.items() if begun.get(tag) != version):
        raise OvertakenError(
            f"Another process retags {', '.join(others)} too, and has begun anew or is done:"
            " what this one did stays. See `aggregator tags`."
        )
