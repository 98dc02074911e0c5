"""The contract of a store that is watched over: what it tells of itself."""

from datetime import timedelta

from aggregator.store.base import Store
from aggregator.store.measures import Ended
from aggregator.store.webhooks import Webhook
from tests.builders import NOW, entry, poll_record, subscription, tag, tagged
from tests.store.steps import claim, fail, poll, subscribe

OTHER = "https://other.example/feed.xml"


class MeteringContract:
    """What is measured, and what is left out."""

    def test_an_empty_store_measures_nothing(self, store: Store) -> None:
        told = store.measures(NOW)
        assert (told.feeds, told.due, told.overdue, told.last) == ((), 0, timedelta(), ())
        assert (told.entries, told.polls, told.durations) == (0, 0, ())
        assert told.size_bytes > 0

    def test_feeds_are_counted_and_how_their_polls_ended(self, store: Store) -> None:
        subscribe(store, subscription(), subscription(OTHER))
        took = poll_record(started_at=NOW - timedelta(seconds=3), ended_at=NOW, body_bytes=70)
        poll(store, new=(tagged(entry("News"), tags=(tag("mali"),)),), poll=took)
        fail(store, OTHER)
        told = store.measures(NOW)
        assert told.feeds == (("active", 2),)
        assert told.polls == 2
        assert told.last == told.recent == (Ended("failed", "timeout", 1), Ended("new", "", 1))
        assert told.durations == (timedelta(), timedelta(seconds=3))
        assert (told.entries, told.tags) == (1, (("mali", 1),))

    def test_what_is_long_ago_is_no_recent_poll(self, store: Store) -> None:
        subscribe(store)
        poll(store)
        told = store.measures(NOW + timedelta(hours=1))
        assert (len(told.last), told.recent, told.durations) == (1, (), ())

    def test_feeds_wait_from_when_they_are_due_until_somebody_has_them(self, store: Store) -> None:
        subscribe(store, subscription(), subscription(OTHER))
        later = NOW + timedelta(hours=2)
        assert (store.measures(later).due, store.measures(later).overdue) == (2, later - NOW)
        claim(store, at=later)
        assert store.measures(later).due == 1

    def test_a_webhook_waits_from_when_a_poll_tagged_what_it_was_not_told_of(
        self, store: Store
    ) -> None:
        subscribe(store)
        poll(store)
        store.follow_webhooks(["desk"], NOW)
        assert store.measures(NOW).untold == (("desk", timedelta()),)
        at = NOW + timedelta(minutes=1)
        poll(store, at=at, new=(tagged(entry("News"), tags=(tag("mali"),)),))
        later = at + timedelta(minutes=2)
        assert store.measures(later).untold == (("desk", timedelta(minutes=2)),)
        reached = store.newly_tagged(0, 10).end
        store.keep_webhook(Webhook("desk", reached, 0, NOW), None)
        assert store.measures(later).untold == (("desk", timedelta()),)
