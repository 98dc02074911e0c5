"""Row 40 of the polling rules: when it is our own network that is away, no feed is blamed."""

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest

from aggregator.fetch.client import ClientSettings
from aggregator.fetch.patience import Timeouts
from aggregator.model.feeds import FeedState
from aggregator.model.polls import Outcome
from aggregator.pipeline import Edge, Visit, visit
from tests.internet import Away
from tests.publisher import Reply, Scripted, Seen
from tests.rows.asking import issued
from tests.scenario import Newsroom, rss

FIVE = tuple(f"http://{name}.example/feed" for name in "abcde")
PATIENCE = 10.0


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    """A newsroom that has polled five feeds of five hosts, all of which are due again."""
    settings = ClientSettings(
        timeouts=Timeouts(look_up=0.03), allow_addresses=(ip_network("127.0.0.0/8"),)
    )
    with Newsroom(tmp_path, settings=settings) as newsroom:
        publish(newsroom, "Monday")
        subscribe(newsroom, *FIVE)
        yield newsroom


def publish(newsroom: Newsroom, title: str) -> None:
    newsroom.publisher.serve("/feed", Reply(rss(title), headers=issued()))


def subscribe(newsroom: Newsroom, *urls: str) -> None:
    newsroom.subscribe(*urls)
    assert len(newsroom.poll()) == len(urls)
    newsroom.clock.advance(days=8)


def turn_until_quiet(newsroom: Newsroom) -> None:
    """Do what the daemon does at a tick, until nothing more happens by itself."""
    newsroom.sweep.claim_due()
    while newsroom.sweep.busy or newsroom.sweep.under_way:
        newsroom.sweep.turn(PATIENCE)


def failures(newsroom: Newsroom) -> list[int]:
    return [feed.rhythm.failures for feed in newsroom.store.feeds()]


@pytest.mark.parametrize("how", list(Away))
def test_row_40_while_our_network_is_away_no_feed_is_penalised(
    newsroom: Newsroom, how: Away
) -> None:
    before = newsroom.store.feeds()
    newsroom.internet.go_away(how)
    assert newsroom.poll() == []
    assert newsroom.sweep.network_is_away
    assert newsroom.store.feeds() == before
    assert all(len(newsroom.store.polls(url, 9)) == 1 for url in FIVE)
    assert newsroom.heard.events == ["the network is away: polling pauses, and no feed is blamed"]
    assert len(newsroom.publisher.seen()) == len(FIVE)


@pytest.mark.parametrize("how", list(Away))
def test_row_40_polling_pauses_and_goes_on_when_the_network_is_back(
    newsroom: Newsroom, how: Away
) -> None:
    newsroom.internet.go_away(how)
    turn_until_quiet(newsroom)
    for _ in range(20):
        newsroom.clock.advance(minutes=1)
        turn_until_quiet(newsroom)
    assert len(newsroom.publisher.seen()) == len(FIVE)
    newsroom.internet.come_back()
    publish(newsroom, "Tuesday")
    newsroom.clock.advance(minutes=5)
    for _ in range(3):  # the probe, four feeds of one address, the fifth
        turn_until_quiet(newsroom)
    assert newsroom.heard.events[1:] == ["the network is back after 25 min"]
    assert [len(newsroom.store.polls(url, 9)) for url in FIVE] == [2] * len(FIVE)
    assert not any(failures(newsroom))
    assert newsroom.titles().count("Tuesday") == len(FIVE)


def test_row_40_the_probes_come_a_minute_later_each_time(newsroom: Newsroom) -> None:
    newsroom.internet.go_away(Away.NAMES)
    turn_until_quiet(newsroom)
    probed_at = []
    for minute in range(1, 22):
        newsroom.clock.advance(minutes=1)
        asked = newsroom.internet.look_ups
        turn_until_quiet(newsroom)
        if newsroom.internet.look_ups > asked:
            probed_at.append(minute)
    assert probed_at == [1, 3, 6, 10, 15, 20]


def test_row_40_one_host_that_is_lost_among_others_is_its_publishers_failure(
    newsroom: Newsroom,
) -> None:
    newsroom.internet.lost.add("c.example")
    newsroom.poll(FIVE[2])
    assert not newsroom.sweep.network_is_away
    (failed,) = newsroom.heard.refreshes[len(FIVE) :]
    assert (failed.key, failed.poll.error_code) == (FIVE[2], "unreachable")
    assert sorted(failures(newsroom)) == [0, 0, 0, 0, 1]
    # Whether the others can be reached was found out without a request to them.
    assert len(newsroom.publisher.seen()) == len(FIVE)


def test_row_40_four_of_five_hosts_that_are_lost_prove_nothing_about_us(
    newsroom: Newsroom,
) -> None:
    newsroom.internet.lost |= {"a.example", "b.example", "c.example", "d.example"}
    assert len(newsroom.poll()) == len(FIVE)
    assert sorted(failures(newsroom)) == [0, 1, 1, 1, 1]


def test_row_40_half_of_many_hosts_do(newsroom: Newsroom) -> None:
    many = tuple(f"http://{number}.example/feed" for number in range(40))
    subscribe(newsroom, *many)
    newsroom.internet.lost |= {f"{number}.example" for number in range(0, 40, 2)}
    newsroom.poll(many[0])
    assert newsroom.sweep.network_is_away
    assert not any(failures(newsroom))


def test_row_40_a_name_that_is_unknown_is_an_answer(newsroom: Newsroom) -> None:
    newsroom.subscribe("http://nowhere.invalid/feed", *FIVE)
    (refresh,) = newsroom.poll("http://nowhere.invalid/feed")
    assert refresh.poll.error_code == "dns"
    assert not newsroom.heard.events


@pytest.mark.parametrize("hosts", [1, 2])
def test_row_40_with_one_or_two_hosts_only_a_missing_way_proves_it(
    newsroom: Newsroom, hosts: int
) -> None:
    newsroom.subscribe(*FIVE[:hosts])
    newsroom.internet.go_away(Away.ROUTES)
    assert newsroom.poll() == []
    assert newsroom.sweep.network_is_away
    newsroom.internet.come_back()
    newsroom.clock.advance(minutes=1)
    while newsroom.sweep.network_is_away:
        turn_until_quiet(newsroom)
    newsroom.clock.advance(days=8)
    newsroom.internet.go_away(Away.NAMES)
    turn_until_quiet(newsroom)
    assert not newsroom.sweep.network_is_away
    assert {feed.rhythm.failures for feed in newsroom.store.feeds() if feed.status == "active"} == {
        1
    }


def test_row_40_what_needs_no_network_goes_on(newsroom: Newsroom, tmp_path: Path) -> None:
    document = tmp_path / "feed.xml"
    document.write_bytes(rss("From a file"))
    near = (document.as_uri(), "http://wiki.internal/feed")
    newsroom.subscribe(*FIVE, *near)
    newsroom.poll(near[1])
    newsroom.internet.go_away(Away.ROUTES)
    newsroom.internet.near.add("127.0.0.1")
    polled = {refresh.key for refresh in newsroom.poll()}
    newsroom.clock.advance(days=8)
    assert newsroom.sweep.network_is_away
    polled_later = {refresh.key for refresh in newsroom.poll()}
    assert polled == {near[0]}
    assert polled_later == set(near)


def test_row_40_a_feed_asked_for_by_name_is_left_as_it_is(newsroom: Newsroom) -> None:
    newsroom.internet.go_away(Away.NAMES)
    assert newsroom.poll() == []
    newsroom.clock.advance(seconds=10)
    assert newsroom.poll(*FIVE) == []
    newsroom.internet.come_back()
    newsroom.clock.advance(minutes=1)
    while newsroom.sweep.network_is_away:
        turn_until_quiet(newsroom)
    assert len(newsroom.poll(*FIVE)) == len(FIVE)


def test_row_40_an_answer_that_comes_while_the_network_goes_away_counts(
    newsroom: Newsroom,
) -> None:
    def cut_off(_: Seen) -> Scripted:
        newsroom.internet.go_away(Away.NAMES)
        return Reply(rss("Tuesday"))

    newsroom.publisher.serve("/feed", cut_off)
    (refresh,) = newsroom.poll(FIVE[0])
    assert refresh.poll.outcome is Outcome.NEW
    assert newsroom.poll() == []
    assert not any(failures(newsroom))


def test_row_40_an_errand_waits_until_the_network_is_back(newsroom: Newsroom) -> None:
    done: list[str] = []

    def errand(state: FeedState, edge: Edge) -> Visit:
        done.append(state.key)
        return visit(state, edge)

    newsroom.internet.go_away(Away.NAMES)
    assert newsroom.poll() == []
    newsroom.sweep.run_errand(FIVE[0], errand)
    turn_until_quiet(newsroom)
    assert not done
    newsroom.internet.come_back()
    newsroom.clock.advance(minutes=1)
    while newsroom.sweep.network_is_away:
        turn_until_quiet(newsroom)
    turn_until_quiet(newsroom)
    assert done == [FIVE[0]]


def test_row_40_what_is_held_back_when_we_stop_has_not_happened(newsroom: Newsroom) -> None:
    newsroom.internet.go_away(Away.SILENCE)
    newsroom.sweep.claim_due()
    while not newsroom.sweep.under_way:
        newsroom.sweep.turn(PATIENCE)
    newsroom.sweep.release()
    due_at = newsroom.store.next_due_at()
    assert due_at is not None
    assert due_at <= newsroom.clock()
    assert not any(failures(newsroom))
