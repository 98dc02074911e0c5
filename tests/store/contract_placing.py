"""What every store remembers of what was published."""

from dataclasses import replace

from aggregator.query.syntax import parse
from aggregator.store.base import Search, Store
from aggregator.store.outputs import Placed
from tests.builders import NOW, entry, tag, tagged
from tests.store.steps import LATER, newest, poll, subscribe, titles

ENTRIES = {name: entry(name) for name in ("One", "Two", "Three")}


def filled(store: Store) -> dict[str, Placed]:
    subscribe(store)
    new = tuple(tagged(each, tags=(tag("mali"),)) for each in ENTRIES.values())
    poll(store, new=new, present=frozenset(each.id for each in ENTRIES.values()))
    placed = {name: Placed(each.id, f"urn:x-{name}:1") for name, each in ENTRIES.items()}
    store.keep_placed("sahel", tuple(placed.values()))
    return placed


class PlacingContract:
    def test_what_is_kept_of_an_output_is_its_own(self, store: Store) -> None:
        placed = filled(store)
        assert set(store.placed("sahel")) == set(placed.values())
        assert store.placed("all") == ()
        changed = replace(placed["One"], page=3, gone_at=LATER, former=2)
        store.keep_placed("sahel", [changed])
        assert set(store.placed("sahel")) == {changed, placed["Two"], placed["Three"]}

    def test_what_is_in_an_archive_may_be_left_out(self, store: Store) -> None:
        placed = filled(store)
        store.keep_placed("sahel", [replace(placed["One"], page=1)])
        store.keep_placed("sahel", [replace(placed["Two"], page=1, gone_at=LATER)])
        assert set(titles(newest(store, beside="sahel"))) == {"Two", "Three"}
        assert store.count(Search(NOW, beside="sahel")) == 2
        assert len(newest(store, beside="all")) == 3

    def test_what_no_longer_matches_or_was_withdrawn_has_ceased(self, store: Store) -> None:
        placed = filled(store)
        store.keep_placed("sahel", [Placed("pruned", "urn:x-pruned:1")])
        assert store.ceased("sahel", parse("tag:mali"), NOW) == frozenset()
        ids = {name: each.entry for name, each in placed.items()}
        assert store.ceased("sahel", parse("One OR Two"), NOW) == {ids["Three"]}
        assert store.ceased("sahel", parse("/t[wh]/"), NOW) == {ids["One"]}
        poll(store, at=LATER, present=frozenset({ids["One"], ids["Two"]}), complete=True)
        assert store.ceased("sahel", parse("tag:mali"), NOW) == {ids["Three"]}
        assert store.ceased("sahel", None, NOW) == {ids["Three"]}
        assert store.ceased("all", None, NOW) == frozenset()
