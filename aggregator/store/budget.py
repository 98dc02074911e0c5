"""The pace of all feeds together: what the daemon has found, and what the schedule comes to."""

from datetime import timedelta

from aggregator.cadence.pace import USUAL_KAPPA
from aggregator.store.database import Database


def kappa(database: Database) -> timedelta:
    """Return the pace that was kept last."""
    for row in database.rows("SELECT kappa_seconds FROM pace"):
        return timedelta(seconds=row["kappa_seconds"])
    return USUAL_KAPPA


def keep_kappa(database: Database, found: timedelta) -> None:
    """Keep another pace."""
    database.execute("DELETE FROM pace")
    database.insert("pace", [{"kappa_seconds": found.total_seconds()}])


def planned_rate(database: Database, *, own: bool) -> float:
    """Return the polls a second that the rests of today's schedule come to."""
    (row,) = database.rows(
        "SELECT total(1 / wait_seconds) AS rate FROM feed"
        " WHERE status = 'active' AND wait_seconds > 0 AND (? OR NOT admitted)",
        (own,),
    )
    return float(row["rate"])
