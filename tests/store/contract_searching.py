"""What every store finds: what `query.match` says of its entries, in the order asked for."""

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model.entries import Evidence, TaggedEntry
from aggregator.query.match import find
from aggregator.query.nodes import Node
from aggregator.query.syntax import parse
from aggregator.store.base import Place, Search, Store
from tests.builders import FEED, NOW, entry, feed, subscription, tag, tagged
from tests.query import strategies
from tests.store.steps import LATER, claim, knowing_twins, poll, subscribe, titles

HOUR = timedelta(hours=1)


def found(store: Store, query: str, **changes: object) -> list[str]:
    """Return the titles that a search finds, having counted them too."""
    search = replace(Search(NOW, parse(query)), **changes)  # type: ignore[arg-type]
    entries = store.search(search)
    assert store.count(replace(search, limit=None)) >= len(entries)
    return titles(entries)


def fill(store: Store, *texts: tuple[str, str]) -> None:
    """Store entries with these titles and contents, an hour apart, the newest last."""
    subscribe(store)
    news = (
        tagged(entry(title, summary="", content=content), seen_at=NOW + number * HOUR)
        for number, (title, content) in enumerate(texts)
    )
    poll(store, new=tuple(news))


class SearchingContract:
    def fresh(self) -> AbstractContextManager[Store]:
        """Return a fresh store for each of a law's examples."""
        raise NotImplementedError

    def test_words_are_found_whatever_their_case_and_accents(self, store: Store) -> None:
        fill(store, ("Le Sahél", ""), ("Somali coast", ""), ("Mali", ""))
        assert found(store, "SAHEL") == ["Le Sahél"]
        assert found(store, "mali") == ["Mali"]
        assert found(store, "sahel OR coast") == ["Somali coast", "Le Sahél"]

    def test_a_phrase_does_not_cross_blocks(self, store: Store) -> None:
        fill(store, ("A", "security\n\ncooperation"), ("B", "security cooperation"))
        assert found(store, '"security cooperation"') == ["B"]

    def test_a_feed_is_found_by_its_url_of_today_and_by_its_first(self, store: Store) -> None:
        today = "https://moved.example/rss"
        subscribe(store, subscription(name="News"))
        poll(store, new=(tagged(entry("A")),))
        subscribe(store, subscription(today, name="News"))
        assert claim(store).url == today
        (kept,) = store.search(Search(NOW))
        for url in (FEED, today):
            query = parse(f"feed:{url}")
            assert found(store, f"feed:{url}") == ["A"]
            assert find(query, kept, NOW) == (Evidence("feed", 0, len(url), url),)

    def test_what_sql_cannot_say_is_found_by_reading(self, store: Store) -> None:
        far = " word" * 60
        fill(store, ("A", f"coup {far}"), ("B", f"{far} coup"), ("C", f"coup {far}"))
        assert found(store, "lead:coup") == ["C", "A"]
        assert found(store, "lead:coup", limit=1) == ["C"]
        assert found(store, "lead:coup", limit=2) == ["C", "A"]
        assert store.count(Search(NOW, parse("lead:coup"), limit=1)) == 2

    def test_a_query_and_a_period_hold_both(self, store: Store) -> None:
        fill(store, ("A mali", ""), ("B mali", ""), ("C mali", ""), ("D", ""))
        assert found(store, "mali", since=NOW + HOUR) == ["C mali", "B mali"]
        assert found(store, "mali", until=NOW + HOUR) == ["A mali"]

    @pytest.mark.parametrize("query", [None, "mali", "lead:mali"])
    def test_page_behind_page_every_entry_comes_once(self, store: Store, query: str | None) -> None:
        subscribe(store)
        together = tuple(tagged(entry(f"{letter} mali"), seen_at=NOW) for letter in "abcde")
        poll(store, new=(*together, tagged(entry("Later mali"), seen_at=LATER)))
        search = Search(NOW, parse(query) if query else None, limit=2)
        pages = []
        while page := store.search(search):
            pages.append(titles(page))
            last = page[-1]
            search = replace(search, behind=Place(last.arrived_at, last.entry.id))
        everything = titles(store.search(replace(search, limit=None, behind=None)))
        assert [len(page) for page in pages] == [2, 2, 2]
        assert [title for page in pages for title in page] == everything
        assert store.count(replace(search, behind=None)) == 6
        assert store.count(search) == 0

    def test_relevance_puts_better_matches_first_then_the_newest(self, store: Store) -> None:
        fill(store, ("Coup in Mali", "a coup"), ("Rain", "a coup was far"), ("Rain", "no news"))
        fill(store, ("Cloud", "a coup was far"))
        assert found(store, "coup OR rain", sort="relevance")[0] == "Rain"
        assert found(store, "coup", sort="relevance")[0] == "Coup in Mali"
        assert found(store, "coup", sort="newest")[-1] == "Coup in Mali"
        assert found(store, f'feed:"{FEED}"', sort="relevance", limit=1) == ["Rain"]

    def test_a_changed_entry_is_found_by_its_new_words_only(self, store: Store) -> None:
        fill(store, ("Four dead", ""))
        changed = entry("Four dead", title="Five dead", summary="", content_hash="2")
        poll(store, at=LATER, changed=(tagged(changed),))
        assert found(store, "five") == ["Five dead"]
        assert found(store, "four") == []

    def test_a_tag_that_ended_is_not_found(self, store: Store) -> None:
        subscribe(store)
        poll(store, new=(tagged(tags=(tag("mali"),)),))
        assert len(found(store, "tag:mali")) == 1
        poll(store, changed=(tagged(entry(content_hash="2"), tags=(tag("coup"),)),))
        assert found(store, "tag:mali") == []
        assert len(found(store, "tag:coup")) == 1

    def test_a_feed_is_found_by_what_it_is_called_today(self, store: Store) -> None:
        subscribe(store, subscription(name="Wire", labels=("a",)))
        poll(store, new=(tagged(),))
        assert len(found(store, "feed:wire label:a")) == 1
        subscribe(store, subscription(name="Agence", labels=("b",)))
        assert found(store, "feed:wire OR label:a") == []
        assert len(found(store, "feed:agence label:b")) == 1

    def test_times_relative_to_now_count_from_the_searchs_now(self, store: Store) -> None:
        fill(store, ("A", ""), ("B", ""))
        assert found(store, "seen:>now-30m", now=NOW + HOUR) == ["B"]
        assert found(store, "seen:>now-30m", now=NOW + 9 * HOUR) == []

    def test_a_duplicate_is_what_another_feed_has_too(self, store: Store) -> None:
        other, link = "https://other.example/rss", "https://news.example/coup"
        subscribe(store, subscription(), subscription(other))
        unlinked = tagged(entry("No link", canonical_link=None))
        twice = tuple(tagged(entry(title, canonical_link=link)) for title in ("Coup", "The coup"))
        poll(store, new=(unlinked, *twice))
        assert not any(each.duplicated for each in store.search(Search(NOW)))
        assert found(store, "NOT has:duplicate") == found(store, "has:date")
        copies = {"Copy": link, "No link too": None}
        news = (entry(name, feed=other, canonical_link=each) for name, each in copies.items())
        poll(store, other, new=tuple(map(tagged, news)))
        assert sorted(found(store, "has:duplicate")) == ["Copy", "Coup", "The coup"]
        assert [each.entry.title for each in store.twins(twice[0].entry.id)] == ["Copy"]
        assert store.twins(unlinked.entry.id) == ()
        assert {each.entry.title: each.duplicated for each in store.search(Search(NOW))} == {
            **dict.fromkeys(("Copy", "Coup", "The coup"), True),
            **dict.fromkeys(("No link", "No link too"), False),
        }

    def test_a_words_frequency_counts_the_entries_whose_texts_have_it(self, store: Store) -> None:
        fill(store, ("Mali", "Mali, le Mali"), ("Niger", "Mali\n\nمالي"), ("Rain", "Somali coast"))
        wanted = ("mali", "niger", "somali", "مالي", "bamako", "", '"')
        counts = (2, 1, 1, 1, 0, 0, 0)
        assert store.frequencies(wanted) == dict(zip(wanted, counts, strict=True))
        assert store.frequencies(()) == {}
        changed = entry("Rain", title="Mali", content="", summary="", content_hash="2")
        poll(store, at=LATER, changed=(tagged(changed),))
        assert store.frequencies({"mali", "somali"}) == {"mali": 3, "somali": 0}

    @pytest.mark.parametrize("limit", [1, 150, 250, 1000])
    def test_a_limit_holds_over_many_candidates(self, store: Store, limit: int) -> None:
        fill(store, *((f"coup {number}", "") for number in range(400)))
        newest = [f"coup {number}" for number in reversed(range(400))][:limit]
        assert found(store, "coup", limit=limit) == newest
        assert found(store, "lead:coup", limit=limit) == newest

    @given(st.lists(strategies.meetings(), min_size=1, max_size=6))
    @settings(max_examples=settings().max_examples // 8)
    def test_an_entry_is_found_just_when_it_matches(
        self, meetings: list[tuple[Node, TaggedEntry]]
    ) -> None:
        queries, subjects = zip(*meetings, strict=True)
        sources = {
            subject.source.key: replace(subject.source, url=subject.source.key)
            for subject in subjects
        }
        stored = {
            subject.entry.id: replace(subject, source=sources[subject.source.key])
            for subject in subjects
        }
        keys = [subject.source.key for subject in stored.values()]
        known = knowing_twins(tuple(stored.values()), keys)
        stored = {subject.entry.id: subject for subject in known}
        with self.fresh() as store:
            subscribe(
                store,
                *(
                    subscription(key, name=source.name, labels=source.labels)
                    for key, source in sources.items()
                ),
            )
            for key in sources:
                news = tuple(each for each in stored.values() if each.source.key == key)
                poll(store, key, new=news, feed=feed("", link=None))
            assert set(store.search(Search(NOW))) == set(stored.values())
            for query in queries:
                matching = {each for each in stored.values() if find(query, each, NOW) is not None}
                assert set(store.search(Search(NOW, query))) == matching
                assert set(store.search(Search(NOW, query, sort="relevance"))) == matching
                assert store.count(Search(NOW, query)) == len(matching)
