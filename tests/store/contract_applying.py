"""What every store does with all that a poll learned."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.errors import StoreError
from aggregator.model.boilerplate import Fingerprints
from aggregator.model.feeds import Manners, Moving, Rhythm, Sending, Trial, Validators
from aggregator.model.polls import Outcome
from aggregator.store.base import Store
from tests.builders import (
    FEED,
    NOW,
    dated,
    entry,
    evidence,
    feed,
    full_entry,
    known,
    poll_record,
    refresh,
    subscription,
    tag,
    tagged,
)
from tests.store.steps import LATER, LEASE, claim, fail, health, newest, poll, subscribe, titles

OTHER = "https://other.example/feed.xml"


def everything(store: Store) -> tuple[object, ...]:
    """Return all that a store tells of itself, but for its size on disk."""
    return (
        newest(store),
        [store.revisions(each.entry.id) for each in newest(store)],
        store.feeds(),
        [store.polls(each.key, 1000) for each in store.feeds()],
        store.tag_counts(),
        store.tag_days(NOW - timedelta(days=9)),
        replace(store.figures(), size_bytes=0),
    )


class ApplyingContract:
    def test_an_entry_comes_back_whole(self, store: Store) -> None:
        subscribe(store, subscription(name="Example News", labels=("africa", "wire")))
        told = tagged(
            full_entry(),
            arrived_at=NOW - timedelta(days=3),
            tags=(tag("africa", evidence=()), tag("mali", evidence=(evidence(), evidence()))),
        )
        poll(store, new=(told,))
        (found,) = newest(store)
        assert found == replace(told, source=replace(told.source, link="https://news.example/"))

    def test_a_bare_entry_comes_back_bare(self, store: Store) -> None:
        subscribe(store)
        bare = entry(guid=None, link=None, canonical_link=None, published=None, language=None)
        poll(store, new=(tagged(bare),))
        assert newest(store)[0].entry == bare

    def test_a_date_that_could_not_be_read_comes_back_as_it_stood(self, store: Store) -> None:
        subscribe(store)
        undated = entry(published=None, unread_date="soon")
        poll(store, new=(tagged(undated),))
        assert newest(store)[0].entry == undated

    @pytest.mark.parametrize(
        "title", ["النيجر", "🎉\u200d", "\x00", "'; DROP TABLE entry; --", "%_"]
    )
    def test_any_text_comes_back_as_it_was(self, store: Store, title: str) -> None:
        subscribe(store)
        poll(store, new=(tagged(entry(title)),))
        assert titles(newest(store)) == [title]

    def test_the_state_of_a_feed_comes_back_as_the_poll_left_it(self, store: Store) -> None:
        rhythm = Rhythm(
            events=1.25,
            days=2.5,
            observed_at=NOW,
            last_event_at=NOW - timedelta(microseconds=1),
            failures=2,
            failing_since=NOW - timedelta(days=1),
            gone=1,
            penalty=1.5,
            ttl=timedelta(minutes=90),
            update_period=timedelta(seconds=0.5),
            skip_hours=frozenset({0, 23}),
            skip_days=frozenset({6}),
            fresh_until=NOW + timedelta(hours=1),
            not_before=NOW + timedelta(hours=2),
            validated=True,
            unchanged_bytes=2**40,
        )
        validators = Validators(b'W/"caf\xe9"', b"Thu, 1-Jan-70 0:0:0 GMT")
        subscribe(store)
        poll(store, rhythm=rhythm, validators=validators, body_hash="ab", admitted=True)
        state = claim(store)
        assert (state.rhythm, state.validators) == (rhythm, validators)
        assert (state.manners, state.moving) == (Manners(), None)
        assert (state.body_hash, state.admitted, state.title) == ("ab", True, "News")
        assert state.last_poll_at == state.last_success_at == NOW

    def test_how_a_server_wants_to_be_asked_comes_back(self, store: Store) -> None:
        manners = Manners(
            sending=Sending.NONE,
            sending_until=NOW,
            trial=Trial.SILENCE,
            ignored=2,
            whole_at=NOW - timedelta(days=8),
            probed_at=NOW - timedelta(days=9),
            profile="0123456789abcdef",
            bare=3,
            refusals=2,
            refused_at=NOW - timedelta(microseconds=1),
            pages=1,
        )
        moving = Moving("https://new.example/\u00e9", 4, NOW - timedelta(days=6))
        subscribe(store)
        poll(store, manners=manners, moving=moving)
        state = claim(store)
        assert (state.manners, state.moving) == (manners, moving)

    def test_a_poll_without_a_document_keeps_what_the_feed_said(self, store: Store) -> None:
        subscribe(store)
        poll(store, feed=feed("Title", problem="a stray ampersand"))
        fail(store, at=LATER)
        found = health(store)
        assert (found.title, found.format, found.problem) == ("Title", "rss20", "a stray ampersand")
        assert found.last_success_at == NOW
        assert found.last_poll is not None
        assert found.last_poll.outcome is Outcome.FAILED
        assert found.last_poll.sentence == "It did not answer within 60 s."

    def test_applying_twice_is_the_same_as_once(self, store: Store) -> None:
        subscribe(store)
        learned = refresh(
            claim(store), new=(tagged(tags=(tag(),)),), present=frozenset({entry().id})
        )
        assert store.apply([learned]) == (FEED,)
        before = everything(store)
        assert store.apply([learned]) == ()
        assert everything(store) == before

    def test_two_polls_of_one_feed_in_one_call_are_one(self, store: Store) -> None:
        subscribe(store)
        state = claim(store)
        learned = refresh(state, new=(tagged(),))
        assert store.apply([learned, refresh(state, new=(tagged(entry("Other")),))]) == (FEED,)
        assert titles(newest(store)) == [entry().title]

    def test_an_entry_that_is_called_new_again_is_stored_once(self, store: Store) -> None:
        subscribe(store)
        poll(store, new=(tagged(),))
        poll(store, at=LATER, new=(tagged(seen_at=LATER),))
        (found,) = newest(store)
        assert (found.first_seen_at, found.arrived_at, found.revised_at) == (NOW, NOW, None)
        assert store.revisions(found.entry.id) == ()

    def test_several_polls_are_stored_in_one_go(self, store: Store) -> None:
        subscribe(store, subscription(), subscription(OTHER))
        one, two = claim(store), claim(store, OTHER)
        stored = store.apply(
            [
                refresh(one, new=(tagged(),)),
                refresh(two, new=(tagged(entry(feed=OTHER)),)),
            ]
        )
        assert stored == (FEED, OTHER)
        assert {each.source.key for each in newest(store)} == {FEED, OTHER}

    def test_an_error_stores_nothing_of_any_poll(self, store: Store) -> None:
        subscribe(store, subscription(), subscription(OTHER))
        one, two = claim(store), claim(store, OTHER)
        before = everything(store)
        poison = tagged(entry(feed=OTHER, summary="\ud800"))
        with pytest.raises(StoreError):
            store.apply([refresh(one, new=(tagged(),)), refresh(two, new=(poison,))])
        assert everything(store) == before
        assert store.apply([refresh(one, new=(tagged(),))]) == (FEED,)

    # --- changed entries -----------------------------------------------------------------------

    def test_a_changed_entry_keeps_its_former_states_and_its_place(self, store: Store) -> None:
        subscribe(store)
        first = full_entry("Four dead")
        second = replace(first, title="Five dead", content_hash="2", updated=dated(LATER))
        third = replace(first, title="Six dead", content_hash="3")
        poll(store, new=(tagged(first),))
        poll(store, at=LATER, changed=(tagged(second, seen_at=LATER),))
        last = LATER + timedelta(hours=1)
        poll(store, at=last, changed=(tagged(third, seen_at=last),))
        (found,) = newest(store)
        assert found.entry == third
        assert (found.first_seen_at, found.arrived_at, found.revised_at) == (NOW, NOW, last)
        latest, earliest = store.revisions(first.id)
        assert (latest.entry, latest.seen_at, latest.replaced_at) == (second, LATER, last)
        assert (earliest.entry, earliest.seen_at, earliest.replaced_at) == (first, NOW, LATER)

    def test_a_change_without_meaning_makes_no_revision(self, store: Store) -> None:
        subscribe(store)
        poll(store, new=(tagged(),))
        moved = entry(image="https://news.example/new.jpg", identity="guid:reissued")
        poll(store, at=LATER, changed=(tagged(moved, seen_at=LATER),))
        (found,) = newest(store)
        assert found.entry == moved
        assert found.revised_at is None
        assert store.revisions(found.entry.id) == ()

    def test_what_a_newer_version_reads_otherwise_makes_no_revision(self, store: Store) -> None:
        subscribe(store)
        poll(store, new=(tagged(entry(normalised_by=1)),))
        read_anew = entry(title="Read better", content_hash="2", normalised_by=2)
        poll(store, at=LATER, changed=(tagged(read_anew, seen_at=LATER),))
        (found,) = newest(store)
        assert found.entry == read_anew
        assert found.revised_at is None
        assert store.revisions(found.entry.id) == ()

    def test_what_is_remembered_of_a_feeds_blocks_comes_with_its_next_claim(
        self, store: Store
    ) -> None:
        subscribe(store)
        assert claim(store).fingerprints == ()
        read = (Fingerprints("ab", ("1", "2")), Fingerprints("cd", ()))
        anew = (Fingerprints("ef", ("3",)),)
        poll(store, at=LATER, fingerprints=read)
        poll(store, at=LATER + LEASE, fingerprints=())  # a poll that read nothing
        assert claim(store, at=LATER + 2 * LEASE).fingerprints == read
        poll(store, at=LATER + 3 * LEASE, fingerprints=anew)
        assert claim(store, at=LATER + 4 * LEASE).fingerprints == anew

    def test_an_unknown_entry_has_no_revisions(self, store: Store) -> None:
        assert store.revisions("aaaaaaaaaaaaaaaa") == ()

    def test_a_changed_entry_carries_the_tags_of_its_new_text(self, store: Store) -> None:
        subscribe(store)
        poll(store, new=(tagged(tags=(tag("coup"), tag("mali"))),))
        renewed = tag("mali", rule_version="2", evidence=(evidence(start=0, end=1, value="x"),))
        changed = entry(content_hash="2")
        poll(store, at=LATER, changed=(tagged(changed, tags=(renewed, tag("sahel"))),))
        (found,) = newest(store)
        assert found.tags == (renewed, tag("sahel"))
        assert store.tag_counts() == (("mali", 1), ("sahel", 1))

    def test_a_tag_may_come_back(self, store: Store) -> None:
        subscribe(store)
        for number, tags in enumerate([(tag(),), (), (tag(),)]):
            changed = tagged(entry(content_hash=str(number)), tags=tags)
            poll(store, at=NOW + timedelta(hours=number), changed=(changed,))
        assert newest(store)[0].tags == (tag(),)

    # --- what is known -------------------------------------------------------------------------

    def test_what_stood_in_the_last_document_is_known(self, store: Store) -> None:
        subscribe(store)
        kept, gone = entry("Kept"), entry("Gone", content="Text")
        poll(store, new=(tagged(kept), tagged(gone)), present=frozenset({kept.id, gone.id}))
        poll(store, present=frozenset({kept.id}))
        assert store.known(FEED, ()) == (known(kept),)
        poll(store, present=frozenset({gone.id}))
        assert store.known(FEED, ()) == (known(gone),)

    def test_a_poll_that_saw_no_document_leaves_what_was_present(self, store: Store) -> None:
        subscribe(store)
        poll(store, new=(tagged(),), present=frozenset({entry().id}))
        fail(store)
        assert store.known(FEED, ()) == (known(),)

    def test_what_shares_an_identity_or_a_link_is_known_though_it_left(self, store: Store) -> None:
        subscribe(store, subscription(), subscription(OTHER))
        by_identity, by_link, neither = entry("One"), entry("Two"), entry("Three")
        elsewhere = entry("One", feed=OTHER)
        news = (tagged(by_identity), tagged(by_link), tagged(neither))
        poll(store, new=news, present=frozenset())
        poll(store, OTHER, new=(tagged(elsewhere),), present=frozenset())
        asked = (
            entry("A", identity=by_identity.identity, canonical_link=None),
            entry("B", canonical_link=by_link.canonical_link),
        )
        assert set(store.known(FEED, asked)) == {
            known(by_identity, present=False),
            known(by_link, present=False),
        }

    def test_nothing_is_known_of_an_unknown_feed(self, store: Store) -> None:
        assert store.known("https://unknown.example/", (entry(),)) == ()

    # --- history -------------------------------------------------------------------------------

    def test_polls_are_remembered_latest_first(self, store: Store) -> None:
        subscribe(store)
        records = [
            poll_record(started_at=NOW + timedelta(minutes=n), ended_at=LATER, new=n, body_bytes=7)
            for n in range(3)
        ]
        for record in records:
            poll(store, poll=record, feed=None)
        assert store.polls(FEED, 2) == (records[2], records[1])
        assert store.polls(FEED, 1000) == tuple(reversed(records))
        assert store.polls("https://unknown.example/", 5) == ()
