"""What every store says of feeds that need the public internet, and of those that do not."""

from datetime import timedelta

from aggregator.model.feeds import Rhythm
from aggregator.store.base import Store
from tests.builders import NOW, subscription
from tests.store.steps import LATER, LEASE, claim, poll, subscribe

A, B, C = (f"https://{name}.example/feed" for name in "abc")
WIKI, FILE = "http://wiki.internal/feed", "feed.xml"


def subscribe_all(store: Store) -> None:
    subscribe(
        store,
        *(subscription(url) for url in (A, B, C, WIKI)),
        subscription("https://a.example/other"),
        subscription("https://paused.example/feed", paused=True),
        subscription(FILE, location="file:///feed.xml"),
    )
    poll(store, WIKI, admitted=True, due_at=NOW)


class NearnessContract:
    def test_a_probe_asks_about_hosts_of_the_public_internet_each_once(self, store: Store) -> None:
        subscribe_all(store)
        assert set(store.hosts_to_probe(9)) == {"a.example", "b.example", "c.example"}
        assert len(store.hosts_to_probe(2)) == 2

    def test_a_probe_asks_first_about_those_that_answered_the_longest_ago(
        self, store: Store
    ) -> None:
        subscribe_all(store)
        poll(store, "https://a.example/other", at=LATER)
        poll(store, A, at=LATER)
        poll(store, B, rhythm=Rhythm(failures=1))
        poll(store, C)
        assert store.hosts_to_probe(9) == ("c.example", "a.example", "b.example")

    def test_near_are_files_and_what_only_the_configuration_admits(self, store: Store) -> None:
        subscribe_all(store)
        assert set(store.due_nearby(NOW, 9)) == {WIKI, FILE}
        assert len(store.due_nearby(NOW, 1)) == 1
        assert store.due_nearby(NOW - timedelta(hours=1), 9) == ()
        claim(store, FILE)
        assert store.due_nearby(NOW, 9) == (WIKI,)
        assert set(store.due_nearby(NOW + LEASE, 9)) == {WIKI, FILE}
