"""What every store does with feeds that move, and with hosts that want https alone."""

from datetime import timedelta

from aggregator.model.feeds import Moving
from aggregator.model.fetching import Hop, Strict
from aggregator.model.polls import Asked
from aggregator.store.base import Store
from tests.builders import FEED, NOW, entry, refresh, subscription, tagged
from tests.store.steps import LATER, claim, health, newest, poll, subscribe, titles

NEW = "https://moved.example/feed.xml"
OTHER = "https://other.example/feed.xml"


def told(strict: Strict, at: timedelta = timedelta(0)) -> tuple[Asked, ...]:
    hop = Hop(f"https://{strict.host}/feed", NOW + at, 0.1, strict=strict)
    return (Asked(hop, "poll", ""),)


class MovingContract:
    def test_a_feed_is_requested_at_its_new_address_from_then_on(self, store: Store) -> None:
        subscribe(store)
        poll(store, fetch_url=NEW)
        subscribe(store)  # the configuration says what it always said
        state = claim(store, at=LATER)
        assert (state.key, state.url, state.fetch_url) == (FEED, FEED, NEW)
        assert state.validators.etag == b'"1"'

    def test_another_location_in_the_configuration_goes_before_it(self, store: Store) -> None:
        subscribe(store, subscription(name="News"))
        poll(store, fetch_url=NEW, moving=Moving(OTHER, 1, NOW))
        subscribe(store, subscription(OTHER, name="News"))
        state = claim(store, at=LATER)
        assert (state.key, state.fetch_url, state.moving) == (FEED, OTHER, None)

    def test_a_feed_that_moves_to_where_another_is_gives_way_to_it(self, store: Store) -> None:
        subscribe(store, subscription(), subscription(NEW, name="The same"))
        poll(store, fetch_url=NEW, new=(tagged(entry("Kept")),), due_reason="…")
        found = health(store)
        assert (found.status, found.fetch_url) == ("stopped", FEED)
        assert found.due_reason == f"stopped: it has moved to {NEW}, which is polled as 'The same'"
        assert titles(newest(store)) == ["Kept"]
        assert [state.key for state in store.claim(LATER, 9, lease=timedelta(1))] == [NEW]

    def test_it_is_polled_again_when_that_one_is_no_longer_wanted(self, store: Store) -> None:
        subscribe(store, subscription(), subscription(NEW, name="The same"))
        poll(store, fetch_url=NEW)
        subscribe(store, subscription(), at=LATER)
        found = health(store)
        assert (found.status, found.due_at) == ("active", LATER)
        assert claim(store, at=LATER).moving is None

    def test_of_two_that_move_to_one_place_the_first_takes_it(self, store: Store) -> None:
        subscribe(store, subscription(), subscription(OTHER))
        learned = [refresh(claim(store, key), fetch_url=NEW) for key in (FEED, OTHER)]
        assert store.apply(learned) == (FEED, OTHER)
        assert [(health(store, key).status) for key in (FEED, OTHER)] == ["active", "stopped"]
        assert health(store).fetch_url == NEW

    def test_nobody_gives_way_to_a_feed_that_is_not_polled(self, store: Store) -> None:
        subscribe(store, subscription(), subscription(NEW))
        poll(store, NEW, stopped=True)
        poll(store, fetch_url=NEW)
        assert health(store).status == "active"

    def test_what_hosts_say_of_https_is_kept_and_taken_back(self, store: Store) -> None:
        subscribe(store)
        year = timedelta(days=365)
        first = Strict("a.example", NOW + year, subdomains=True)
        second = Strict("b.example", NOW + year)
        poll(store, asked=told(first) + told(second) + told(Strict("c.example", NOW)))
        assert sorted(store.strict_hosts(), key=lambda each: each.host) == [first, second]
        poll(store, asked=told(Strict("a.example", NOW + 2 * year)), at=LATER)
        poll(store, asked=told(Strict("b.example", NOW)), at=LATER)
        assert store.strict_hosts() == (Strict("a.example", NOW + 2 * year),)
