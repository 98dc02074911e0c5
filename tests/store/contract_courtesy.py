"""What every store knows of hosts: whose turn it is, whom to leave alone, what was asked."""

from dataclasses import replace
from datetime import timedelta

from aggregator.model.feeds import FeedState, Pause
from aggregator.model.fetching import Hop
from aggregator.model.polls import Asked, Purpose
from aggregator.politeness import Ask, Away, Busy, Granted, Rests
from aggregator.store.base import Store
from aggregator.store.requests import KEPT_REQUESTS
from tests.builders import FEED, NOW, refresh, subscription
from tests.store.steps import LATER, LEASE, claim, health, poll, subscribe

SECOND = timedelta(seconds=1)
GAP = 2 * SECOND
SITE = "news.example"
BESIDE = "https://blog.news.example/feed.xml"
OTHER = "https://other.example/feed.xml"


def asking(state: FeedState, host: str = SITE, domain: str | None = SITE) -> Ask:
    return Ask(state.key, state.token, host, domain, GAP)


def hop(url: str = FEED, **changes: object) -> Hop:
    return replace(Hop(url, NOW, 0.5, status=200, address="93.184.216.34"), **changes)  # type: ignore[arg-type]


def asked(url: str = FEED, purpose: Purpose = "poll", **changes: object) -> Asked:
    return Asked(hop(url, **changes), purpose, "it is due")


class CourtesyContract:
    def test_a_turn_is_taken_once_and_ends_with_what_was_learned(self, store: Store) -> None:
        subscribe(store)
        state = claim(store)
        ask = asking(state)
        assert store.take_turns([ask], NOW, 1) == (Granted(),)
        assert store.take_turns([ask], NOW + 60 * SECOND, 1) == (Busy(),)
        store.apply([refresh(state, asked=(asked(seconds=5.0),))])
        again = asking(claim(store))
        assert store.take_turns([again], NOW, 1) == (Rests(NOW + 10 * SECOND),)
        assert store.take_turns([again], NOW + 10 * SECOND, 1) == (Granted(),)

    def test_a_turn_ends_when_its_feed_is_released(self, store: Store) -> None:
        subscribe(store)
        state = claim(store)
        store.take_turns([asking(state)], NOW, 1)
        store.release([state])
        again = asking(claim(store))
        assert store.take_turns([again], NOW + SECOND, 1) == (Rests(NOW + GAP),)

    def test_a_turn_ends_although_its_poll_came_too_late(self, store: Store) -> None:
        subscribe(store)
        state = claim(store)
        store.take_turns([asking(state)], NOW, 1)
        quick = claim(store, at=NOW + LEASE)
        assert store.apply([refresh(state)]) == ()
        assert store.take_turns([asking(quick)], NOW + GAP, 1) == (Granted(),)

    def test_a_turn_whose_process_was_killed_ends_by_itself(self, store: Store) -> None:
        subscribe(store)
        store.take_turns([asking(claim(store))], NOW, 1)
        later = NOW + LEASE
        again = asking(claim(store, at=later))
        assert store.take_turns([again], later - SECOND, 1) == (Busy(),)
        assert store.take_turns([again], later, 1) == (Granted(),)

    def test_hosts_are_one_where_they_were_reached_at_one_address(self, store: Store) -> None:
        subscribe(store, subscription(), subscription(OTHER))
        for url in (FEED, OTHER):
            poll(store, url, asked=(asked(url),))
        one = asking(claim(store))
        two = asking(claim(store, OTHER), "other.example", "other.example")
        assert store.take_turns([one, two], LATER, 9) == (Granted(), Busy())

    def test_a_host_that_a_redirect_led_to_counts_as_asked(self, store: Store) -> None:
        subscribe(store, subscription(), subscription(OTHER))
        poll(store, asked=(asked(), asked(OTHER, "redirect", address="93.184.216.99")))
        other = asking(claim(store, OTHER), "other.example", "other.example")
        assert store.take_turns([other], NOW, 1) == (Rests(NOW + GAP),)

    def test_nothing_is_asked_for_nobody(self, store: Store) -> None:
        assert store.take_turns([], NOW, 9) == ()

    # --- sites that are left alone -------------------------------------------------------------

    def test_a_pause_puts_off_every_feed_of_the_site_and_no_other(self, store: Store) -> None:
        subscribe(store, subscription(), subscription(BESIDE), subscription(OTHER))
        pause = Pause(SITE, LATER, "too many requests")
        poll(store, due_at=NOW + SECOND, pause=pause)
        for url in (FEED, BESIDE):
            assert LATER <= health(store, url).due_at <= LATER + timedelta(minutes=6)
            assert health(store, url).due_reason == "too many requests"
        assert health(store, OTHER).due_at == NOW
        assert [each.key for each in store.claim(NOW, 9, lease=LEASE)] == [OTHER]
        assert claim(store, BESIDE).pause == pause
        assert claim(store, OTHER, at=NOW + LEASE).pause is None
        (said,) = store.take_turns([asking(claim(store))], NOW, 1)
        assert said == Away(pause)

    def test_the_longer_of_two_pauses_holds_and_a_later_due_time_stays(self, store: Store) -> None:
        subscribe(store, subscription(), subscription(BESIDE))
        poll(store, due_at=LATER + timedelta(days=3), pause=Pause(SITE, LATER, "long"))
        assert health(store).due_at == LATER + timedelta(days=3)
        poll(store, BESIDE, due_at=NOW, pause=Pause(SITE, NOW + SECOND, "short"))
        assert health(store, BESIDE).due_reason == "long"
        assert health(store, BESIDE).due_at >= LATER

    def test_a_feed_of_our_own_network_belongs_to_no_site(self, store: Store) -> None:
        subscribe(store, subscription(), subscription(BESIDE))
        poll(store, BESIDE, due_at=NOW, admitted=True)
        poll(store, pause=Pause(SITE, LATER, "too many requests"))
        assert [each.key for each in store.claim(NOW, 9, lease=LEASE)] == [BESIDE]

    def test_a_site_or_an_address_never_fills_a_claim(self, store: Store) -> None:
        crowd = [f"https://{number}.crowd.example/" for number in range(9)]
        subscribe(store, *(subscription(url) for url in (*crowd, OTHER)))
        assert len(store.claim(NOW, 99, lease=LEASE)) == 5
        together = [f"https://{number}-together.example/" for number in range(9)]
        subscribe(store, *(subscription(url) for url in together))
        for url in together:
            poll(store, url, due_at=LATER, asked=(asked(url),))
        assert len(store.claim(LATER, 99, lease=LEASE)) == 4

    # --- the ledger ----------------------------------------------------------------------------

    def test_requests_are_remembered_as_they_were_made(self, store: Store) -> None:
        subscribe(store)
        first = Asked(
            Hop(FEED, NOW, 0.25, True, 304, 0, "93.184.216.34", "GET"), "poll", "it is new"
        )
        second = asked(OTHER, "redirect", status=None, error="timeout", method="POST", wire_bytes=7)
        poll(store, asked=(first, second))
        assert store.requests(FEED, 9) == (second, first)
        assert store.requests(FEED, 1) == (second,)
        assert store.requests_to("other.example", 9) == (second,)
        assert store.requests("https://unknown.example/", 9) == ()

    def test_requests_for_no_feed_are_remembered_by_host(self, store: Store) -> None:
        subscribe(store)
        looked = asked(BESIDE, "discovery")
        store.record([looked])
        poll(store, asked=(asked(),))
        assert store.requests_to("blog.news.example", 9) == (looked,)
        assert store.requests_to(SITE, 9) == (asked(), looked)
        assert store.requests(FEED, 9) == (asked(),)
        store.record([])

    def test_a_poll_that_is_applied_twice_is_entered_once(self, store: Store) -> None:
        subscribe(store)
        learned = refresh(claim(store), asked=(asked(),))
        store.apply([learned])
        store.apply([learned])
        assert len(store.requests(FEED, 9)) == 1

    def test_the_ledger_has_an_end(self, store: Store) -> None:
        subscribe(store)
        many = [asked(wire_bytes=number) for number in range(KEPT_REQUESTS + 50)]
        poll(store, asked=tuple(many))
        assert store.requests(FEED, 999) == tuple(reversed(many[50:]))
        store.record([replace(each, purpose="hub") for each in many])
        store.record([asked(OTHER)])
        assert len(store.requests_to(SITE, 9999)) == 2 * KEPT_REQUESTS
        assert len(store.requests_to("other.example", 9)) == 1

    # --- a backlog -----------------------------------------------------------------------------

    def test_those_overdue_by_more_of_their_rest_come_first(self, store: Store) -> None:
        urls = [f"https://{hours}.example/" for hours in (1, 24, 168)]
        subscribe(store, *(subscription(url) for url in urls))
        for url, hours in zip(urls, (1, 24, 168), strict=True):
            poll(store, url, due_at=NOW + timedelta(hours=hours))
        at = NOW + timedelta(hours=171)
        assert [each.key for each in store.claim(at, 9, lease=LEASE)] == urls
