"""Entries that their publisher has withdrawn: kept, but neither found nor counted.

A feed that says that it is complete (RFC 5005 §2) withdraws what it does not hold.
"""

from collections.abc import Collection
from datetime import datetime

from aggregator.store.database import AMONG, Database, listed
from aggregator.store.times import stamp

THERE = "entry.number NOT IN (SELECT entry FROM retracted)"
"""What holds for the entries that are not withdrawn."""


def bring_back(database: Database, ids: Collection[str]) -> None:
    """Take it that entries are there, by their ids, whatever was said of them before."""
    database.execute(
        f"DELETE FROM retracted WHERE entry IN (SELECT number FROM entry WHERE id {AMONG})",
        (listed(ids),),
    )


def withdraw_others(database: Database, feed: int, present: Collection[str], at: datetime) -> None:
    """Take it that all entries of a feed but these were withdrawn; those that were stay so."""
    database.execute(
        "INSERT INTO retracted (entry, at) SELECT number, ? FROM entry"
        f" WHERE feed = ? AND id NOT {AMONG} ON CONFLICT DO NOTHING",
        (stamp(at), feed, listed(present)),
    )
