"""What every store does about leases: who polls which feed, and when."""

from datetime import timedelta

from aggregator.store.base import Store
from tests.builders import FEED, NOW, refresh, subscription, tagged
from tests.store.steps import LATER, LEASE, claim, health, newest, poll, subscribe

OTHER = "https://other.example/feed.xml"


class ClaimingContract:
    def test_a_feed_that_is_not_due_is_not_claimed(self, store: Store) -> None:
        subscribe(store)
        poll(store, due_at=LATER)
        assert store.claim(LATER - timedelta(microseconds=1), 10, lease=LEASE) == ()
        assert [each.key for each in store.claim(LATER, 10, lease=LEASE)] == [FEED]

    def test_a_leased_feed_is_not_claimed_again_until_the_lease_runs_out(
        self, store: Store
    ) -> None:
        subscribe(store)
        (first,) = store.claim(NOW, 10, lease=LEASE)
        just_before = NOW + LEASE - timedelta(microseconds=1)
        assert store.claim(just_before, 10, lease=LEASE) == ()
        assert store.claim(just_before, 10, lease=LEASE, keys=[FEED]) == ()
        (second,) = store.claim(NOW + LEASE, 10, lease=LEASE)
        assert second.token != first.token

    def test_those_longest_overdue_come_first_and_the_limit_holds(self, store: Store) -> None:
        urls = [f"https://{number}.example/" for number in range(5)]
        for number, url in enumerate(reversed(urls)):
            subscribe(
                store,
                *(subscription(each) for each in urls[4 - number :]),
                at=NOW - timedelta(hours=number),
            )
            poll(store, url, at=NOW, due_at=NOW - timedelta(hours=number))
        claimed = store.claim(NOW, 3, lease=LEASE)
        assert [each.key for each in claimed] == urls[:3]
        assert [each.key for each in store.claim(NOW, 3, lease=LEASE)] == urls[3:]

    def test_one_host_never_fills_a_claim(self, store: Store) -> None:
        crowd = [subscription(f"https://crowd.example/{number}") for number in range(50)]
        subscribe(store, *crowd)
        subscribe(store, *crowd, subscription(OTHER), at=LATER)
        claimed = store.claim(LATER, 10, lease=LEASE)
        assert [each.key for each in claimed[-1:]] == [OTHER]
        assert len(claimed) == 5
        assert store.claim(LATER, 10, lease=LEASE) == ()
        store.release(claimed[:2])
        assert len(store.claim(LATER, 10, lease=LEASE)) == 2

    def test_files_share_no_host(self, store: Store) -> None:
        subscribe(store, *(subscription(f"{n}", location=f"file:///{n}") for n in range(250)))
        assert len(store.claim(NOW, 300, lease=LEASE)) == 250

    def test_named_feeds_are_claimed_due_or_not_however_many_a_host_has(self, store: Store) -> None:
        crowd = [subscription(f"https://crowd.example/{number}") for number in range(9)]
        subscribe(store, *crowd)
        for each in crowd:
            poll(store, each.url, due_at=LATER)
        keys = [each.url for each in crowd[:7]]
        claimed = store.claim(NOW, 10, lease=LEASE, keys=keys)
        assert {each.key for each in claimed} == set(keys)
        assert store.claim(NOW, 10, lease=LEASE, keys=["https://unknown.example/"]) == ()

    def test_a_stopped_feed_is_claimed_by_name_only_and_lives_again_when_it_answers(
        self, store: Store
    ) -> None:
        subscribe(store)
        poll(store, due_at=NOW, stopped=True)
        assert health(store).status == "stopped"
        assert store.claim(LATER, 10, lease=LEASE) == ()
        poll(store)
        assert health(store).status == "active"

    def test_a_released_feed_can_be_claimed_and_its_old_token_is_void(self, store: Store) -> None:
        subscribe(store)
        first = claim(store)
        store.release([first])
        second = claim(store)
        store.release([first])
        assert store.apply([refresh(first)]) == ()
        assert store.apply([refresh(second)]) == (FEED,)

    def test_a_claim_for_none_claims_none(self, store: Store) -> None:
        subscribe(store)
        assert store.claim(NOW, 0, lease=LEASE) == ()
        assert store.claim(NOW, 0, lease=LEASE, keys=[FEED]) == ()

    def test_a_poll_that_lost_its_lease_is_left_out(self, store: Store) -> None:
        subscribe(store)
        slow = claim(store)
        quick = claim(store, at=NOW + LEASE)
        assert store.apply([refresh(slow, new=(tagged(),))]) == ()
        assert newest(store) == ()
        assert store.apply([refresh(quick, new=(tagged(),))]) == (FEED,)

    def test_a_late_poll_whose_feed_nobody_else_claimed_still_counts(self, store: Store) -> None:
        subscribe(store)
        state = claim(store)
        assert store.claim(NOW + LEASE, 10, lease=LEASE, keys=[OTHER]) == ()
        assert store.apply([refresh(state)]) == (FEED,)

    def test_next_due_at_is_that_of_the_first_active_feed(self, store: Store) -> None:
        assert store.next_due_at() is None
        subscribe(store, subscription(), subscription(OTHER), subscription("p", paused=True))
        assert store.next_due_at() == NOW
        poll(store, due_at=LATER + timedelta(hours=1))
        poll(store, OTHER, due_at=LATER)
        assert store.next_due_at() == LATER

    def test_next_due_at_of_a_leased_feed_is_when_its_lease_runs_out(self, store: Store) -> None:
        subscribe(store)
        store.claim(NOW, 1, lease=LEASE)
        assert store.next_due_at() == NOW + LEASE
