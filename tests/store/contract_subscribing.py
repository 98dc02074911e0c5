"""What every store does with the subscriptions of the configuration."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.errors import UsageError
from aggregator.model.feeds import Rhythm, Subscription, Validators
from aggregator.store.base import Store
from tests.builders import FEED, NOW, entry, feed, refresh, subscription, tagged
from tests.store.steps import LATER, LEASE, claim, health, newest, poll, subscribe

OTHER = "https://other.example/feed.xml"
MOVED = "https://moved.example/feed.xml"


class SubscribingContract:
    def test_a_new_subscription_is_due_at_once(self, store: Store) -> None:
        subscribe(store, subscription(labels=("wire", "africa"), interval=timedelta(hours=2)))
        (state,) = store.claim(NOW, 10, lease=LEASE)
        assert (state.key, state.fetch_url, state.name) == (FEED, FEED, FEED)
        assert state.labels == ("wire", "africa")
        assert state.interval == timedelta(hours=2)
        assert state.due_at == NOW
        assert state.rhythm == Rhythm()
        assert (state.last_poll_at, state.last_success_at) == (None, None)
        assert (state.body_hash, state.title) == (None, None)

    def test_a_feed_is_called_by_its_configured_name(self, store: Store) -> None:
        subscribe(store, subscription(name="Wire"))
        poll(store, feed=feed("The Feed's Own Title"))
        assert health(store).name == "Wire"
        assert health(store).title == "The Feed's Own Title"

    def test_a_feed_without_a_name_is_called_by_its_title_when_it_was_first_read(
        self, store: Store
    ) -> None:
        subscribe(store)
        poll(store, feed=feed("First Title"))
        poll(store, feed=feed("Later Title"))
        assert health(store).name == "First Title"
        assert health(store).title == "Later Title"
        assert claim(store).name == "First Title"

    def test_a_feed_without_name_and_title_goes_by_its_address_never_by_its_password(
        self, store: Store
    ) -> None:
        secret = "https://user:secret@news.example/rss"
        subscribe(store, subscription(secret))
        assert health(store, secret).name == "https://news.example/rss"
        poll(store, secret, feed=feed(""))
        assert health(store, secret).name == "https://news.example/rss"
        subscribe(store, subscription(secret, labels=("wire",)))
        assert health(store, secret).name == "https://news.example/rss"

    def test_a_name_taken_out_of_the_configuration_gives_way_to_the_title(
        self, store: Store
    ) -> None:
        subscribe(store, subscription(name="Wire"))
        poll(store, feed=feed("Title"))
        subscribe(store, subscription())
        assert health(store).name == "Title"

    def test_new_names_and_labels_touch_no_schedule(self, store: Store) -> None:
        subscribe(store)
        poll(store, due_at=LATER, due_reason="learned")
        subscribe(store, subscription(name="New", labels=("wire",)), at=NOW)
        found = health(store)
        assert (found.name, found.labels) == ("New", ("wire",))
        assert (found.due_at, found.due_reason) == (LATER, "learned")

    def test_a_subscription_that_is_gone_is_archived_and_its_entries_stay(
        self, store: Store
    ) -> None:
        subscribe(store)
        poll(store, new=(tagged(),))
        subscribe(store, subscription(OTHER))
        assert health(store).status == "archived"
        assert health(store, OTHER).status == "active"
        assert len(newest(store)) == 1

    def test_an_archived_feed_is_never_claimed(self, store: Store) -> None:
        subscribe(store)
        store.subscribe((), NOW)
        assert store.claim(LATER, 10, lease=LEASE) == ()
        assert store.claim(LATER, 10, lease=LEASE, keys=[FEED]) == ()

    def test_a_subscription_that_came_back_is_active_again(self, store: Store) -> None:
        subscribe(store)
        poll(store, stopped=True)
        store.subscribe((), NOW)
        subscribe(store)
        assert health(store).status == "active"

    def test_a_paused_feed_is_never_claimed_and_keeps_its_schedule(self, store: Store) -> None:
        subscribe(store)
        poll(store, due_at=LATER)
        subscribe(store, subscription(paused=True))
        assert health(store).status == "paused"
        assert store.claim(LATER, 10, lease=LEASE) == ()
        assert store.claim(LATER, 10, lease=LEASE, keys=[FEED]) == ()
        subscribe(store)
        assert health(store).due_at == LATER

    def test_a_shorter_interval_makes_a_feed_due_sooner(self, store: Store) -> None:
        subscribe(store)
        poll(store, due_at=NOW + timedelta(hours=24))
        subscribe(store, subscription(interval=timedelta(minutes=15)))
        assert health(store).due_at == NOW + timedelta(minutes=15)
        assert "interval" in health(store).due_reason

    def test_a_longer_interval_does_not_put_off_a_planned_poll(self, store: Store) -> None:
        subscribe(store)
        poll(store, due_at=LATER, due_reason="learned")
        subscribe(store, subscription(interval=timedelta(hours=24)))
        assert (health(store).due_at, health(store).due_reason) == (LATER, "learned")

    def test_a_changed_interval_respects_what_the_publisher_asked_for(self, store: Store) -> None:
        subscribe(store)
        rhythm = Rhythm(fresh_until=NOW + timedelta(hours=2), not_before=NOW + timedelta(hours=3))
        poll(store, due_at=NOW + timedelta(hours=9), rhythm=rhythm)
        subscribe(store, subscription(interval=timedelta(minutes=15)))
        assert health(store).due_at == NOW + timedelta(hours=3)

    def test_the_same_configuration_again_changes_nothing(self, store: Store) -> None:
        wanted = subscription(name="Wire", labels=("a", "b"), interval=timedelta(hours=2))
        subscribe(store, wanted)
        poll(store, due_at=LATER + timedelta(hours=5))
        before = store.feeds()
        subscribe(store, wanted, at=LATER)
        assert store.feeds() == before

    def test_a_changed_location_drops_the_validators_and_is_due_at_once(self, store: Store) -> None:
        subscribe(store, subscription("feed.xml", location="file:///old/feed.xml"))
        poll(store, "feed.xml", due_at=LATER, rhythm=Rhythm(not_before=LATER, failures=3))
        subscribe(store, subscription("feed.xml", location="file:///new/feed.xml"), at=NOW)
        (state,) = store.claim(NOW, 1, lease=LEASE)
        assert state.fetch_url == "file:///new/feed.xml"
        assert state.validators == Validators()
        assert state.body_hash is None
        assert state.rhythm.not_before is None
        assert state.rhythm.failures == 0

    def test_a_poll_of_the_old_location_under_way_is_left_out(self, store: Store) -> None:
        subscribe(store, subscription("feed.xml", location="file:///old/feed.xml"))
        state = claim(store, "feed.xml")
        subscribe(store, subscription("feed.xml", location="file:///new/feed.xml"))
        assert store.apply([refresh(state)]) == ()

    def test_a_changed_url_under_the_same_name_keeps_key_and_history(self, store: Store) -> None:
        subscribe(store, subscription(name="Wire"))
        poll(store, new=(tagged(),))
        subscribe(store, subscription(MOVED, name="Wire"), at=LATER)
        (state,) = store.claim(LATER, 10, lease=LEASE)
        assert (state.key, state.fetch_url, state.validators) == (FEED, MOVED, Validators())
        assert len(newest(store)) == 1
        subscribe(store, subscription(MOVED), at=LATER)
        assert [each.key for each in store.feeds()] == [FEED]

    def test_another_spelling_of_the_same_location_changes_nothing_but_the_url(
        self, store: Store
    ) -> None:
        subscribe(store, subscription("feed.xml", location="file:///news/feed.xml"))
        poll(store, "feed.xml", new=(tagged(entry(feed="feed.xml")),), due_at=LATER)
        before = store.feeds()
        subscribe(store, subscription("./feed.xml", location="file:///news/feed.xml"))
        assert [replace(each, url="feed.xml") for each in store.feeds()] == list(before)
        assert claim(store, "feed.xml").validators != Validators()

    def test_a_feed_that_is_moved_stays_the_same_whatever_its_new_address(
        self, store: Store
    ) -> None:
        subscribe(store, subscription(), subscription(OTHER))
        poll(store, new=(tagged(),))
        store.move(FEED, MOVED, lambda: [subscription(MOVED), subscription(OTHER)], LATER)
        state = claim(store, FEED)
        assert (state.fetch_url, state.url, state.validators) == (MOVED, MOVED, Validators())
        assert {each.key: each.status for each in store.feeds()} == {
            FEED: "active",
            OTHER: "active",
        }
        assert len(newest(store)) == 1

    def test_an_edit_that_fails_changes_nothing(self, store: Store) -> None:
        subscribe(store, subscription())
        before = store.feeds()

        def edit() -> list[Subscription]:
            raise UsageError("No.")

        with pytest.raises(UsageError):
            store.subscribe_by(edit, LATER)
        with pytest.raises(UsageError):
            store.move(FEED, MOVED, edit, LATER)
        assert store.feeds() == before
        store.subscribe_by(lambda: [subscription(), subscription(OTHER)], LATER)
        assert {each.key: each.due_at for each in store.feeds()} == {FEED: NOW, OTHER: LATER}

    def test_two_feeds_of_one_name_are_not_mistaken_for_a_changed_url(self, store: Store) -> None:
        subscribe(store, subscription(name="Wire"), subscription(OTHER, name="Wire"))
        subscribe(store, subscription(MOVED, name="Wire"))
        assert {each.key: each.status for each in store.feeds()} == {
            FEED: "archived",
            OTHER: "archived",
            MOVED: "active",
        }

    def test_an_old_url_may_be_subscribed_anew_beside_the_feed_that_left_it(
        self, store: Store
    ) -> None:
        subscribe(store, subscription(name="Wire"))
        poll(store, new=(tagged(entry("Old")),))
        moved = subscription(MOVED, name="Wire")
        subscribe(store, moved)
        subscribe(store, moved, subscription(FEED))
        assert [each.fetch_url for each in store.feeds()].count(FEED) == 1
        assert len({each.key for each in store.feeds()}) == 2

    def test_a_new_feed_is_told_apart_from_a_removed_one_with_another_name(
        self, store: Store
    ) -> None:
        subscribe(store, subscription(name="Wire"))
        subscribe(store, replace(subscription(OTHER), name="Other"))
        assert {each.key for each in store.feeds()} == {FEED, OTHER}
