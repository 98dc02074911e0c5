"""Section C of the polling rules: for whom a 429 speaks, and that nobody is asked again at once."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from aggregator.fetch.client import ClientSettings
from aggregator.fetch.patience import Timeouts
from aggregator.fetch.politeness import Hosts
from aggregator.model.polls import Outcome
from aggregator.pipeline import Visit
from aggregator.store.sqlite import SqliteStore
from aggregator.sweeping.sweep import Message, Sweep
from tests.builders import NOW
from tests.patient import Patience, patient
from tests.publisher import Headers, Pause, Raw, Reply, redirect
from tests.rows.asking import HOUR
from tests.scenario import NO_TIME, Newsroom, rss

ALICE, BOB, CAROL = (f"http://{name}.blogs.example/{name}" for name in ("alice", "bob", "carol"))
OTHER = "http://other.example/other"
SECOND = timedelta(seconds=1)
AWAY: Headers = ((b"Retry-After", b"14400"),)
LIMITED = Reply(status=429, headers=AWAY)


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    with Newsroom(tmp_path) as newsroom:
        for path in ("/alice", "/bob", "/carol", "/other"):
            newsroom.publisher.serve(path, Reply(rss(path)))
        newsroom.subscribe(ALICE, BOB, CAROL, OTHER)
        yield newsroom


def limited(newsroom: Newsroom, answer: Reply = LIMITED) -> None:
    """Let all feeds be polled, and then one of them be told to stay away."""
    newsroom.poll()
    newsroom.clock.advance(minutes=61)
    newsroom.publisher.serve("/alice", answer)
    (refresh,) = newsroom.poll(ALICE)
    assert refresh.poll.outcome is Outcome.FAILED


def asked(newsroom: Newsroom) -> set[str]:
    """Return the paths that are asked for from now on until everything was."""
    before = len(newsroom.publisher.seen())
    newsroom.poll()
    return {seen.path for seen in newsroom.publisher.seen()[before:]}


def test_row_30_a_429_pauses_every_feed_of_the_domain(newsroom: Newsroom) -> None:
    limited(newsroom)
    until = newsroom.clock() + 4 * HOUR
    for feed in (ALICE, BOB, CAROL):
        due_at = newsroom.health(feed).due_at
        # They come back spread over a tenth of the time that they stayed away.
        assert until <= due_at <= until + HOUR
    assert newsroom.health(BOB).due_at != newsroom.health(CAROL).due_at
    assert "blogs.example has had too many requests" in newsroom.health(BOB).due_reason
    newsroom.clock.at = until - SECOND
    assert asked(newsroom) <= {"/other"}
    newsroom.clock.at = until + HOUR
    assert asked(newsroom) >= {"/alice", "/bob", "/carol"}


def test_row_30_nor_is_a_feed_of_it_asked_for_by_name(newsroom: Newsroom) -> None:
    limited(newsroom)
    until = newsroom.clock() + 4 * HOUR
    newsroom.clock.at = until - SECOND
    assert newsroom.poll(BOB) == []
    ((key, when, reason),) = newsroom.heard.left_alone
    assert (key, when) == (BOB, until)
    assert "blogs.example" in reason
    newsroom.clock.at = until
    assert len(newsroom.poll(BOB)) == 1


def test_row_30_a_new_subscription_waits_with_its_site(newsroom: Newsroom) -> None:
    limited(newsroom)
    until = newsroom.clock() + 4 * HOUR
    newsroom.publisher.serve("/dora", Reply(rss("Dora")))
    newsroom.subscribe(ALICE, "http://dora.blogs.example/dora")
    newsroom.clock.at = until - SECOND
    with closing(SqliteStore(newsroom.path)) as another:
        assert another.claim(newsroom.clock(), 9, lease=HOUR) == ()
    newsroom.clock.at = until
    assert "/dora" in asked(newsroom)


def test_row_30_who_waits_for_a_turn_meanwhile_is_given_back(newsroom: Newsroom) -> None:
    for path in ("/alice", "/bob"):
        newsroom.publisher.serve(path, LIMITED)
    assert patient(newsroom, hosts=Hosts(2 * SECOND, NO_TIME)).round()
    paths = {seen.path for seen in newsroom.publisher.seen()}
    assert len(paths & {"/alice", "/bob", "/carol"}) == 2
    assert "/other" in paths
    ((_, until, _),) = newsroom.heard.left_alone
    assert until >= NOW + 4 * HOUR


class Together(Patience):
    """An inbox in which the first two visits arrive together."""

    _alone = True

    def get(self, block: bool = True, timeout: float | None = None) -> Message:
        first = super().get(block, timeout)
        if isinstance(first, Visit) and self._alone:
            self._alone = False
            self.put(super().get())
        return first


def test_row_30_a_round_ends_if_the_last_who_waits_is_left_alone(newsroom: Newsroom) -> None:
    for path in ("/alice", "/bob", "/carol"):
        newsroom.publisher.serve(path, LIMITED)
    newsroom.subscribe(ALICE, BOB, CAROL)
    inbox = Together(newsroom)
    wiring = replace(newsroom.wiring, hosts=Hosts(2 * SECOND, NO_TIME))
    inbox.sweep = Sweep(newsroom.store, wiring, newsroom.heard, inbox=inbox)
    assert inbox.sweep.round()
    assert len(newsroom.publisher.seen()) == 2
    ((_, until, _),) = newsroom.heard.left_alone
    assert until >= NOW + 4 * HOUR


@pytest.mark.parametrize("given", [(), ((b"Retry-After", b"0"),)])
def test_row_30_without_a_time_the_domain_is_left_alone_for_an_hour(
    newsroom: Newsroom, given: Headers
) -> None:
    limited(newsroom, Reply(status=429, headers=given))
    newsroom.clock.advance(minutes=59)
    assert newsroom.poll(BOB) == []
    newsroom.clock.advance(minutes=1)
    assert len(newsroom.poll(BOB)) == 1


def test_row_30_what_a_redirect_led_to_speaks_for_its_own_site(newsroom: Newsroom) -> None:
    newsroom.publisher.serve("/other", redirect(ALICE))
    newsroom.publisher.serve("/alice", LIMITED)
    newsroom.poll(OTHER)
    assert newsroom.poll(BOB) == []
    newsroom.publisher.serve("/elsewhere", Reply(rss("A")))
    newsroom.subscribe(BOB, OTHER, "http://www.other.example/elsewhere")
    assert asked(newsroom) == {"/elsewhere"}


def test_row_30_a_503_pauses_its_feed_only(newsroom: Newsroom) -> None:
    limited(newsroom, Reply(status=503, headers=AWAY))
    assert newsroom.health(ALICE).due_at >= newsroom.clock() + 4 * HOUR
    assert len(newsroom.poll(BOB, CAROL)) == 2


@pytest.mark.parametrize("host", ["home.internal", "127.0.0.1"])
def test_row_30_hosts_of_our_own_are_never_grouped(tmp_path: Path, host: str) -> None:
    settings = ClientSettings(allow_addresses=(ip_network("127.0.0.0/8"),))
    one, two = (f"http://{name}" for name in (f"{host}/one", f"{host}/two"))
    if not host[0].isdigit():
        two = f"http://wiki.{host}/two"
    with Newsroom(tmp_path, settings=settings) as newsroom:
        newsroom.publisher.serve("/one", LIMITED)
        newsroom.publisher.serve("/two", Reply(rss("A")))
        newsroom.subscribe(one, two)
        newsroom.poll(one)
        assert len(newsroom.poll(two)) == 1


# --- rows 27, 31 and 32 --------------------------------------------------------------------------


def test_row_27_there_is_no_request_before_the_time_that_a_429_names(newsroom: Newsroom) -> None:
    limited(newsroom)
    until = newsroom.clock() + 4 * HOUR
    before = len(newsroom.seen("/alice"))
    for at in (newsroom.clock(), until - SECOND):
        newsroom.clock.at = at
        newsroom.poll()
        newsroom.poll(ALICE)
    assert len(newsroom.seen("/alice")) == before
    newsroom.clock.at = until
    assert len(newsroom.poll(ALICE)) == 1


def test_row_31_repeated_429s_are_waited_for_twice_as_long_each_and_at_most_a_day(
    newsroom: Newsroom,
) -> None:
    newsroom.subscribe(OTHER)
    newsroom.publisher.serve("/other", Reply(status=429))
    refreshes = [newsroom.poll_next() for _ in range(8)]
    waits = [refresh.due_at - refresh.poll.ended_at for refresh in refreshes]
    for times, wait in enumerate(waits):
        least = min(24 * HOUR, HOUR * 2**times)
        assert least <= wait
    assert max(waits) <= 27 * HOUR


def test_row_32_a_server_that_says_nothing_is_not_asked_again(tmp_path: Path) -> None:
    settings = ClientSettings(timeouts=Timeouts(total=0.2))
    with Newsroom(tmp_path, settings=settings) as newsroom:
        newsroom.publisher.serve("/other", Raw([Pause()]))
        newsroom.subscribe(OTHER)
        (refresh,) = newsroom.poll()
        assert refresh.poll.error_code == "timeout"
        assert newsroom.poll() == []
        assert len(newsroom.seen("/other")) == 1
        (asked,) = newsroom.store.requests(OTHER, 9)
        assert (asked.hop.status, asked.hop.error) == (None, "timeout")
