"""Committing polls: everything that one or several of them learned, together."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from aggregator.domains import registrable
from aggregator.model.polls import Outcome, Refresh
from aggregator.store import (
    archives,
    arrivals,
    fingerprints,
    moving,
    pauses,
    pushes,
    requests,
    retracting,
    rulebook,
    strictness,
    turns,
)
from aggregator.store.archives import link_column
from aggregator.store.arrivals import Arrival
from aggregator.store.database import AMONG, Database, Row, listed
from aggregator.store.rows import (
    DESCRIPTION,
    Columns,
    description_columns,
    manners_column,
    moving_column,
    poll_columns,
    rhythm_columns,
)
from aggregator.store.times import stamp, stamp_if
from aggregator.store.words import name_words
from aggregator.urls import host, without_credentials

KEPT_POLLS = 200
"""How many polls of a feed are remembered one by one."""

_FAILED = frozenset({Outcome.FAILED, Outcome.GONE})


@dataclass(frozen=True, slots=True)
class _Accepted:
    """A refresh that still has the lease, and the feed's row from before it."""

    refresh: Refresh
    row: Row

    @property
    def number(self) -> int:
        return int(self.row["number"])


def apply(database: Database, refreshes: Sequence[Refresh]) -> tuple[str, ...]:
    """Store polls, as `Store.apply` says, within the caller's transaction."""
    # A visit whose feed somebody else has polled meanwhile is over as well.
    turns.end(database, [(refresh.key, refresh.token) for refresh in refreshes])
    accepted = _accepted(database, refreshes)
    if not accepted:
        return ()
    came = [arrival for each in accepted for arrival in _arrivals(each)]
    if came:
        arrivals.store(database, came)
        rulebook.note_arrivals(database)
    for each in accepted:
        _mark_present(database, each)
        archives.keep(database, each.refresh.walked, each.refresh.poll.ended_at)
    database.update("feed", [_feed_columns(each) for each in accepted])
    database.insert(
        "poll", [{"feed": each.number, **poll_columns(each.refresh.poll)} for each in accepted]
    )
    pushes.distrust(
        database,
        [(each.number, each.refresh.distrust) for each in accepted if each.refresh.distrust],
    )
    strictness.keep(database, [each.refresh for each in accepted])
    fingerprints.keep(
        database,
        [
            (each.number, each.refresh.fingerprints)
            for each in accepted
            if each.refresh.fingerprints
        ],
    )
    _forget_polls(database, accepted)
    _account(database, accepted)
    return tuple(each.refresh.key for each in accepted)


def _accepted(database: Database, refreshes: Sequence[Refresh]) -> list[_Accepted]:
    rows = {
        row["key"]: row
        for row in database.rows(
            f"SELECT * FROM feed WHERE key {AMONG} AND lease_token IS NOT NULL",
            (listed(refresh.key for refresh in refreshes),),
        )
    }
    # The first to be accepted ends the lease, so that a second has none.
    first: dict[str, Refresh] = {}
    for refresh in refreshes:
        if refresh.key in rows and rows[refresh.key]["lease_token"] == refresh.token:
            first.setdefault(refresh.key, refresh)
    kept = tuple(first.values())
    return [_Accepted(each, rows[each.key]) for each in moving.merged(database, kept, rows)]


def _arrivals(accepted: _Accepted) -> Iterator[Arrival]:
    refresh = accepted.refresh
    cause = "poll" if accepted.row["last_success"] else "first poll"
    if refresh.walked is not None:
        cause = "archive"
    for tagged in (*refresh.new, *refresh.changed):
        present = refresh.present is None or tagged.entry.id in refresh.present
        yield Arrival(accepted.number, tagged, refresh.poll.ended_at, cause, present)


def _mark_present(database: Database, accepted: _Accepted) -> None:
    refresh, feed = accepted.refresh, accepted.number
    came = {tagged.entry.id for tagged in (*refresh.new, *refresh.changed)}
    retracting.bring_back(database, came | (refresh.present or frozenset()))
    if refresh.present is None:
        return
    if refresh.complete:
        retracting.withdraw_others(database, feed, refresh.present, refresh.poll.ended_at)
    ids = listed(refresh.present)
    database.execute(
        f"UPDATE entry SET present = 0 WHERE feed = ? AND present AND id NOT {AMONG}",
        (feed, ids),
    )
    database.execute(
        f"UPDATE entry SET present = 1 WHERE NOT present AND id {AMONG}",
        (ids,),
    )


def _feed_columns(accepted: _Accepted) -> Columns:
    refresh, row = accepted.refresh, accepted.row
    ended = stamp(refresh.poll.ended_at)
    return {
        "number": accepted.number,
        **rhythm_columns(refresh.rhythm),
        **_description(accepted),
        **_offered(accepted),
        "earlier": link_column(refresh.earlier) if refresh.feed else row["earlier"],
        "etag": refresh.validators.etag,
        "last_modified": refresh.validators.last_modified,
        "validators_url": refresh.validators.url,
        "body_hash": refresh.body_hash,
        "document_bytes": _document_bytes(refresh, row),
        "admitted": refresh.admitted,
        "fetch_url": refresh.fetch_url,
        "host": host(refresh.fetch_url),
        **_place(refresh, row),
        "manners": manners_column(refresh.manners),
        "moving": moving_column(refresh.moving),
        **_schedule(refresh, row),
        "last_poll": ended if refresh.polled else row["last_poll"],
        "last_success": row["last_success"] if refresh.poll.outcome in _FAILED else ended,
        "polls": row["polls"] + 1,
        "lease_token": None,
        "lease_until": None,
    }


def _document_bytes(refresh: Refresh, row: Row) -> int:
    """Return the size of the feed's own document, if one was read: an archive is none."""
    was_read = refresh.polled and refresh.feed is not None
    return refresh.poll.body_bytes if was_read else int(row["document_bytes"])


def _schedule(refresh: Refresh, row: Row) -> Columns:
    """Return when the feed is due, if ever.

    What was no poll of it leaves that as it is by now: its interval may have been changed
    meanwhile, or its hub lost; and what is gone for good does not come back by its archive.
    """
    if not refresh.polled:
        return {name: row[name] for name in ("due_at", "due_reason", "stopped", "wait_seconds")}
    return {
        "due_at": stamp(refresh.due_at),
        "due_reason": refresh.due_reason,
        "stopped": refresh.stopped,
        "wait_seconds": (refresh.due_at - refresh.poll.ended_at).total_seconds(),
    }


def _offered(accepted: _Accepted) -> Columns:
    """Return what the document offers; what the last one did where no document was read."""
    refresh, row = accepted.refresh, accepted.row
    unpushed = stamp_if(refresh.unpushed_due_at) if refresh.polled else row["unpushed_due_at"]
    if refresh.feed is not None:
        offer = pushes.offer_columns(row, refresh.offer, refresh.poll.ended_at)
    else:
        offer = {column: row[column] for column in ("hub", "topic", "cloud", "push_at")}
    return {**offer, "unpushed_due_at": unpushed}


def _place(refresh: Refresh, row: Row) -> Columns:
    """Return what the feed's host shares with others: nothing, if it is one of our own."""
    domain = _domain(refresh)
    if domain is None:
        return {"domain": None, "address": None}
    name = host(refresh.fetch_url)
    reached = [each.hop.address for each in refresh.asked if host(each.hop.url) == name]
    known = row["address"] if row["host"] == name else None
    return {"domain": domain, "address": next(filter(None, reached), known)}


def _domain(refresh: Refresh) -> str | None:
    return None if refresh.admitted else registrable(host(refresh.fetch_url))


def _description(accepted: _Accepted) -> Columns:
    """Return what the feed says of itself; what it said last where no document was read."""
    feed, row = accepted.refresh.feed, accepted.row
    if feed is None:
        kept = (*DESCRIPTION, "first_title", "name", "name_words")
        return {column: row[column] for column in kept}
    first_title = row["first_title"] or feed.title or None
    name = row["configured_name"] or first_title or without_credentials(row["key"])
    return {
        **description_columns(feed),
        "first_title": first_title,
        "name": name,
        "name_words": name_words(name),
    }


def _account(database: Database, accepted: Sequence[_Accepted]) -> None:
    """Enter the requests, and what they say of hosts and sites beyond their feeds."""
    requests.keep(
        database, [(each.number, asked) for each in accepted for asked in each.refresh.asked]
    )
    for each in accepted:
        turns.note(database, each.refresh.asked, alone=each.refresh.admitted)
    now = max(each.refresh.poll.ended_at for each in accepted)
    begun = [each.refresh.pause for each in accepted if each.refresh.pause is not None]
    if begun:
        pauses.begin(database, begun, now)
    # Those just polled are due when their own answers say: that may be before a pause ends.
    sites = {_domain(each.refresh) for each in accepted} | {pause.domain for pause in begun}
    pauses.keep_away(database, sites, now)


def _forget_polls(database: Database, accepted: Iterable[_Accepted]) -> None:
    database.execute_many(
        "DELETE FROM poll WHERE feed = ? AND number <= ("
        " SELECT number FROM poll WHERE feed = ? ORDER BY number DESC LIMIT 1 OFFSET ?)",
        [(each.number, each.number, KEPT_POLLS) for each in accepted],
    )
