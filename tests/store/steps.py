"""What the tests of a store do over and over: subscribe, claim, poll, search."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from aggregator.model.entries import TaggedEntry
from aggregator.model.feeds import FeedState, Subscription
from aggregator.model.polls import Outcome
from aggregator.store.base import FeedHealth, Search, Store
from tests.builders import FEED, NOW, poll_record, refresh, subscription

LEASE = timedelta(minutes=5)
LATER = NOW + timedelta(hours=1)


def subscribe(store: Store, *subscriptions: Subscription, at: datetime = NOW) -> None:
    store.subscribe(subscriptions or (subscription(),), at)


def claim(store: Store, key: str = FEED, at: datetime = NOW) -> FeedState:
    (state,) = store.claim(at, 1, lease=LEASE, keys=[key])
    return state


def poll(store: Store, key: str = FEED, at: datetime = NOW, **changes: Any) -> None:
    """Claim a feed and apply what the poll learned, all at one instant."""
    record = poll_record(started_at=at, ended_at=at)
    learned = refresh(claim(store, key, at), **{"poll": record, **changes})
    assert store.apply([learned]) == (key,)


def fail(store: Store, key: str = FEED, at: datetime = NOW, **changes: Any) -> None:
    """Poll a feed that does not answer."""
    record = poll_record(
        started_at=at,
        ended_at=at,
        outcome=Outcome.FAILED,
        status=None,
        error_code="timeout",
        sentence="It did not answer within 60 s.",
    )
    poll(store, key, at, poll=record, feed=None, **changes)


def newest(store: Store, **changes: Any) -> tuple[TaggedEntry, ...]:
    return store.search(Search(now=NOW, **changes))


def knowing_twins(
    subjects: Sequence[TaggedEntry], feeds: Sequence[object]
) -> tuple[TaggedEntry, ...]:
    """Return entries that know whether another has their link too, in another of ``feeds``."""
    places = {(each.entry.canonical_link, feed) for each, feed in zip(subjects, feeds, strict=True)}
    linked = Counter(link for link, _ in places)
    linked[None] = 0
    return tuple(
        replace(each, duplicated=linked[each.entry.canonical_link] > 1) for each in subjects
    )


def titles(found: Iterable[TaggedEntry]) -> list[str]:
    return [each.entry.title for each in found]


def health(store: Store, key: str = FEED) -> FeedHealth:
    (found,) = (each for each in store.feeds() if each.key == key)
    return found
