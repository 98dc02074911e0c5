"""Many polls: who is asked, who is left alone, and that nothing ends a run or polls twice."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from aggregator.config.load import load
from aggregator.errors import StoreFullError
from aggregator.fetch.politeness import Hosts
from aggregator.model.boilerplate import Fingerprints
from aggregator.model.entries import Entry
from aggregator.model.feeds import FeedState
from aggregator.model.fetching import Document, Fetched, FetchRequest
from aggregator.model.polls import Outcome, Refresh
from aggregator.pipeline import Edge, Reading, Visit, read, visit
from aggregator.polling import Pace
from aggregator.settling import Policy
from aggregator.store.sqlite import SqliteStore
from aggregator.sweeping.claims import LEASE
from aggregator.sweeping.sweep import Signal, Sweep
from aggregator.tagger import Tagger
from tests.builders import NOW, subscription
from tests.publisher import Answer, Reply, Scripted, Seen
from tests.scenario import NO_TIME, Heard, Newsroom, rss, url

ETAG = ((b"ETag", b'"1"'),)
PATIENCE = 10.0
"""Seconds that something may take on a busy machine before a test fails."""


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    with Newsroom(tmp_path) as newsroom:
        yield newsroom


def rewired(newsroom: Newsroom, **changes: Any) -> Sweep:
    """Build another sweep whose way out is changed: what `Edge` has, or the wiring."""
    edge = {name: changes.pop(name) for name in ("fetch", "read") if name in changes}
    newsroom.wiring = replace(
        newsroom.wiring, edge=replace(newsroom.wiring.edge, **edge), **changes
    )
    newsroom.sweep = newsroom.sweep_over(newsroom.store)
    return newsroom.sweep


def wait_for_visits(*paths: str) -> None:
    """Return when nobody is on the way to these paths, so that what came is in the inbox."""
    on_the_way = [thread for thread in threading.enumerate() if thread.name in map(url, paths)]
    for thread in on_the_way:
        thread.join(PATIENCE)
        assert not thread.is_alive()


class Gate:
    """An answer that is held back until it is opened."""

    def __init__(self, answer: Scripted) -> None:
        self._answer = answer
        self._opened = threading.Event()

    def __call__(self, _: Seen) -> Scripted:
        assert self._opened.wait(PATIENCE)
        return self._answer

    def open(self) -> None:
        self._opened.set()


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate(Reply(rss("Late news")))
    yield gate
    gate.open()


def serve(newsroom: Newsroom, *paths: str, answer: Answer | None = None) -> None:
    for path in paths:
        newsroom.publisher.serve(path, answer or Reply(rss(f"Story of {path}"), headers=ETAG))


# --- rounds --------------------------------------------------------------------------------------


def test_a_round_polls_all_that_is_due_once(newsroom: Newsroom) -> None:
    paths = [f"/feed-{number}" for number in range(20)]
    serve(newsroom, *paths)
    newsroom.subscribe(*paths)
    assert len(newsroom.poll()) == 20
    assert not newsroom.poll()
    assert all(len(newsroom.seen(path)) == 1 for path in paths)
    assert len(newsroom.entries()) == 20


def test_the_second_round_is_conditional_and_stores_nothing(newsroom: Newsroom) -> None:
    newsroom.publisher.serve("/feed", Reply(rss("Talks"), headers=ETAG), Reply(status=304))
    newsroom.subscribe("/feed")
    newsroom.poll()
    before = newsroom.entries()
    assert newsroom.poll_next().poll.outcome is Outcome.NOT_MODIFIED
    assert [seen.values(b"If-None-Match") for seen in newsroom.seen()] == [(), (b'"1"',)]
    assert newsroom.entries() == before


def test_a_round_over_nothing_is_finished(newsroom: Newsroom) -> None:
    assert newsroom.poll() == []
    assert newsroom.poll("/unheard-of") == []
    assert not newsroom.sweep.busy


def test_a_named_feed_is_polled_though_it_is_not_due(newsroom: Newsroom) -> None:
    serve(newsroom, "/feed", "/other")
    newsroom.subscribe("/feed", "/other")
    newsroom.poll()
    newsroom.clock.advance(minutes=61)
    assert newsroom.health().due_at > newsroom.clock()
    (refresh,) = newsroom.poll("/feed")
    assert refresh.key == url("/feed")
    assert not newsroom.heard.left_alone


def test_more_named_feeds_than_there_is_room_for_are_all_polled(newsroom: Newsroom) -> None:
    paths = [f"/feed-{number}" for number in range(30)]
    serve(newsroom, *paths)
    newsroom.subscribe(*paths)
    rewired(newsroom, threads=2)
    assert len(newsroom.poll(*paths)) == 30


def test_the_floor_refuses_a_named_feed_and_says_until_when(newsroom: Newsroom) -> None:
    serve(newsroom, "/feed")
    newsroom.subscribe("/feed")
    newsroom.poll()
    newsroom.clock.advance(minutes=10)
    assert newsroom.poll("/feed") == []
    ((key, until, reason),) = newsroom.heard.left_alone
    assert (key, until) == (url("/feed"), NOW + timedelta(minutes=60))
    assert reason == "it was polled 10 min ago, and polls are at least 1 h apart"
    assert len(newsroom.seen()) == 1
    # It was given back, not kept: when its time comes it is polled.
    newsroom.clock.at = until
    assert len(newsroom.poll("/feed")) == 1


def test_retry_after_refuses_a_named_feed_even_beyond_the_floor(newsroom: Newsroom) -> None:
    away = ((b"Retry-After", b"7200"),)
    serve(newsroom, "/feed", answer=Reply(status=429, headers=away))
    newsroom.subscribe("/feed")
    newsroom.poll()
    newsroom.clock.advance(minutes=119)
    assert newsroom.poll("/feed") == []
    ((_, until, reason),) = newsroom.heard.left_alone
    assert until == NOW + timedelta(hours=2)
    assert reason == "the server asked us to stay away until then"
    newsroom.clock.advance(minutes=1)
    assert len(newsroom.poll("/feed")) == 1


def test_a_round_that_is_stopped_says_so_and_what_it_did_not_poll_is_still_due(
    newsroom: Newsroom, gate: Gate
) -> None:
    serve(newsroom, "/feed", answer=gate)
    newsroom.subscribe("/feed")
    newsroom.sweep.signal(Signal.STOP)
    assert not newsroom.sweep.round()
    newsroom.sweep.release()
    gate.open()
    assert [refresh.new[0].entry.title for refresh in newsroom.poll()] == ["Late news"]


# --- hosts ---------------------------------------------------------------------------------------


def test_one_request_at_a_time_goes_to_a_host_and_not_before_its_gap(newsroom: Newsroom) -> None:
    serve(newsroom, "/a", "/b")
    newsroom.subscribe("/a", "/b")
    sweep = rewired(newsroom, hosts=Hosts(timedelta(seconds=2), NO_TIME))
    sweep.claim_due()
    sweep.turn(PATIENCE)
    newsroom.clock.advance(seconds=1.9)
    sweep.turn(0)
    assert len(newsroom.publisher.seen()) == 1
    newsroom.clock.advance(seconds=0.1)
    sweep.turn(PATIENCE)
    assert len(newsroom.publisher.seen()) == 2
    assert not sweep.busy


def test_nobody_waits_for_a_host_that_is_not_his(newsroom: Newsroom) -> None:
    crowd = [f"/feed-{number}" for number in range(4)]
    serve(newsroom, *crowd, "/elsewhere")
    newsroom.subscribe(*crowd, "http://other.example/elsewhere")
    sweep = rewired(newsroom, hosts=Hosts(timedelta(seconds=2), NO_TIME))
    sweep.claim_due()
    wait_for_visits(*crowd, "http://other.example/elsewhere")
    sweep.turn(PATIENCE)
    assert {refresh.key for refresh in newsroom.heard.refreshes} > {
        "http://other.example/elsewhere"
    }
    assert len(newsroom.heard.refreshes) == 2


def test_who_waits_too_long_for_a_turn_is_claimed_anew(newsroom: Newsroom) -> None:
    serve(newsroom, "/a", "/b")
    newsroom.subscribe("/a", "/b")
    sweep = rewired(newsroom, hosts=Hosts(2 * LEASE, NO_TIME))
    sweep.claim_due()
    sweep.turn(PATIENCE)
    newsroom.clock.advance(seconds=LEASE.total_seconds() + 1)
    sweep.claim_due()
    newsroom.clock.advance(seconds=LEASE.total_seconds())
    sweep.claim_due()
    sweep.turn(PATIENCE)
    assert len(newsroom.publisher.seen()) == 2
    assert {refresh.key for refresh in newsroom.heard.refreshes} == {url("/a"), url("/b")}
    assert not sweep.busy


def test_an_errand_that_waits_too_long_for_a_turn_is_done_later(newsroom: Newsroom) -> None:
    serve(newsroom, "/a", "/b")
    newsroom.subscribe("/a", "/b")
    sweep = rewired(newsroom, hosts=Hosts(2 * LEASE, NO_TIME))
    done: list[str] = []

    def errand(state: FeedState, edge: Edge) -> Visit:
        done.append(state.key)
        return visit(state, edge)

    assert sweep.round([url("/a")])
    sweep.run_errand(url("/b"), errand)
    for _ in range(4):
        sweep.claim_due()
        sweep.turn(0)
        assert not done
        newsroom.clock.at += LEASE / 2
    sweep.claim_due()
    sweep.turn(PATIENCE)
    assert done == [url("/b")]


def test_what_falls_due_while_a_round_lasts_is_for_the_next(newsroom: Newsroom) -> None:
    def answer_late(seen: Seen) -> Scripted:
        # Each answer takes so long that the other feed is due again.
        newsroom.clock.advance(seconds=60)
        if len(newsroom.publisher.seen()) > 4:
            newsroom.sweep.signal(Signal.STOP)
        return Reply(rss("Story"))

    serve(newsroom, "/a", answer=answer_late)
    serve(newsroom, "/b", answer=answer_late)
    often = timedelta(seconds=10)
    subscriptions = [subscription(url(path), interval=often) for path in ("/a", "/b")]
    newsroom.store.subscribe(subscriptions, newsroom.clock.at)
    assert newsroom.sweep.round()
    assert len(newsroom.publisher.seen()) == 2


@pytest.mark.parametrize("change", ["paused", "archived"])
def test_an_errand_for_a_feed_that_nobody_may_poll_any_more_is_forgotten(
    newsroom: Newsroom, change: str
) -> None:
    serve(newsroom, "/a")
    newsroom.subscribe("/a")
    done: list[str] = []

    def errand(state: FeedState, edge: Edge) -> Visit:
        done.append(state.key)
        return visit(state, edge)

    newsroom.sweep.run_errand(url("/a"), errand)
    newsroom.store.subscribe(
        [subscription(url("/a"), paused=True)] if change == "paused" else [], newsroom.clock.at
    )
    newsroom.sweep.claim_due()
    newsroom.subscribe("/a")
    newsroom.poll()
    assert not done


@pytest.mark.parametrize("others_come", [False, True])
def test_a_named_feed_that_waits_too_long_is_asked_for_again_unless_others_have_polled_it(
    newsroom: Newsroom, others_come: bool
) -> None:
    heard = Heard()

    def answer_late(_: Seen) -> Scripted:
        newsroom.clock.at += LEASE
        if others_come:
            with closing(SqliteStore(newsroom.path)) as other:
                assert newsroom.sweep_over(other, heard).round([url("/b")])
        return Reply(rss("Story of /a"))

    serve(newsroom, "/a", answer=answer_late)
    serve(newsroom, "/b")
    newsroom.subscribe("/a", "/b")
    rewired(newsroom, threads=1)
    newsroom.poll("/a", "/b")
    assert len(newsroom.seen("/b")) == 1
    ours = [refresh.key for refresh in newsroom.heard.refreshes]
    # The lease of the first had run out as well; nobody else took it.
    assert ours == [url("/a")] if others_come else [url("/a"), url("/b")]
    assert len(heard.refreshes) == len(newsroom.heard.left_alone) == others_come


# --- failures ------------------------------------------------------------------------------------


def test_a_feed_that_fails_ends_no_run(newsroom: Newsroom) -> None:
    newsroom.publisher.serve("/broken", Reply(b"<html><body>Welcome</body></html>"))
    newsroom.publisher.serve("/down", Reply(status=500))
    serve(newsroom, "/feed")
    newsroom.subscribe("/missing", "/broken", "/down", "ftp://news.example/feed", "/feed")
    outcomes = {refresh.key: refresh.poll.error_code for refresh in newsroom.poll()}
    assert outcomes == {
        url("/missing"): "http",
        url("/broken"): "not_a_feed",
        url("/down"): "http",
        "ftp://news.example/feed": "url",
        url("/feed"): None,
    }
    assert newsroom.titles() == ["Story of /feed"]


def test_a_mistake_of_ours_in_one_visit_is_that_feeds_failure_alone(newsroom: Newsroom) -> None:
    serve(newsroom, "/a", "/b")
    newsroom.subscribe("/a", "/b")

    def stumble(document: Document, key: str, known: tuple[Fingerprints, ...]) -> Reading:
        if key == url("/a"):
            raise ZeroDivisionError("a bug" * 1000)
        return read(document, key, known)

    rewired(newsroom, read=stumble)
    polled = {refresh.key: refresh.poll for refresh in newsroom.poll()}
    assert polled[url("/b")].outcome is Outcome.NEW
    failed = polled[url("/a")]
    assert (failed.outcome, failed.error_code) == (Outcome.FAILED, "parser")
    assert failed.sentence is not None
    assert "ZeroDivisionError('a bug" in failed.sentence
    assert "please report it" in failed.sentence
    assert len(failed.sentence) < 500


def test_a_mistake_of_ours_in_deciding_is_that_feeds_failure_alone(newsroom: Newsroom) -> None:
    serve(newsroom, "/a", "/b")
    newsroom.subscribe("/a", "/b")

    def mislead(document: Document, key: str, known: tuple[Fingerprints, ...]) -> Reading:
        reading = read(document, key, known)
        # Nothing can be decided about what is no entry.
        entries = (cast("Entry", object()),) if key == url("/a") else reading.entries
        return replace(reading, entries=entries)

    class Forgetful(SqliteStore):
        def known(self, *_: object) -> tuple[()]:
            return ()

    rewired(newsroom, read=mislead)
    with closing(Forgetful(newsroom.path)) as store:
        newsroom.sweep = newsroom.sweep_over(store)
        polled = {refresh.key: refresh for refresh in newsroom.poll()}
    assert polled[url("/a")].poll.error_code == "parser"
    assert polled[url("/a")].body_hash is None
    assert polled[url("/b")].poll.outcome is Outcome.NEW


class Picky(SqliteStore):
    """A store that some values do not go into; ``damaged`` says that nothing does."""

    damaged = False

    def apply(self, refreshes: Sequence[Refresh]) -> tuple[str, ...]:
        titles = {new.entry.title for refresh in refreshes for new in refresh.new}
        if self.damaged or "A" in titles:
            raise OverflowError("too large")
        return super().apply(refreshes)


def test_a_document_that_cannot_be_stored_is_its_feeds_failure_alone(newsroom: Newsroom) -> None:
    serve(newsroom, "/b", "/c")
    serve(newsroom, "/a", answer=Reply(rss("A")))
    newsroom.subscribe("/a", "/b", "/c")
    with closing(Picky(newsroom.path)) as store:
        sweep = newsroom.sweep_over(store)
        sweep.claim_due()
        wait_for_visits("/a", "/b", "/c")
        sweep.turn(PATIENCE)
    polled = {refresh.key: refresh.poll.error_code for refresh in newsroom.heard.refreshes}
    assert polled == {url("/a"): "parser", url("/b"): None, url("/c"): None}
    assert newsroom.health("/a").rhythm.failures == 1


def test_a_database_that_takes_nothing_ends_the_round(newsroom: Newsroom) -> None:
    serve(newsroom, "/a", "/b")
    newsroom.subscribe("/a", "/b")
    with closing(Picky(newsroom.path)) as store:
        store.damaged = True
        with pytest.raises(OverflowError):
            newsroom.sweep_over(store).round()
    assert not newsroom.heard.refreshes


class Full(SqliteStore):
    """A store whose disk is full, until there is room."""

    room = False

    def apply(self, refreshes: Sequence[Refresh]) -> tuple[str, ...]:
        if not self.room:
            raise StoreFullError("The disk is full.")
        return super().apply(refreshes)


def test_a_full_disk_loses_no_signal_and_the_poll_is_repeated_when_its_lease_has_run_out(
    newsroom: Newsroom,
) -> None:
    serve(newsroom, "/feed")
    newsroom.subscribe("/feed")
    with closing(Full(newsroom.path)) as store:
        sweep = newsroom.sweep_over(store)
        sweep.claim_due()
        wait_for_visits("/feed")
        sweep.signal(Signal.STOP)
        with pytest.raises(StoreFullError):
            sweep.turn(PATIENCE)
        assert sweep.turn(0) == (Signal.STOP,)
        assert not sweep.busy
        store.room = True
        assert sweep.round()
        assert not newsroom.heard.refreshes
        newsroom.clock.at += LEASE
        assert sweep.round()
    assert newsroom.titles() == ["Story of /feed"]
    assert len(newsroom.seen()) == 2


def test_a_full_disk_loses_no_call(newsroom: Newsroom) -> None:
    serve(newsroom, "/feed")
    newsroom.subscribe("/feed")
    called: list[str] = []

    def fail() -> None:
        called.append("failed")
        raise StoreFullError("The disk is full.")

    with closing(Full(newsroom.path)) as store:
        sweep = newsroom.sweep_over(store)
        sweep.claim_due()
        wait_for_visits("/feed")
        sweep.call(fail)
        sweep.call(lambda: called.append("called"))
        for told in ([], ["failed"]):
            with pytest.raises(StoreFullError):
                sweep.turn(PATIENCE)
            assert called == told
        sweep.turn(PATIENCE)
    assert called == ["failed", "called"]


def test_turns_in_which_nothing_ends_leave_the_database_to_others(newsroom: Newsroom) -> None:
    with closing(Full(newsroom.path)) as store:
        sweep = newsroom.sweep_over(store)
        sweep.signal(Signal.TICK)
        assert sweep.turn(0) == (Signal.TICK,)


def test_a_fetch_that_was_cut_short_has_not_happened(newsroom: Newsroom) -> None:
    def interrupted(_request: FetchRequest, _tell: object) -> Fetched:
        raise CancelledError

    newsroom.subscribe("/feed")
    sweep = rewired(newsroom, fetch=interrupted)
    sweep.claim_due()
    wait_for_visits("/feed")
    assert sweep.turn(0) == ()
    sweep.release()
    assert not newsroom.heard.refreshes
    assert newsroom.health().last_poll is None
    assert newsroom.store.next_due_at() == NOW


# --- ends ----------------------------------------------------------------------------------------


def test_finishing_lets_the_visits_end_and_gives_the_others_back(
    newsroom: Newsroom, gate: Gate
) -> None:
    serve(newsroom, "/a", "/b", answer=gate)
    newsroom.subscribe("/a", "/b")
    sweep = rewired(newsroom, hosts=Hosts(timedelta(seconds=2), NO_TIME))
    sweep.claim_due()
    sweep.signal(Signal.TICK)
    gate.open()
    assert sweep.finish(PATIENCE) == (Signal.TICK,)
    assert len(newsroom.heard.refreshes) == 1
    assert not sweep.busy
    assert newsroom.store.next_due_at() == NOW
    assert len(newsroom.publisher.seen()) == 1


@pytest.mark.parametrize("seconds", [0, PATIENCE])
def test_finishing_ends_in_time_or_at_once_when_told_to(
    newsroom: Newsroom, gate: Gate, seconds: float
) -> None:
    serve(newsroom, "/feed", answer=gate)
    newsroom.subscribe("/feed")
    newsroom.sweep.claim_due()
    newsroom.sweep.signal(Signal.STOP)
    expected = (Signal.STOP,) if seconds else ()
    assert newsroom.sweep.finish(seconds) == expected
    assert not newsroom.sweep.busy
    assert newsroom.store.next_due_at() == NOW


def test_what_comes_of_a_visit_after_its_feed_was_given_back_counts_for_nothing(
    newsroom: Newsroom, gate: Gate
) -> None:
    serve(newsroom, "/feed", answer=gate)
    newsroom.subscribe("/feed")
    sweep = rewired(newsroom, hosts=Hosts(timedelta(seconds=2), NO_TIME))
    sweep.claim_due()
    newsroom.publisher.wait_for(1)
    sweep.release()
    newsroom.publisher.serve("/feed", Reply(rss("Timely news")))
    newsroom.clock.advance(seconds=2)
    sweep.claim_due()
    newsroom.publisher.wait_for(2)
    gate.open()
    wait_for_visits("/feed")
    sweep.turn(PATIENCE)
    assert newsroom.titles() == ["Timely news"]
    assert len(newsroom.heard.refreshes) == 1
    assert not sweep.busy


def test_a_feed_that_moves_while_it_is_polled_is_polled_again_where_it_is_now(
    newsroom: Newsroom, gate: Gate
) -> None:
    serve(newsroom, "/old", answer=gate)
    serve(newsroom, "/new")
    newsroom.subscribe("/old", name="News")
    sweep = newsroom.sweep
    sweep.claim_due()
    newsroom.publisher.wait_for(1)
    newsroom.subscribe("/new", name="News")
    sweep.claim_due()
    # Its turn comes when the old address has answered: not before, or it would be asked twice.
    assert newsroom.store.next_due_at() == NOW
    gate.open()
    assert sweep.round()
    assert newsroom.titles() == ["Story of /new"]
    assert len(newsroom.publisher.seen("/new")) == 1


def test_a_feed_that_moves_while_it_waits_is_asked_where_it_is_now_alone(
    newsroom: Newsroom,
) -> None:
    serve(newsroom, "/first", "/old", "/new")
    newsroom.subscribe("/first")
    sweep = rewired(newsroom, hosts=Hosts(timedelta(seconds=2), NO_TIME))
    sweep.claim_due()
    sweep.turn(PATIENCE)
    kept = subscription(url("/first"))
    for address in ("/old", "/new"):
        moving = subscription(url(address), name="News")
        newsroom.store.subscribe([kept, moving], newsroom.clock())
        sweep.claim_due()
    while sweep.busy:
        newsroom.clock.advance(seconds=2)
        sweep.turn(PATIENCE)
    assert [seen.path for seen in newsroom.publisher.seen()] == ["/first", "/new"]


# --- beside other processes ----------------------------------------------------------------------


def test_a_poll_that_took_so_long_that_another_process_has_the_feed_is_not_told(
    newsroom: Newsroom, gate: Gate
) -> None:
    serve(newsroom, "/feed", answer=gate)
    newsroom.subscribe("/feed")
    newsroom.sweep.claim_due()
    newsroom.publisher.wait_for(1)
    newsroom.clock.at += LEASE
    with closing(SqliteStore(newsroom.path)) as other:
        assert len(other.claim(newsroom.clock(), 1, lease=LEASE)) == 1
        gate.open()
        wait_for_visits("/feed")
        newsroom.sweep.turn(PATIENCE)
    assert not newsroom.heard.refreshes
    assert not newsroom.entries()
    assert not newsroom.sweep.busy


def test_feeds_that_another_process_polls_are_left_to_it(newsroom: Newsroom) -> None:
    serve(newsroom, "/feed")
    newsroom.subscribe("/feed")
    with closing(SqliteStore(newsroom.path)) as other:
        (theirs,) = other.claim(NOW, 1, lease=LEASE)
        assert newsroom.poll() == []
        assert newsroom.poll("/feed") == []
        assert not newsroom.seen()
        other.release((theirs,))
        assert len(newsroom.poll()) == 1


def test_a_process_that_died_holds_its_feeds_until_the_lease_has_run_out(
    newsroom: Newsroom,
) -> None:
    serve(newsroom, "/feed")
    newsroom.subscribe("/feed")
    with closing(SqliteStore(newsroom.path)) as other:
        other.claim(NOW, 1, lease=LEASE)
    newsroom.clock.at = NOW + LEASE - timedelta(seconds=1)
    assert newsroom.poll() == []
    newsroom.clock.at = NOW + LEASE
    assert len(newsroom.poll()) == 1


def test_two_sweeps_share_the_work(newsroom: Newsroom) -> None:
    paths = [f"/feed-{number}" for number in range(12)]
    serve(newsroom, *paths)
    newsroom.subscribe(*paths)
    heard = Heard()
    with closing(SqliteStore(newsroom.path)) as other:
        theirs = newsroom.sweep_over(other, heard)
        newsroom.sweep.claim_due()
        theirs.claim_due()
        finished: list[Callable[[], bool]] = [newsroom.sweep.round, theirs.round]
        assert all(finish() for finish in finished)
    assert len(newsroom.heard.refreshes) + len(heard.refreshes) == 12
    assert all(len(newsroom.seen(path)) == 1 for path in paths)


# --- files ---------------------------------------------------------------------------------------


def test_files_and_directories_are_polled_without_floor_gap_or_network(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    captured = tmp_path / "captured"
    captured.mkdir()
    for name in ("one", "two"):
        (captured / f"{name}.xml").write_bytes(rss(f"Story {name}"))
    (tmp_path / "alone.xml").write_bytes(rss("Story alone"))
    (tmp_path / "missing.xml").touch()
    config = tmp_path / "feeds.yaml"
    config.write_text("feeds: [{url: captured}, {url: alone.xml}, {url: missing.xml}]\n")
    subscriptions = load(config).subscriptions
    (tmp_path / "missing.xml").unlink()
    newsroom.store.subscribe(subscriptions, NOW)
    rewired(newsroom, hosts=Hosts(timedelta(hours=1), NO_TIME))
    polled = {refresh.key: refresh.poll.error_code for refresh in newsroom.poll()}
    assert polled == {
        "captured/one.xml": None,
        "captured/two.xml": None,
        "alone.xml": None,
        "missing.xml": "file",
    }
    (tmp_path / "alone.xml").write_bytes(rss("Story alone, told better", "Story alone"))
    again = newsroom.poll("alone.xml", "captured/one.xml", "missing.xml")
    assert {refresh.key: len(refresh.new) for refresh in again} == {
        "alone.xml": 1,
        "captured/one.xml": 0,
        "missing.xml": 0,
    }
    assert not newsroom.heard.left_alone


def test_pace_follows_where_a_feed_was_found(newsroom: Newsroom) -> None:
    """A floor that the configuration sets holds at home too."""
    serve(newsroom, "/feed")
    newsroom.subscribe("/feed")
    floor = timedelta(hours=3)
    rewired(newsroom, policy=Policy(Tagger(()), Pace(floor=floor), Pace(floor=floor)))
    newsroom.poll()
    assert newsroom.poll("/feed") == []
    assert newsroom.heard.left_alone[0][1] == NOW + floor
