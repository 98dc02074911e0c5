"""What every store remembers of hubs, and what that does to the schedule of a feed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from aggregator.model.fetching import Distrust, Hub, Offer
from aggregator.politeness import Ask, Busy, Granted
from aggregator.store.base import Store
from aggregator.websub.subscription import Callback, Prospect, Push, Standing
from tests.builders import FEED, NOW, subscription
from tests.store.steps import LATER, claim, fail, health, poll, subscribe

HUB = Hub("https://hub.example/", FEED)
OFFER = Offer(HUB, "http://rpc.example:80/notify")
ADDRESS = "https://newsroom.example/websub"
DAY = timedelta(days=1)


def push(**changes: object) -> Push:
    """Return how we stand with a hub that tells us of news."""
    live = Push(
        key=FEED,
        hub=HUB,
        standing=Standing.LIVE,
        requested_at=NOW,
        ask_at=NOW + 6 * DAY,
        live=Callback("live-token", "live-secret", ADDRESS),
        since=NOW,
        verified_at=NOW,
        lease_until=NOW + 9 * DAY,
    )
    return replace(live, **changes)  # type: ignore[arg-type]


class PushingContract:
    def test_a_feed_whose_document_names_a_hub_is_a_prospect_once(self, store: Store) -> None:
        subscribe(store)
        poll(store)
        assert store.prospects(LATER, 10) == ()
        poll(store, offer=OFFER)
        assert store.prospects(LATER, 10) == (Prospect(FEED, True, HUB),)
        store.keep_push(push())
        poll(store, offer=OFFER)
        fail(store)
        assert store.prospects(LATER, 10) == ()
        assert store.prospect(FEED) == Prospect(FEED, True, HUB, push())

    def test_every_field_of_a_subscription_is_kept(self, store: Store) -> None:
        subscribe(store)
        full = push(
            standing=Standing.RENEWING,
            pending=Callback("new-token", "new-secret", ADDRESS),
            distrusted_until=LATER,
            last_delivery_at=NOW,
            attempts=3,
            sentence="Its hub was asked.",
        )
        store.keep_push(push())
        store.keep_push(full)
        assert store.prospect(FEED) == Prospect(FEED, True, None, full)
        assert store.prospect("https://other.example/") is None

    def test_a_callback_is_known_by_either_token_until_it_is_forgotten(self, store: Store) -> None:
        subscribe(store)
        store.keep_push(push(pending=Callback("new-token", "s", ADDRESS)))
        for token in ("live-token", "new-token"):
            found = store.called(token)
            assert found is not None
            assert found.key == FEED
        assert store.called("other") is None
        store.forget_push(FEED)
        assert store.called("live-token") is None

    def test_another_hub_or_none_is_news_and_so_is_one_that_was_forgotten(
        self, store: Store
    ) -> None:
        subscribe(store)
        poll(store, offer=OFFER)
        store.keep_push(push())
        other = replace(HUB, url="https://other.example/")
        poll(store, offer=Offer(other))
        assert store.prospects(LATER, 10) == (Prospect(FEED, True, other, push()),)
        poll(store, offer=Offer())
        assert store.prospects(LATER, 10) == (Prospect(FEED, True, None, push()),)
        store.forget_push(FEED)
        assert store.prospects(LATER, 10) == ()
        poll(store, offer=Offer(other))
        store.forget_push(FEED)
        poll(store, offer=Offer(other))
        assert store.prospects(LATER, 10) == (Prospect(FEED, True, other),)

    def test_a_claimed_feed_knows_that_it_is_pushed_and_until_when(self, store: Store) -> None:
        subscribe(store)
        assert claim(store).pushed is None
        store.keep_push(push())
        assert claim(store, at=LATER).pushed == push().pushed
        store.keep_push(push(standing=Standing.DENIED))
        assert claim(store, at=LATER + DAY).pushed is None

    def test_without_its_hub_a_feed_is_due_when_it_would_have_been(self, store: Store) -> None:
        subscribe(store)
        store.keep_push(push())
        ways: tuple[Callable[[], None], ...] = (
            lambda: store.keep_push(push(standing=Standing.EXPIRED)),
            lambda: store.forget_push(FEED),
            store.forget_pushes,
        )
        for give_up in ways:
            store.keep_push(push())
            poll(store, due_at=NOW + DAY, unpushed_due_at=LATER)
            store.keep_push(push(sentence="It told us of something."))
            assert health(store).due_at == NOW + DAY
            give_up()
            assert health(store).due_at == LATER
            assert health(store).due_reason == "its hub does not tell us any more"

    def test_a_feed_that_was_not_pushed_keeps_its_schedule(self, store: Store) -> None:
        subscribe(store)
        store.keep_push(push())
        poll(store, due_at=NOW + DAY, unpushed_due_at=LATER)
        store.keep_push(push(standing=Standing.EXPIRED))
        poll(store, due_at=NOW + DAY)
        store.keep_push(push(standing=Standing.DENIED))
        store.forget_push(FEED)
        assert health(store).due_at == NOW + DAY

    def test_a_distrusted_hub_is_not_relied_on_but_may_still_tell(self, store: Store) -> None:
        subscribe(store)
        store.keep_push(push(pending=Callback("new-token", "s", ADDRESS)))
        poll(store, offer=OFFER)
        until = NOW + 7 * DAY
        poll(store, offer=OFFER, distrust=Distrust(until, "It kept something back."))
        assert claim(store).pushed is None
        kept = store.called("live-token")
        assert kept is not None
        assert kept.push == push(
            standing=Standing.DISTRUSTED,
            since=None,
            ask_at=until,
            distrusted_until=until,
            sentence="It kept something back.",
        )
        assert store.called("new-token") is None
        assert store.prospects(until - DAY, 10) == ()
        assert len(store.prospects(until, 10)) == 1

    def test_a_feed_that_is_dropped_or_moved_has_no_use_for_its_hub(self, store: Store) -> None:
        subscribe(store)
        poll(store, offer=OFFER)
        store.keep_push(push())
        store.subscribe([subscription(FEED, location="https://moved.example/")], NOW)
        assert store.prospects(NOW, 10) == (Prospect(FEED, True, None, push()),)
        store.keep_push(push())
        store.subscribe([], NOW)
        assert store.prospects(NOW, 10) == (Prospect(FEED, False, None, push()),)
        store.forget_push(FEED)
        store.keep_push(push(key="https://other.example/"))
        assert store.prospects(LATER + 99 * DAY, 10) == ()

    def test_prospects_can_wait_and_a_move_of_ours_does_not(self, store: Store) -> None:
        subscribe(store)
        poll(store, offer=OFFER)
        store.postpone_pushes([(FEED, LATER)])
        assert store.prospects(NOW, 10) == ()
        assert len(store.prospects(LATER, 10)) == 1
        store.keep_push(push())
        store.move_pushes(ADDRESS, NOW)
        assert store.prospects(LATER, 10) == ()
        store.move_pushes("https://elsewhere.example", NOW)
        assert store.prospects(NOW, 10) == (Prospect(FEED, True, HUB, push()),)

    def test_a_turn_that_was_no_polls_is_ended_by_itself(self, store: Store) -> None:
        subscribe(store)
        ask = Ask(FEED, "t", "hub.example", "hub.example", timedelta(seconds=2))
        assert store.take_turns([ask], NOW, 1) == (Granted(),)
        assert store.take_turns([replace(ask, token="u")], NOW, 1) == (Busy(),)
        store.end_turns([ask])
        assert store.take_turns([replace(ask, token="u")], LATER, 1) == (Granted(),)
