"""Whether a hub has kept something from us: what a poll of its feed shows that it did not push."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from aggregator.model.entries import Entry, KnownEntry
from aggregator.model.feeds import Pushed

GRACE = timedelta(minutes=10)
"""How late a hub may be."""


@dataclass(frozen=True, slots=True)
class Audit:
    """A poll of a feed whose hub tells of its news: when it was made, and the last one before."""

    pushed: Pushed
    at: datetime
    before: datetime | None


def missed(
    new: Collection[Entry], document: Sequence[Entry], known: Sequence[KnownEntry], audit: Audit
) -> Entry | None:
    """Return an entry that its hub should have told us of by now, None if there is none.

    ``new`` are the entries of ``document`` that were not ``known``. One counts if it is dated
    after the hub began and longer ago than a hub may be late. One without a date counts if an
    entry stands above it that we have known for so long, in a document of which what we know
    shows that the newest stand on top. Anything less is no evidence.
    """
    late_at = audit.at - GRACE
    for entry in new:
        date = entry.published
        if date is not None and date.sure and audit.pushed.since <= date.at <= late_at:
            return entry
    undated = {entry.identity for entry in new if entry.published is None}
    # What was in the document before the hub began is new to us only if we had not looked since.
    if not undated or audit.before is None or audit.before < audit.pushed.since:
        return None
    return _passed_over(undated, document, known, late_at)


def _passed_over(
    undated: Collection[str],
    document: Sequence[Entry],
    known: Sequence[KnownEntry],
    late_at: datetime,
) -> Entry | None:
    """Return an undated entry below one that we have known for long, newest on top."""
    seen = {one.identity: one.first_seen_at for one in known}
    times = [seen[entry.identity] for entry in document if entry.identity in seen]
    if len(set(times)) < 2 or any(above < below for above, below in pairwise(times)):
        return None
    # Entries of one poll have one time, so that nothing says which of them is the newer.
    on_top = times[0]
    below_it = False
    for entry in document:
        if below_it and entry.identity in undated:
            return entry
        below_it |= seen.get(entry.identity) == on_top <= late_at
    return None
