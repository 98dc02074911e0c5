"""How we stand with hubs, as it is kept; and what of that a feed's own row must know."""

from collections.abc import Iterable
from datetime import datetime

from aggregator.model.fetching import Distrust, Hub, Offer
from aggregator.store.database import Database, Row
from aggregator.store.rows import Columns
from aggregator.store.times import instant, instant_if, stamp, stamp_if
from aggregator.websub.subscription import Callback, Prospect, Push, Standing

_ACTIVE = frozenset({"active"})


# --- what polls learn ----------------------------------------------------------------------------


def offer_columns(row: Row, offer: Offer, now: datetime) -> Columns:
    """Return what becomes of a feed's row whose document offers this.

    Something is to be done if it offers another hub than before, or one of which nobody thinks.
    """
    url, topic = (offer.hub.url, offer.hub.topic) if offer.hub else (None, None)
    is_other = (url, topic) != (row["hub"], row["topic"])
    is_forgotten = offer.hub is not None and row["push_at"] is None
    return {
        "hub": url,
        "topic": topic,
        "cloud": offer.cloud,
        "push_at": stamp(now) if is_other or is_forgotten else row["push_at"],
    }


def distrust(database: Database, feeds: Iterable[tuple[int, Distrust]]) -> None:
    """Rely no more on the hubs of these feeds, until the day that is told."""
    told = [(number, stamp(each.until), each.sentence) for number, each in feeds]
    database.execute_many(
        "UPDATE push SET standing = 'distrusted', distrusted_until = ?2, ask_at = ?2,"
        " since = NULL, pending_token = NULL, sentence = ?3"
        " WHERE feed = ?1",
        told,
    )
    database.execute_many(
        "UPDATE feed SET push_at = ?2, pushed_since = NULL, pushed_until = NULL WHERE number = ?1",
        [(number, until) for number, until, _ in told],
    )


# --- what hubs are asked and tell ----------------------------------------------------------------


def prospects(database: Database, now: datetime, limit: int) -> tuple[Prospect, ...]:
    """Return the feeds about whose hub there is something to do, the longest due first."""
    rows = database.rows(
        f"{_FEEDS} WHERE push_at <= ? ORDER BY push_at, feed.number LIMIT ?", (stamp(now), limit)
    )
    return tuple(_prospect_from(row) for row in rows)


def prospect(database: Database, key: str) -> Prospect | None:
    """Return what there is about a feed's hub, None without such a feed."""
    rows = database.rows(f"{_FEEDS} WHERE key = ?", (key,))
    return next((_prospect_from(row) for row in rows), None)


def called(database: Database, token: str) -> Prospect | None:
    """Return whose callback has this token."""
    rows = database.rows(
        f"{_FEEDS} WHERE feed.number IN (SELECT feed FROM push WHERE pending_token = ?1"
        " UNION SELECT feed FROM push WHERE live_token = ?1)",
        (token,),
    )
    return next((_prospect_from(row) for row in rows), None)


def keep(database: Database, push: Push) -> None:
    """Store how we stand with a feed's hub.

    If the feed was pushed and is no more, it is due when it would have been without a hub.
    """
    row = next(iter(database.rows("SELECT * FROM feed WHERE key = ?", (push.key,))), None)
    if row is None:
        return
    columns = _columns_from(push)
    updates = ", ".join(f"{name} = excluded.{name}" for name in columns)
    database.execute(
        f"INSERT INTO push (feed, {', '.join(columns)}) VALUES (?{', ?' * len(columns)})"
        f" ON CONFLICT (feed) DO UPDATE SET {updates}",
        (row["number"], *columns.values()),
    )
    pushed = push.pushed
    database.update(
        "feed",
        [
            {
                "number": row["number"],
                "push_at": stamp(push.act_at),
                "pushed_since": stamp(pushed.since) if pushed else None,
                "pushed_until": stamp(pushed.until) if pushed else None,
                **({} if pushed else _without_hub(row)),
            }
        ],
    )


def postpone(database: Database, until: Iterable[tuple[str, datetime]]) -> None:
    """Do nothing about the hubs of these feeds before their times."""
    database.execute_many(
        "UPDATE feed SET push_at = ? WHERE key = ?", ((stamp(at), key) for key, at in until)
    )


def move(database: Database, address: str, now: datetime) -> None:
    """See to it that hubs are told where we are, if they were told something else."""
    database.execute(
        "UPDATE feed SET push_at = ?1 WHERE push_at > ?1 AND number IN"
        " (SELECT feed FROM push WHERE live_address <> ?2 OR pending_address <> ?2)",
        (stamp(now), address),
    )


def is_anybody_told_otherwise(database: Database, address: str) -> bool:
    """Tell whether `move` would change anything."""
    return bool(
        database.value(
            "SELECT EXISTS (SELECT 1 FROM push WHERE live_address <> ?1 OR pending_address <> ?1)",
            (address,),
        )
    )


def is_any_relied_on(database: Database) -> bool:
    """Tell whether `forget_all` would change anything."""
    return bool(database.value("SELECT EXISTS (SELECT 1 FROM feed WHERE pushed_until IS NOT NULL)"))


def forget(database: Database, key: str) -> None:
    """Keep nothing about a feed's hub but what its document offers."""
    _forget(database, list(database.rows("SELECT * FROM feed WHERE key = ?", (key,))))


def forget_all(database: Database) -> None:
    """Do the same for every feed that a hub tells us of."""
    _forget(database, list(database.rows("SELECT * FROM feed WHERE pushed_until IS NOT NULL")))


def _forget(database: Database, rows: Iterable[Row]) -> None:
    for row in rows:
        database.execute("DELETE FROM push WHERE feed = ?", (row["number"],))
        nothing = {"push_at": None, "pushed_since": None, "pushed_until": None}
        database.update("feed", [{"number": row["number"], **nothing, **_without_hub(row)}])


def _without_hub(row: Row) -> Columns:
    """Return when a feed that was pushed is due without that; nothing if it was not."""
    if row["pushed_until"] is None or row["unpushed_due_at"] is None:
        return {}
    if row["unpushed_due_at"] >= row["due_at"]:
        return {}
    return {
        "due_at": row["unpushed_due_at"],
        "due_reason": "its hub does not tell us any more",
        "unpushed_due_at": None,
    }


# --- rows ----------------------------------------------------------------------------------------

_FEEDS = (
    "SELECT feed.key, feed.status, feed.hub AS offered_hub, feed.topic AS offered_topic, push.*"
    " FROM feed LEFT JOIN push ON push.feed = feed.number"
)


def _prospect_from(row: Row) -> Prospect:
    offered = row["offered_hub"]
    return Prospect(
        key=row["key"],
        is_active=row["status"] in _ACTIVE,
        hub=None if offered is None else Hub(offered, row["offered_topic"]),
        push=None if row["standing"] is None else _push_from(row),
    )


def _push_from(row: Row) -> Push:
    return Push(
        key=row["key"],
        hub=Hub(row["hub"], row["topic"]),
        standing=Standing(row["standing"]),
        requested_at=instant(row["requested"]),
        ask_at=instant(row["ask_at"]),
        pending=_callback_from(row, "pending"),
        live=_callback_from(row, "live"),
        since=instant_if(row["since"]),
        verified_at=instant_if(row["verified"]),
        lease_until=instant_if(row["lease_until"]),
        distrusted_until=instant_if(row["distrusted_until"]),
        last_delivery_at=instant_if(row["last_delivery"]),
        attempts=row["attempts"],
        sentence=row["sentence"],
    )


def _callback_from(row: Row, name: str) -> Callback | None:
    token = row[f"{name}_token"]
    if token is None:
        return None
    return Callback(token, row[f"{name}_secret"], row[f"{name}_address"])


def _callback_columns(name: str, callback: Callback | None) -> Columns:
    return {
        f"{name}_token": callback and callback.token,
        f"{name}_secret": callback and callback.secret,
        f"{name}_address": callback and callback.address,
    }


def _columns_from(push: Push) -> Columns:
    return {
        "hub": push.hub.url,
        "topic": push.hub.topic,
        "standing": push.standing.value,
        "requested": stamp(push.requested_at),
        "ask_at": stamp(push.ask_at),
        **_callback_columns("pending", push.pending),
        **_callback_columns("live", push.live),
        "since": stamp_if(push.since),
        "verified": stamp_if(push.verified_at),
        "lease_until": stamp_if(push.lease_until),
        "distrusted_until": stamp_if(push.distrusted_until),
        "last_delivery": stamp_if(push.last_delivery_at),
        "attempts": push.attempts,
        "sentence": push.sentence,
    }
