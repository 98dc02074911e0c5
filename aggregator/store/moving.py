"""Feeds that have moved to where another feed is: one of the two is enough."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from aggregator.model.feeds import Moving, Validators
from aggregator.model.polls import Refresh
from aggregator.store.database import AMONG, Database, Row, listed
from aggregator.store.times import stamp
from aggregator.urls import without_credentials


def merged(
    database: Database, refreshes: Sequence[Refresh], rows: Mapping[str, Row]
) -> list[Refresh]:
    """Return the refreshes, those stopped whose new address another feed has already.

    Their entries stay, and nothing is asked for twice. Of several that move to one place the
    first takes it. ``rows`` are the feeds as they were, by their keys.
    """
    moves = [each for each in refreshes if each.fetch_url != rows[each.key]["fetch_url"]]
    if not moves:
        return list(refreshes)
    names = {
        row["fetch_url"]: row["name"]
        for row in database.rows(
            "SELECT fetch_url, name FROM feed WHERE status IN ('active', 'paused')"
            f" AND fetch_url {AMONG} AND NOT key {AMONG}",
            (listed(each.fetch_url for each in moves), listed(each.key for each in moves)),
        )
    }
    told = []
    for each in refreshes:
        row = rows[each.key]
        if each not in moves:
            told.append(each)
        elif each.fetch_url in names:
            told.append(_given_way(each, row["fetch_url"], names[each.fetch_url]))
        else:
            names[each.fetch_url] = row["name"]
            told.append(each)
    return told


def resume(database: Database, dropped: Collection[int], now: datetime) -> None:
    """Poll those again that gave way to a feed which the configuration no longer has."""
    database.execute(
        "UPDATE feed SET stopped = 0, moving = NULL, due_at = ?,"
        " due_reason = 'the feed that it gave way to is no longer polled'"
        " WHERE stopped AND json_extract(moving, '$.target') IN ("
        f" SELECT fetch_url FROM feed WHERE number {AMONG})",
        (stamp(now), listed(dropped)),
    )


def _given_way(refresh: Refresh, fetch_url: str, name: str) -> Refresh:
    """Return what becomes of a feed that is polled already, as ``name``."""
    target = refresh.fetch_url
    shown = without_credentials(target)
    return replace(
        refresh,
        fetch_url=fetch_url,
        validators=Validators(),
        moving=Moving(target, -1, refresh.poll.ended_at),
        stopped=True,
        due_reason=f"stopped: it has moved to {shown}, which is polled as {name!r}",
    )
