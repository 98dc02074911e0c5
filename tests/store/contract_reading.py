"""What every store answers: orders, periods, prefixes, counts."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from aggregator.errors import NoSuchEntryError
from aggregator.identity import feed_id
from aggregator.model.feeds import Rhythm
from aggregator.model.polls import Outcome
from aggregator.store.base import FeedOrder, FeedsWanted, Search, Store, TagDay
from tests.builders import FEED, NOW, entry, poll_record, subscription, tag, tagged
from tests.store.steps import LATER, fail, health, newest, poll, subscribe, titles

OTHER = "https://other.example/feed.xml"
HOUR = timedelta(hours=1)


def arrive(store: Store, *hours: int) -> None:
    """Store entries called 0, 1, 2 … that arrived so many hours after `NOW`."""
    subscribe(store)
    news = (
        tagged(entry(str(number)), arrived_at=NOW + hour * HOUR)
        for number, hour in enumerate(hours)
    )
    poll(store, new=tuple(news))


class ReadingContract:
    def test_an_empty_store_answers_everything(self, store: Store) -> None:
        figures = store.figures()
        assert (figures.feeds, figures.entries, figures.oldest_at) == (0, 0, None)
        assert figures.size_bytes > 0
        assert (newest(store), store.feeds()) == ((), ())
        assert (store.tag_counts(), store.tag_days(NOW)) == ((), ())
        assert store.count(Search(now=NOW)) == 0
        assert store.apply(()) == ()

    def test_entries_come_by_arrival_newest_first(self, store: Store) -> None:
        arrive(store, 1, 3, 2)
        assert titles(newest(store)) == ["1", "2", "0"]

    def test_entries_that_arrived_together_come_by_id(self, store: Store) -> None:
        arrive(store, 0, 0, 0, 0)
        ids = [each.entry.id for each in newest(store)]
        assert ids == sorted(ids)

    def test_a_microsecond_makes_an_order(self, store: Store) -> None:
        subscribe(store)
        instants = [
            datetime(2026, 1, 1, tzinfo=UTC),
            datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
            datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC),
            datetime(800, 1, 1, tzinfo=UTC),
        ]
        news = (tagged(entry(str(n)), arrived_at=at) for n, at in enumerate(instants))
        poll(store, new=tuple(news))
        assert titles(newest(store)) == ["2", "1", "0", "3"]

    def test_a_limit_takes_the_newest(self, store: Store) -> None:
        arrive(store, 0, 1, 2)
        assert titles(newest(store, limit=2)) == ["2", "1"]
        assert newest(store, limit=0) == ()
        assert store.count(Search(now=NOW, limit=2)) == 3

    def test_since_is_inclusive_and_until_exclusive(self, store: Store) -> None:
        arrive(store, 0, 1, 2, 3)
        period = Search(now=NOW, since=NOW + HOUR, until=NOW + 3 * HOUR)
        assert titles(store.search(period)) == ["2", "1"]
        assert store.count(period) == 2

    def test_many_entries_come_in_order_with_their_own_tags(self, store: Store) -> None:
        subscribe(store)
        news = [
            tagged(entry(str(n)), arrived_at=NOW + n * HOUR, tags=(tag(f"t{n}"), tag("u")))
            for n in range(450)
        ]
        poll(store, new=tuple(news))
        found = newest(store)
        assert titles(found) == [str(n) for n in reversed(range(450))]
        assert all(each.tags[0].name == f"t{each.entry.title}" for each in found)

    # --- one entry -----------------------------------------------------------------------------

    def test_an_entry_is_found_by_any_unambiguous_prefix_in_any_case(self, store: Store) -> None:
        subscribe(store)
        poll(store, new=(tagged(entry(id="abcd" * 4)), tagged(entry("B", id="abce" * 4))))
        assert store.entry("abcd").entry.id == "abcd" * 4
        assert store.entry("ABCE" * 4).entry.title == "B"

    def test_an_id_that_begins_another_still_names_its_entry(self, store: Store) -> None:
        subscribe(store)
        poll(store, new=(tagged(entry("A", id="abcd")), tagged(entry("B", id="abcde"))))
        assert store.entry("abcd").entry.title == "A"

    def test_an_ambiguous_prefix_is_refused_with_some_of_its_entries(self, store: Store) -> None:
        subscribe(store)
        ids = [f"abcd{letter}" for letter in "efghijk"]
        poll(store, new=tuple(tagged(entry(each, id=each)) for each in ids))
        with pytest.raises(NoSuchEntryError, match=r"abcde, abcdf.* and others"):
            store.entry("abcd")

    @pytest.mark.parametrize("prefix", ["abc", "", "zzzz", "ab%_", "\ud7ff\x00é~"])
    def test_a_prefix_of_nothing_is_refused(self, store: Store, prefix: str) -> None:
        subscribe(store)
        poll(store, new=(tagged(entry(id="abcd" * 4)),))
        with pytest.raises(NoSuchEntryError):
            store.entry(prefix)

    # --- feeds and counts ----------------------------------------------------------------------

    def test_feeds_come_by_name_with_their_health(self, store: Store) -> None:
        subscribe(store, subscription(name="b"), subscription(OTHER, name="A", labels=("wire",)))
        poll(store, new=(tagged(), tagged(entry("Two"))), due_at=LATER, due_reason="learned")
        assert [each.name for each in store.feeds()] == ["A", "b"]
        found = health(store)
        assert (found.entries, found.due_at, found.due_reason) == (2, LATER, "learned")
        assert found.last_poll is not None
        assert found.language == "en"
        never = health(store, OTHER)
        assert (never.entries, never.last_poll, never.labels) == (0, None, ("wire",))
        assert never.language is None

    def test_feeds_are_listed_in_the_order_that_is_wanted_a_part_at_a_time(
        self, store: Store
    ) -> None:
        keys = {name: f"https://{name}.example/" for name in ("often", "Seldom", "broken", "new")}
        subscribe(store, *(subscription(key, name=name) for name, key in keys.items()))
        for name, events, size in (("often", 90.0, 10), ("Seldom", 1.0, 20)):
            rhythm = Rhythm(events=events, days=9, last_event_at=NOW)
            news = tuple(
                tagged(entry(str(number), feed=keys[name])) for number in range(round(events) % 7)
            )
            read = poll_record(body_bytes=size)
            due_at = NOW + timedelta(hours=size)
            poll(store, keys[name], new=news, rhythm=rhythm, poll=read, due_at=due_at)
        fail(store, keys["broken"], rhythm=Rhythm(failures=2), stopped=True)

        def listed(order: FeedOrder, **changes: Any) -> list[str]:
            found = store.list_feeds(FeedsWanted(LATER, order, **changes))
            assert (found.total, found.failing) == (4, 1)
            return [each.name for each in found.feeds]

        assert listed("name") == ["broken", "new", "often", "Seldom"]
        assert listed("name", limit=2, first=1) == ["new", "often"]
        assert listed("name", first=4) == []
        assert listed("success", descending=True) == ["often", "Seldom", "broken", "new"]
        assert listed("due") == ["new", "often", "Seldom", "broken"]
        assert listed("failures", descending=True, limit=1) == ["broken"]
        assert listed("entries", descending=True)[:2] == ["often", "Seldom"]
        assert listed("size", descending=True)[:2] == ["Seldom", "often"]
        assert listed("rate", descending=True)[0] == "often"
        assert listed("rate")[0] == "Seldom"

    def test_feeds_that_are_archived_are_not_listed(self, store: Store) -> None:
        subscribe(store)
        subscribe(store, subscription(OTHER))
        assert [each.key for each in store.list_feeds(FeedsWanted(NOW)).feeds] == [OTHER]

    def test_a_feed_has_the_size_of_its_last_document_that_was_read(self, store: Store) -> None:
        subscribe(store)
        assert health(store).document_bytes == 0
        poll(store, poll=poll_record(body_bytes=9))
        poll(store, poll=poll_record(body_bytes=0, outcome=Outcome.NOT_MODIFIED), feed=None)
        assert health(store).document_bytes == 9
        poll(store, poll=poll_record(body_bytes=4), polled=False)
        assert health(store).document_bytes == 9

    def test_a_feed_is_found_by_its_id_archived_or_not(self, store: Store) -> None:
        subscribe(store)
        assert store.feed(feed_id(FEED)) == health(store)
        store.subscribe((), NOW)
        assert store.feed(feed_id(FEED)) == health(store)
        assert store.feed(feed_id(OTHER)) is None

    def test_tags_are_counted_most_frequent_first(self, store: Store) -> None:
        subscribe(store)
        both, one = (tag("b"), tag("c")), (tag("c"), tag("a"))
        poll(store, new=(tagged(tags=both), tagged(entry("Two"), tags=one)))
        assert store.tag_counts() == (("c", 2), ("a", 1), ("b", 1))

    def test_tags_are_counted_by_the_day_their_entries_arrived(self, store: Store) -> None:
        subscribe(store)
        news = [
            tagged(entry(str(n)), arrived_at=NOW - n * timedelta(days=1), tags=(tag(),))
            for n in (0, 0.1, 1, 5)
        ]
        poll(store, new=tuple(news))
        days = set(store.tag_days(NOW - timedelta(days=2)))
        assert days == {TagDay("mali", date(2026, 3, 2), 2), TagDay("mali", date(2026, 3, 1), 1)}
        assert set(store.tag_days(NOW - timedelta(days=2), "mali")) == days
        assert store.tag_days(NOW - timedelta(days=2), "chad") == ()

    def test_figures_count_everything(self, store: Store) -> None:
        subscribe(store, subscription(), subscription(OTHER))
        poll(store, new=(tagged(tags=(tag("a"), tag("b"))), tagged(entry("Two"))))
        poll(store, at=LATER, changed=(tagged(entry(content_hash="2")),))
        fail(store, OTHER, rhythm=Rhythm(failures=1))
        figures = store.figures()
        assert (figures.feeds, figures.failing, figures.polls) == (2, 1, 3)
        assert (figures.entries, figures.revisions, figures.tagged) == (2, 1, 0)
        assert (figures.oldest_at, figures.newest_at) == (NOW, NOW)
        store.subscribe((), NOW)
        assert store.figures().feeds == 0
        assert {each.key for each in store.feeds()} == {FEED, OTHER}
