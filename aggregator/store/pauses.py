"""Sites that have told us to stay away: all their feeds wait."""

from collections.abc import Iterable
from datetime import datetime

from aggregator.cadence.spreading import spread
from aggregator.model.feeds import Pause
from aggregator.store.database import AMONG, Database, listed
from aggregator.store.times import instant, stamp


def in_force(database: Database, now: datetime) -> dict[str, Pause]:
    """Return the pauses that have not ended, by their domains."""
    rows = database.rows("SELECT * FROM pause WHERE until > ?", (stamp(now),))
    return {
        row["domain"]: Pause(row["domain"], instant(row["until"]), row["reason"]) for row in rows
    }


def begin(database: Database, pauses: Iterable[Pause], now: datetime) -> None:
    """Leave these sites alone; where that is so already, for the longer of the two times."""
    database.execute("DELETE FROM pause WHERE until <= ?", (stamp(now),))
    database.execute_many(
        "INSERT INTO pause (domain, until, reason) VALUES (?, ?, ?) ON CONFLICT (domain)"
        " DO UPDATE SET until = excluded.until, reason = excluded.reason"
        " WHERE excluded.until > until",
        [(pause.domain, stamp(pause.until), pause.reason) for pause in pauses],
    )


def keep_away(database: Database, domains: Iterable[str | None], now: datetime) -> None:
    """Put off the feeds of these sites that are due before their pauses end.

    They come back spread over a tenth of the pause, each at a place of its own.
    """
    paused = {name: pause for name, pause in in_force(database, now).items() if name in {*domains}}
    if not paused:
        return
    rows = database.rows(
        "SELECT feed.number, feed.key, feed.domain FROM feed JOIN pause USING (domain)"
        f" WHERE feed.domain {AMONG} AND feed.status = 'active' AND feed.due_at < pause.until",
        (listed(paused),),
    )
    put_off = [
        {
            "number": row["number"],
            "due_at": stamp(spread(row["key"], now, paused[row["domain"]].until - now)),
            "due_reason": paused[row["domain"]].reason,
        }
        for row in rows
    ]
    database.update("feed", put_off)
