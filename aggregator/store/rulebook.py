"""The rules that were ever in use, and how far what is stored follows them."""

from collections.abc import Mapping, Sequence

from aggregator.retagging import TagState, TagStates
from aggregator.store.database import Database
from aggregator.store.rules import KeptRule
from aggregator.store.times import instant, stamp


def keep(database: Database, rules: Sequence[KeptRule]) -> None:
    """Keep the rules that are not kept yet; nothing is written where all of them are."""
    with database.reading():
        known = {
            (row["tag"], row["version"])
            for row in database.rows("SELECT tag, version FROM rule_version")
        }
    new = [rule for rule in rules if (rule.tag, rule.version) not in known]
    if not new:
        return
    with database.writing():
        database.execute_many(
            "INSERT INTO rule_version (tag, version, definition, first_used) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            ((rule.tag, rule.version, rule.definition, stamp(rule.first_used_at)) for rule in new),
        )


def kept(database: Database, tag: str) -> tuple[KeptRule, ...]:
    """Return every version of a tag's rule that was kept, that first used last first."""
    rows = database.rows(
        "SELECT * FROM rule_version WHERE tag = ? ORDER BY first_used DESC, number DESC", (tag,)
    )
    return tuple(
        KeptRule(row["tag"], row["version"], row["definition"], instant(row["first_used"]))
        for row in rows
    )


def follow(database: Database, versions: Mapping[str, str]) -> None:
    """Note by which versions polls tag; nothing is written where they did before."""
    with database.reading():
        if _followed(database) == versions:
            return
    with database.writing():
        database.execute("UPDATE tag_state SET used = ''")
        database.execute_many(
            "INSERT INTO tag_state (tag, used) VALUES (?, ?)"
            " ON CONFLICT (tag) DO UPDATE SET used = excluded.used",
            versions.items(),
        )
        if not _has_entries(database):
            database.execute(
                "UPDATE tag_state"
                " SET applied = used, mixed = 0, target = NULL, reached = NULL, held = NULL"
            )


def _followed(database: Database) -> dict[str, str]:
    rows = database.rows("SELECT tag, used FROM tag_state WHERE used <> ''")
    return {row["tag"]: row["used"] for row in rows}


def note_arrivals(database: Database) -> None:
    """Note, while entries are stored, which tags they carry by another version than the rest."""
    database.execute(
        "UPDATE tag_state SET mixed = 1 WHERE NOT mixed AND used <> coalesce(target, applied)"
    )


def tag_states(database: Database) -> TagStates:
    """Return how far what is stored follows the rules, for every tag that was heard of."""
    carried = set(_carried(database))
    states = {
        row["tag"]: TagState(
            row["tag"],
            row["tag"] in carried,
            used=row["used"],
            applied=row["applied"],
            mixed=bool(row["mixed"]),
            target=row["target"],
            held=row["held"],
        )
        for row in database.rows("SELECT * FROM tag_state ORDER BY tag")
    }
    others = (TagState(tag, carried=True) for tag in sorted(carried - states.keys()))
    return TagStates(_has_entries(database), (*states.values(), *others))


def _carried(database: Database) -> list[str]:
    """Return the tags that entries carry: a look into the index for each, not for every entry."""
    first = "SELECT min(tag) FROM entry_tag WHERE removed IS NULL"
    rows = database.rows(
        f"WITH RECURSIVE carried(tag) AS ({first} UNION ALL"
        f" SELECT ({first} AND tag > carried.tag) FROM carried WHERE carried.tag IS NOT NULL)"
        " SELECT tag FROM carried WHERE tag IS NOT NULL"
    )
    return [row["tag"] for row in rows]


def _has_entries(database: Database) -> bool:
    return database.value("SELECT 1 FROM entry LIMIT 1") is not None
