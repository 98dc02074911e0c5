"""What every store does with entries that were withdrawn, and with older documents."""

from dataclasses import replace
from datetime import timedelta

from aggregator.model.entries import TaggedEntry
from aggregator.model.fetching import Link
from aggregator.model.polls import Further
from aggregator.query.syntax import parse
from aggregator.store.base import Search, Store
from tests.builders import FEED, NOW, entry, refresh, subscription, tag, tagged
from tests.store.steps import LATER, claim, health, newest, poll, subscribe

KEPT, GONE = entry("Kept"), entry("Gone")
OTHER = "https://other.example/feed.xml"


def carrying(*titles: str) -> tuple[TaggedEntry, ...]:
    return tuple(tagged(entry(title), tags=(tag(),)) for title in titles)


def filled(store: Store) -> None:
    subscribe(store, subscription(), subscription(OTHER))
    poll(
        store,
        new=carrying("Kept", "Gone", "Left long ago"),
        present=frozenset({KEPT.id, GONE.id}),
    )


def titles(store: Store, query: str | None = None) -> set[str]:
    asked = Search(LATER, query=None if query is None else parse(query))
    found = store.search(asked)
    assert store.count(asked) == len(found)
    return {each.entry.title for each in found}


class RetractingContract:
    def test_a_complete_feed_withdraws_what_it_does_not_hold(self, store: Store) -> None:
        filled(store)
        poll(store, at=LATER, present=frozenset({KEPT.id}), complete=True)
        assert titles(store) == {"Kept"}
        assert titles(store, "tag:mali") == titles(store, "delegates") == {"Kept"}
        assert titles(store, "NOT sahel") == {"Kept"}
        assert store.tag_counts() == (("mali", 1),)
        assert [day.entries for day in store.tag_days(NOW)] == [1]
        assert store.frequencies({"kept", "gone", "sahel"}) == {"kept": 1, "gone": 0, "sahel": 0}
        figures = store.figures()
        assert (figures.entries, figures.tagged) == (1, 1)
        assert {feed.key: feed.entries for feed in store.feeds()}[OTHER] == 0
        assert sum(feed.entries for feed in store.feeds()) == 1

    def test_what_was_withdrawn_is_kept_and_says_since_when(self, store: Store) -> None:
        filled(store)
        poll(store, at=LATER, present=frozenset({KEPT.id}), complete=True)
        poll(store, at=LATER, present=frozenset({KEPT.id}), complete=True)
        gone = store.entry(GONE.id)
        assert (gone.entry, gone.retracted_at) == (GONE, LATER)
        assert [each.name for each in gone.tags] == ["mali"]
        assert store.entry(KEPT.id).retracted_at is None

    def test_what_comes_again_is_there_again(self, store: Store) -> None:
        filled(store)
        poll(store, at=LATER, present=frozenset({KEPT.id}), complete=True)
        poll(store, at=LATER, present=frozenset({KEPT.id, GONE.id}))
        assert titles(store) == {"Kept", "Gone"}
        poll(store, at=LATER, present=frozenset(), complete=True)
        assert titles(store) == set()
        poll(store, at=LATER, changed=carrying("Left long ago"))
        assert titles(store) == {"Left long ago"}

    def test_a_feed_that_is_not_complete_withdraws_nothing(self, store: Store) -> None:
        filled(store)
        poll(store, at=LATER, present=frozenset({KEPT.id}))
        poll(store, at=LATER, present=None, complete=True)
        assert len(titles(store)) == 3

    def test_other_feeds_keep_theirs_and_nobody_is_a_duplicate_of_what_is_gone(
        self, store: Store
    ) -> None:
        filled(store)
        twin = entry("Gone", feed=OTHER)
        poll(store, OTHER, new=(tagged(twin),), present=frozenset({twin.id}))
        assert len(newest(store, query=parse("has:duplicate"))) == 2
        assert [each.entry.feed for each in store.twins(twin.id)] == [FEED]
        poll(store, at=LATER, present=frozenset({KEPT.id}), complete=True)
        assert titles(store) == {"Kept", "Gone"}
        assert titles(store, "has:duplicate") == set()
        assert not store.entry(twin.id).duplicated
        assert store.twins(twin.id) == ()

    def test_an_archive_that_was_read_is_remembered_and_a_page_is_not(self, store: Store) -> None:
        subscribe(store)
        archive = Further("https://news.example/2023", "prev-archive", 20)
        page = replace(archive, url="https://news.example/?page=2", relation="next")
        for walked in (archive, page, archive):
            poll(store, walked=walked, polled=False, feed=None)
        assert store.has_read(archive.url)
        assert not store.has_read(page.url)
        assert not store.has_read("https://news.example/2022")

    def test_an_older_document_leaves_the_schedule_as_it_is_by_now(self, store: Store) -> None:
        subscribe(store)
        poll(store, due_at=LATER + timedelta(days=1))
        errand = refresh(claim(store), polled=False, feed=None, due_at=LATER + timedelta(days=1))
        subscribe(store, subscription(interval=timedelta(hours=2)))
        assert store.apply([errand])
        assert health(store).due_at == NOW + timedelta(hours=2)
        poll(store, stopped=True)
        poll(store, polled=False, feed=None)
        assert health(store).status == "stopped"

    def test_where_older_entries_are_is_what_the_last_document_says(self, store: Store) -> None:
        subscribe(store)
        older = Link("next", "https://news.example/?page=2")
        poll(store, earlier=older)
        poll(store, feed=None)
        assert health(store).earlier == older
        poll(store)
        assert health(store).earlier is None
