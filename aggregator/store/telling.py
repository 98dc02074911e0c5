"""Webhooks in SQLite: which entries polls have tagged, and who has been told of them."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime, timedelta

from aggregator.store import loading
from aggregator.store.database import AMONG, Database, listed
from aggregator.store.retracting import THERE
from aggregator.store.times import instant, stamp
from aggregator.store.webhooks import NewlyTagged, Stretch, Webhook

_BY_POLLS = "cause = 'poll' AND removed IS NULL"


def follow(database: Database, names: Collection[str], now: datetime) -> None:
    """Know these webhooks and no others."""
    database.execute(f"DELETE FROM webhook WHERE name NOT {AMONG}", (listed(names),))
    database.execute(
        "INSERT OR IGNORE INTO webhook (name, reached, failures, due_at)"
        " SELECT value, (SELECT coalesce(max(number), 0) FROM entry_tag), 0, ? FROM json_each(?)",
        (stamp(now), listed(names)),
    )


def every(database: Database) -> tuple[Webhook, ...]:
    """Return all that are known."""
    return tuple(
        Webhook(row["name"], row["reached"], row["failures"], instant(row["due_at"]))
        for row in database.rows("SELECT * FROM webhook ORDER BY name")
    )


def newly_tagged(database: Database, behind: int, limit: int) -> Stretch:
    """Return the next entries that polls have tagged."""
    rows = list(
        database.rows(
            f"SELECT entry_tag.number, entry FROM entry_tag JOIN entry ON entry.number = entry"
            f" WHERE entry_tag.number > ? AND {_BY_POLLS} AND {THERE}"
            " ORDER BY entry_tag.number LIMIT ?",
            (behind, limit),
        )
    )
    if len(rows) < limit:
        end = int(database.value("SELECT coalesce(max(number), 0) FROM entry_tag"))
    else:
        end = int(rows[-1]["number"])
    first: dict[int, int] = {}
    for row in rows:
        first.setdefault(row["entry"], row["number"])
    given = _given(database, first)
    found = zip(first, loading.load(database, tuple(first)), strict=True)
    told = [NewlyTagged(first[entry], subject, given[entry]) for entry, subject in found]
    return Stretch(told, max(end, behind))


def untold(database: Database, now: datetime) -> tuple[tuple[str, timedelta], ...]:
    """Return for how long the first entry waits that each webhook has not been told of."""
    rows = database.rows(
        "SELECT name, (SELECT added FROM entry_tag JOIN entry ON entry.number = entry"
        f" WHERE entry_tag.number > reached AND {_BY_POLLS} AND {THERE}"
        " ORDER BY entry_tag.number LIMIT 1) AS since FROM webhook ORDER BY name"
    )
    return tuple(
        (row["name"], now - instant(row["since"]) if row["since"] else timedelta()) for row in rows
    )


def keep(database: Database, webhook: Webhook, sent: str | None) -> None:
    """Store how far a webhook has been told, if it is still known."""
    columns = asdict(webhook) | {"due_at": stamp(webhook.due_at)}
    is_known = database.execute(
        "UPDATE webhook SET reached = ?, failures = ?, due_at = ? WHERE name = ?",
        [columns[name] for name in ("reached", "failures", "due_at", "name")],
    )
    if is_known and sent is not None:
        database.execute("INSERT OR IGNORE INTO webhook_sent VALUES (?, ?)", (webhook.name, sent))


def was_sent(database: Database, webhook: str, entry_id: str) -> bool:
    """Tell whether a webhook has taken an entry."""
    asked = "SELECT count(*) FROM webhook_sent WHERE webhook = ? AND entry = ?"
    return bool(database.value(asked, (webhook, entry_id)))


def _given(database: Database, entries: Collection[int]) -> dict[int, frozenset[str]]:
    given: dict[int, set[str]] = {entry: set() for entry in entries}
    rows = database.rows(
        f"SELECT entry, tag FROM entry_tag WHERE {_BY_POLLS} AND entry {AMONG}", (listed(entries),)
    )
    for row in rows:
        given[row["entry"]].add(row["tag"])
    return {entry: frozenset(tags) for entry, tags in given.items()}
