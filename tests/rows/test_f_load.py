"""Section F of the polling rules: load on hosts, and on the world after a break."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from aggregator.fetch.politeness import Hosts
from aggregator.model.fetching import Fetched, FetchRequest, Hop
from aggregator.pipeline import Tell
from aggregator.store.sqlite import SqliteStore
from aggregator.sweeping.claims import LEASE
from aggregator.sweeping.sweep import Sweep
from tests.builders import NOW
from tests.patient import Diary, patient, unread
from tests.publisher import Reply, Scripted, Seen
from tests.scenario import NO_TIME, Heard, Newsroom, rss, url

SECOND = timedelta(seconds=1)
POLITE = Hosts(2 * SECOND, NO_TIME)
PACED = Hosts(NO_TIME, NO_TIME, paced=True)


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    with Newsroom(tmp_path) as newsroom:
        yield newsroom


def keep_diary(newsroom: Newsroom, *paths: str, lasting: float = 0) -> Diary:
    diary = Diary(newsroom, unread(), lasting=lasting)
    for path in paths:
        newsroom.publisher.serve(path, diary)
    return diary


def gaps(times: list[datetime]) -> list[timedelta]:
    return [after - before for before, after in pairwise(times)]


def work_off(sweep: Sweep, newsroom: Newsroom, heard: int) -> None:
    """Claim and turn, as the daemon does, until so many polls were heard of."""
    while len(newsroom.heard.refreshes) < heard:
        sweep.claim_due()
        sweep.turn(1.0)


# --- row 14 --------------------------------------------------------------------------------------


def test_row_14_a_restart_remembers_when_each_host_was_asked(tmp_path: Path) -> None:
    with Newsroom(tmp_path) as newsroom:
        keep_diary(newsroom, "/a")
        newsroom.subscribe("/a", "/b")
        patient(newsroom, hosts=POLITE).round([url("/a")])
    with Newsroom(tmp_path) as newsroom:
        diary = keep_diary(newsroom, "/b")
        newsroom.clock.advance(seconds=0.5)
        patient(newsroom, hosts=POLITE).round()
        assert diary.times() == [NOW + 2 * SECOND]


# --- row 59 --------------------------------------------------------------------------------------


def test_row_59_a_host_is_asked_once_at_a_time_and_rests_a_gap_or_twice_its_latency(
    newsroom: Newsroom,
) -> None:
    paths = [f"/{number}" for number in range(5)]
    diary = keep_diary(newsroom, *paths)
    newsroom.subscribe(*paths)

    def slow(request: FetchRequest, tell: Tell) -> Fetched:
        def tell_of_five_seconds(hop: Hop) -> None:
            newsroom.clock.advance(seconds=5)
            tell(replace(hop, seconds=5))

        return newsroom.fetch(request, tell_of_five_seconds if request.url == url("/2") else tell)

    edge = replace(newsroom.wiring.edge, fetch=slow)
    assert patient(newsroom, hosts=POLITE, edge=edge).round(map(url, paths))
    order = [seen.path for seen in newsroom.publisher.seen()]
    expected = [(10 if path == "/2" else 2) * SECOND for path in order[:-1]]
    assert gaps(diary.times()) == expected


def test_row_59_two_of_a_site_are_under_way_at_once(newsroom: Newsroom) -> None:
    under_way: Counter[str] = Counter()
    most: Counter[str] = Counter()
    sites = ["blogs.example", "journals.example"]
    urls = [f"http://{name}.{site}/feed" for site in sites for name in "abcdef"]
    newsroom.subscribe(*urls)

    def fetch(request: FetchRequest, tell: Tell) -> Fetched:
        site = next(site for site in sites if site in request.url)
        under_way[site] += 1
        most[site] = max(most[site], under_way[site])
        try:
            return newsroom.fetch(request, tell)
        finally:
            under_way[site] -= 1

    edge = replace(newsroom.wiring.edge, fetch=fetch)
    newsroom.publisher.serve("/feed", Reply(rss("A")))
    assert patient(newsroom, hosts=POLITE, edge=edge).round()
    assert len(newsroom.seen()) == 12
    assert max(most.values()) <= 2


def test_row_59_a_site_that_answers_two_at_once_gets_no_third(newsroom: Newsroom) -> None:
    """As above, with answers held back until both have come: exactly two are under way."""
    newsroom.subscribe(*(f"http://{name}.blogs.example/feed" for name in "abc"))
    sweep = patient(newsroom, hosts=POLITE)

    def answer(_: Seen) -> Scripted:
        newsroom.publisher.wait_for(2)
        return unread()

    newsroom.publisher.serve("/feed", answer, answer, unread())
    sweep.claim_due()
    newsroom.publisher.wait_for(2)
    sweep.claim_due()
    assert len(newsroom.seen()) == 2
    assert sweep.round()
    assert len(newsroom.seen()) == 3


def test_row_59_hosts_at_one_address_share_its_turns(newsroom: Newsroom) -> None:
    hosts = ["one-together.example", "two-together.example", "else.example"]
    diary = keep_diary(newsroom, "/first", "/second")
    newsroom.subscribe(*(f"http://{host}/first" for host in hosts))
    sweep = patient(newsroom, hosts=POLITE)
    assert sweep.round()
    # Where a host is, is known from the first visit on.
    newsroom.clock.advance(days=1)
    newsroom.subscribe(*(f"http://{host}/second" for host in hosts))
    before = len(diary.asked)
    assert sweep.round()
    again = dict(diary.asked[before:])
    assert again["else.example"] == min(again.values())
    assert abs(again["one-together.example"] - again["two-together.example"]) == 2 * SECOND


def test_row_59_two_processes_share_the_turns_of_a_host(newsroom: Newsroom) -> None:
    paths = [f"/{number}" for number in range(6)]
    diary = keep_diary(newsroom, *paths)
    newsroom.subscribe(*paths)
    heard = Heard()
    with closing(SqliteStore(newsroom.path)) as store:
        ours, theirs = patient(newsroom, hosts=POLITE), patient(newsroom, store, heard)
        while len(newsroom.heard.refreshes) + len(heard.refreshes) < 6:
            for sweep in (ours, theirs):
                sweep.claim_due()
                sweep.turn(1.0)
    assert min(gaps(diary.times())) >= 2 * SECOND
    assert {refresh.key for refresh in heard.refreshes}


# --- row 60 --------------------------------------------------------------------------------------


def test_row_60_a_host_with_a_crowd_of_feeds_holds_up_nobody(newsroom: Newsroom) -> None:
    crowd = [f"http://giant.example/{number}" for number in range(40)]
    others = [f"http://small-{number}.example/feed" for number in range(6)]
    diary = keep_diary(newsroom, "/feed", *(f"/{number}" for number in range(40)))
    newsroom.subscribe(*crowd)
    newsroom.clock.advance(hours=1)
    newsroom.subscribe(*crowd, *others)
    began = newsroom.clock()
    sweep = patient(newsroom, hosts=POLITE, threads=4)
    work_off(sweep, newsroom, 46)
    for number in range(6):
        (asked_at,) = diary.times(f"small-{number}.example")
        assert asked_at - began <= 4 * SECOND
    assert min(gaps(diary.times("giant.example"))) >= 2 * SECOND


def test_row_60_nor_does_a_site_with_a_crowd_of_hosts(newsroom: Newsroom) -> None:
    crowd = [f"http://blog-{number}.giant.example/feed" for number in range(30)]
    newsroom.subscribe(*crowd)
    newsroom.clock.advance(hours=1)
    newsroom.subscribe(*crowd, "http://small.example/feed")
    diary = keep_diary(newsroom, "/feed", lasting=1)
    began = newsroom.clock()
    work_off(patient(newsroom, hosts=POLITE, threads=4), newsroom, 31)
    (asked_at,) = diary.times("small.example")
    assert asked_at - began <= 4 * SECOND


# --- row 61 --------------------------------------------------------------------------------------


def test_row_61_a_backlog_is_worked_off_at_five_a_second(newsroom: Newsroom) -> None:
    newsroom.subscribe(*(f"http://host-{number}.example/feed" for number in range(20)))
    diary = keep_diary(newsroom, "/feed")
    newsroom.clock.advance(hours=6)
    began = newsroom.clock()
    assert patient(newsroom, hosts=PACED).round()
    seconds = Counter((at - began) // SECOND for at in diary.times())
    # A second's worth is in the bucket, and another comes in the first second.
    assert max(seconds.values()) <= 10
    assert diary.times()[-1] - began == 3 * SECOND
    for start in diary.times():
        assert sum(start <= at < start + SECOND for at in diary.times()) <= 10


def test_row_61_a_usual_rate_above_that_is_doubled(newsroom: Newsroom) -> None:
    urls = [f"http://host-{number}.example/feed" for number in range(24)]
    newsroom.subscribe(*urls)
    with newsroom.store.database.writing():
        newsroom.store.database.execute("UPDATE feed SET wait_seconds = 4")
    diary = keep_diary(newsroom, "/feed")
    assert patient(newsroom, hosts=PACED).round()
    took = diary.times()[-1] - diary.times()[0]
    # Six a second as usual, so twelve: a second's worth at once, and as many in the next.
    assert 0.9 * SECOND <= took <= 1.1 * SECOND


def test_row_61_who_is_overdue_by_more_of_its_rest_comes_first(newsroom: Newsroom) -> None:
    rests = {"hourly": 1, "daily": 24, "weekly": 168}
    newsroom.subscribe(*(f"http://{name}.example/feed" for name in rests))
    with newsroom.store.database.writing():
        for name, hours in rests.items():
            # The rarer a feed is polled, the longer it is overdue.
            due = NOW - (2 + hours / 24) * timedelta(hours=1)
            newsroom.store.database.execute(
                "UPDATE feed SET wait_seconds = ?, due_at = ? WHERE host = ?",
                (hours * 3600, f"{due:%Y-%m-%dT%H:%M:%S.000000Z}", f"{name}.example"),
            )
    diary = keep_diary(newsroom, "/feed")
    assert patient(newsroom, hosts=PACED, threads=1).round()
    assert [host for host, _ in diary.asked] == [f"{name}.example" for name in rests]


def test_row_61_no_more_are_in_flight_than_the_workers(newsroom: Newsroom) -> None:
    urls = [f"http://host-{number}.example/feed" for number in range(9)]
    newsroom.subscribe(*urls)
    sweep = patient(newsroom, hosts=PACED, threads=3)
    held: list[Seen] = []

    def answer(seen: Seen) -> Scripted:
        held.append(seen)
        newsroom.publisher.wait_for(3)
        return unread()

    newsroom.publisher.serve("/feed", answer)
    sweep.claim_due()
    newsroom.publisher.wait_for(3)
    sweep.claim_due()
    assert len(held) == 3
    assert sweep.round()
    assert len(held) == 9


def test_row_61_files_wait_for_no_bucket(newsroom: Newsroom, tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.xml" for number in range(30)]
    for path in paths:
        path.write_bytes(rss("A"))
    newsroom.subscribe(*(path.as_uri() for path in paths))
    assert patient(newsroom, hosts=PACED).round()
    assert len(newsroom.heard.refreshes) == 30
    assert newsroom.clock() == NOW


# --- row 62 --------------------------------------------------------------------------------------


def test_row_62_a_process_that_dies_while_it_asks_holds_its_feed_and_its_host_for_a_time(
    newsroom: Newsroom,
) -> None:
    diary = keep_diary(newsroom, "/b", "/a")
    newsroom.subscribe("/a", "/b")
    with closing(SqliteStore(newsroom.path)) as store:
        # It has gone when its visit ends: nobody commits or releases anything.
        died = patient(newsroom, store, hosts=POLITE)
        store.claim(NOW, 1, lease=LEASE, keys=[url("/b")])
        died.claim_due()
        newsroom.publisher.wait_for(1, "/a")
    newsroom.clock.advance(seconds=60)
    survivor = patient(newsroom)
    assert survivor.round()
    assert len(diary.asked) == 1, "its feed and its neighbour's were under lease"
    newsroom.clock.at = NOW + LEASE - SECOND
    assert survivor.round()
    assert len(diary.asked) == 1
    newsroom.clock.at = NOW + LEASE
    assert survivor.round()
    assert len(diary.asked) == 3
    assert {refresh.key for refresh in newsroom.heard.refreshes} == {url("/a"), url("/b")}


def test_row_62_the_turn_of_a_process_that_died_ends_by_itself(newsroom: Newsroom) -> None:
    diary = keep_diary(newsroom, "/a", "/b")
    newsroom.subscribe("/a")
    with closing(SqliteStore(newsroom.path)) as store:
        patient(newsroom, store, hosts=POLITE).claim_due()
        newsroom.publisher.wait_for(1, "/a")
    newsroom.subscribe("/a", "/b")
    newsroom.clock.advance(seconds=60)
    # Its neighbour may be claimed, but the host is taken for busy until five minutes are over.
    work_off(patient(newsroom), newsroom, 1)
    assert diary.times()[1] >= NOW + LEASE
