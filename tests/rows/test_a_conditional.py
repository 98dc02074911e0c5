"""Section A of the polling rules: conditional requests."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest

from aggregator.model.feeds import Trial, Validators
from aggregator.model.polls import Outcome, Refresh
from aggregator.pipeline import visit
from aggregator.store.sqlite import SqliteStore
from aggregator.sweeping.claims import LEASE
from tests.builders import NOW
from tests.publisher import (
    Headers,
    Pause,
    Raw,
    Reply,
    Scripted,
    Seen,
    redirect,
    truncated,
)
from tests.rows.asking import DAY, ETAG, HOUR, MODIFIED, PAGE, asked_with, gap, issued, polls, sent
from tests.scenario import AGENT, HOST, Newsroom, rss


def test_row_01_exactly_one_request_is_unconditional(newsroom: Newsroom) -> None:
    polls(newsroom, Reply(rss("A"), headers=issued()), *[Reply(status=304)] * 3)
    assert asked_with(newsroom) == [(None, None), *[(b'"1"', None)] * 3]


@pytest.mark.parametrize("etag", [ETAG, b"unquoted", b'"a,b", "c"', b'w/"low"'])
def test_row_02_an_etag_comes_back_byte_for_byte(newsroom: Newsroom, etag: bytes) -> None:
    polls(newsroom, Reply(rss("A"), headers=issued(etag)), Reply(status=304))
    assert asked_with(newsroom)[1] == (etag, None)


@pytest.mark.parametrize(
    "modified", [MODIFIED, b"2026-03-02T12:00:00+02:00", b"Mon, 2 Mar 2041 12:00:00 +0900", b"\xe9"]
)
def test_row_03_a_date_comes_back_byte_for_byte(newsroom: Newsroom, modified: bytes) -> None:
    polls(newsroom, Reply(rss("A"), headers=issued(None, modified)), Reply(status=304))
    assert asked_with(newsroom)[1] == (None, modified)


def test_row_03_no_date_is_made_up(newsroom: Newsroom) -> None:
    dated = b"<pubDate>Sun, 01 Mar 2026 12:00:00 GMT</pubDate></item>"
    body = rss("A", head="<lastBuildDate>Mon, 02 Mar 2026 11:00:00 GMT</lastBuildDate>")
    date: Headers = ((b"Date", b"Mon, 02 Mar 2026 12:00:00 GMT"),)
    polls(newsroom, *[Reply(body.replace(b"</item>", dated), headers=date)] * 3)
    assert asked_with(newsroom) == [(None, None)] * 3


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (issued(b'"1"', MODIFIED), (b'"1"', MODIFIED)),
        (issued(b'"1"'), (b'"1"', None)),
        (issued(None, MODIFIED), (None, MODIFIED)),
        ((), (None, None)),
        ((*issued(b'"1"'), *issued(b'"2"')), (None, None)),
    ],
)
def test_row_04_what_was_issued_is_sent_and_nothing_else(
    newsroom: Newsroom, headers: Headers, expected: tuple[bytes | None, bytes | None]
) -> None:
    polls(newsroom, *[Reply(rss("A"), headers=headers)] * 2)
    assert asked_with(newsroom)[1] == expected


@pytest.mark.parametrize("new", [(b'"2"', b"today"), (b'"2"', MODIFIED), (b'"1"', b"today")])
def test_row_05_the_same_body_brings_new_validators(
    newsroom: Newsroom, new: tuple[bytes, bytes]
) -> None:
    first, again = issued(b'"1"', MODIFIED), issued(*new)
    polls(newsroom, Reply(rss("A"), headers=first), *[Reply(rss("A"), headers=again)] * 2)
    assert asked_with(newsroom)[2] == new


def test_row_06_a_validator_that_is_no_longer_sent_is_forgotten(newsroom: Newsroom) -> None:
    both, one = issued(b'"1"', MODIFIED), issued(b'"2"')
    polls(newsroom, Reply(rss("A"), headers=both), *[Reply(rss("B"), headers=one)] * 2)
    assert asked_with(newsroom)[2] == (b'"2"', None)


@pytest.mark.parametrize(
    ("told", "expected", "fresh"),
    [
        ((), (b'W/"1"', MODIFIED), None),
        ((*issued(b'W/"2"'), (b"Cache-Control", b"max-age=86400")), (b'W/"2"', MODIFIED), DAY),
        ((*issued(None, b"later"), (b"Vary", b"Accept")), (b'W/"1"', b"later"), None),
        (
            (
                *issued(b'W/"2"', b"later"),
                (b"Date", b"Mon, 02 Mar 2020 12:00:00 GMT"),
                (b"Expires", b"Tue, 03 Mar 2020 12:00:00 GMT"),
            ),
            (b'W/"2"', b"later"),
            DAY,
        ),
    ],
)
def test_row_07_a_304_updates_what_it_repeats_and_keeps_the_rest(
    newsroom: Newsroom,
    told: Headers,
    expected: tuple[bytes, bytes],
    fresh: timedelta | None,
) -> None:
    first = Reply(rss("A"), headers=issued(b'W/"1"', MODIFIED))
    _, second, _ = polls(newsroom, first, Reply(status=304, headers=told), Reply(status=304))
    assert asked_with(newsroom)[2] == expected
    fresh_until = second.rhythm.fresh_until
    assert fresh_until == (None if fresh is None else second.poll.ended_at + fresh)
    assert gap(second) >= (fresh or HOUR)


def test_row_07_a_304_without_cache_control_leaves_what_was_said(newsroom: Newsroom) -> None:
    fresh, never = ((b"Cache-Control", b"max-age=%d" % seconds) for seconds in (72000, 0))
    answers = [
        Reply(rss("A"), headers=(fresh, *issued())),
        *[Reply(status=304)] * 2,
        Reply(status=304, headers=(never,)),
        Reply(status=304),
        Reply(rss("B"), headers=(fresh, *issued())),
        Reply(rss("C"), headers=issued()),
        Reply(status=304),
    ]
    refreshes = polls(newsroom, *answers)
    is_fresh = [each.rhythm.fresh_until == each.poll.ended_at + 20 * HOUR for each in refreshes]
    assert is_fresh == [True, True, True, False, False, True, False, False]
    assert all(gap(each) >= 20 * HOUR for each in refreshes[:3])


BOTH = issued(b'"1"', MODIFIED)
OTHER = issued(b'"2"')


@pytest.mark.parametrize("then", [Reply(status=304, headers=OTHER), Reply(status=304)])
def test_row_08a_a_304_with_another_strong_etag_is_looked_into(
    newsroom: Newsroom, then: Reply
) -> None:
    odd = Reply(status=304, headers=OTHER)
    polls(newsroom, Reply(rss("A"), headers=BOTH), odd, then, Reply(rss("B"), headers=OTHER), then)
    unasked = (None, None)
    assert asked_with(newsroom) == [
        unasked,
        (b'"1"', MODIFIED),
        (b'"1"', None),
        unasked,
        (b'"2"', None),
    ]
    assert sorted(newsroom.titles()) == ["A", "B"]


def test_row_08a_a_304_that_names_our_etag_after_all_is_believed(newsroom: Newsroom) -> None:
    odd, agreed = Reply(status=304, headers=OTHER), Reply(status=304, headers=issued(b'"1"'))
    polls(newsroom, Reply(rss("A"), headers=BOTH), odd, agreed, agreed, agreed)
    assert asked_with(newsroom)[2:] == [(b'"1"', None), *[(b'"1"', MODIFIED)] * 2]


def test_row_08a_a_server_that_names_another_for_ever_is_asked_for_everything_once_in_8_days(
    newsroom: Newsroom,
) -> None:
    def answer(seen: Seen) -> Reply:
        asked = sent(seen) != (None, None)
        return Reply(status=304, headers=OTHER) if asked else Reply(rss("A"), headers=BOTH)

    newsroom.publisher.serve("/feed", answer)
    newsroom.subscribe("/feed", interval=2 * DAY)
    at = [newsroom.poll_next().poll.ended_at for _ in range(14)]
    whole = [when for when, asked in zip(at, asked_with(newsroom), strict=True) if not any(asked)]
    assert len(whole) >= 3
    assert all(later - sooner >= 8 * DAY for sooner, later in pairwise(whole[1:]))


def test_row_08b_a_304_that_nobody_could_ask_for_is_an_error(newsroom: Newsroom) -> None:
    (refresh,) = polls(newsroom, Reply(status=304))
    assert refresh.poll.error_code == "protocol"


def test_row_08c_a_304_has_no_body_whatever_it_announces(newsroom: Newsroom) -> None:
    announcing = Raw([b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9999\r\n\r\n", Pause()])
    _, refresh = polls(newsroom, Reply(rss("A"), headers=BOTH), announcing)
    assert refresh.poll.outcome is Outcome.NOT_MODIFIED
    assert refresh.validators == Validators(b'"1"', MODIFIED)
    assert refresh.asked[0].hop.wire_bytes == 0


def test_row_09_another_address_is_asked_without_the_validators_of_the_old(
    newsroom: Newsroom,
) -> None:
    newsroom.subscribe("/feed", name="News")
    polls(newsroom, Reply(rss("A"), headers=issued()))
    newsroom.publisher.serve("/moved", Reply(rss("A"), headers=issued(b'"2"')))
    newsroom.subscribe("/moved", name="News")
    newsroom.poll()
    assert [sent(seen) for seen in newsroom.seen("/moved")] == [(None, None)]
    assert newsroom.titles() == ["A"]


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        ("aggregator/0.1.0 (+https://other.example/reader)", (None, None)),
        ("aggregator/0.1.0", (None, None)),
        (AGENT.replace("0.1.0", "0.2.0"), (b'"1"', None)),  # row 14: an upgrade forgets nothing
    ],
)
def test_row_09_another_name_of_ours_is_asked_without_validators(
    newsroom: Newsroom, agent: str, expected: tuple[bytes | None, bytes | None]
) -> None:
    polls(newsroom, Reply(rss("A"), headers=issued()))
    edge = replace(newsroom.wiring.edge, user_agent=agent)
    newsroom.sweep.wiring = replace(newsroom.wiring, edge=edge)
    polls(newsroom, *[Reply(rss("A"), headers=issued())] * 2)
    assert asked_with(newsroom) == [(None, None), expected, (b'"1"', None)]


def test_row_09_other_credentials_are_asked_without_validators(newsroom: Newsroom) -> None:
    for user in ("ada", "ada", "bob"):
        newsroom.subscribe(f"http://{user}:pass@{HOST}/feed", name="News")
        newsroom.publisher.serve("/feed", Reply(rss("A"), headers=issued()))
        newsroom.poll_next()
    assert asked_with(newsroom) == [(None, None), (b'"1"', None), (None, None)]


def test_row_09_validators_go_to_the_hop_that_issued_them_and_to_no_other(
    newsroom: Newsroom,
) -> None:
    for path in ("/a", "/b"):
        newsroom.publisher.serve(path, Reply(rss("A"), headers=issued(b'"%b"' % path.encode())))
    polls(newsroom, redirect("/a"), redirect("/b"), redirect("/b"), redirect("/a"))
    assert asked_with(newsroom) == [(None, None)] * 4
    assert [sent(seen)[0] for seen in newsroom.seen("/b")] == [None, b'"/b"']
    assert [sent(seen)[0] for seen in newsroom.seen("/a")] == [None, None]


@pytest.mark.parametrize(
    "answer",
    [
        Reply(PAGE, headers=issued(b'"2"')),
        Reply(b"{broken", headers=issued(b'"2"')),
        Reply(b"", headers=issued(b'"2"')),
        Reply(headers=((b"Content-Length", b"99000000"), *issued(b'"2"'))),
        truncated(rss("B"), 10_000),
    ],
)
def test_row_10_what_cannot_be_read_changes_no_validator(
    newsroom: Newsroom, answer: Scripted
) -> None:
    _, failed, _ = polls(newsroom, Reply(rss("A"), headers=issued()), answer, Reply(status=304))
    assert failed.poll.outcome is Outcome.FAILED
    assert asked_with(newsroom)[2] == (b'"1"', None)
    assert newsroom.titles() == ["A"]


def test_row_10_a_commit_that_fails_keeps_nothing_of_it(newsroom: Newsroom) -> None:
    polls(newsroom, Reply(rss("A"), headers=issued()))
    before = newsroom.health()
    newsroom.publisher.serve("/feed", Reply(rss("B"), headers=issued(b'"2"')))
    newsroom.clock.at = before.due_at
    with closing(SqliteStore(newsroom.path)) as breaking:
        breaking.database.execute(
            "CREATE TEMP TRIGGER full BEFORE INSERT ON poll BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
        with pytest.raises(Exception, match="full"):
            newsroom.sweep_over(breaking).round()
    assert newsroom.health() == before
    assert newsroom.titles() == ["A"]
    newsroom.clock.at += LEASE
    newsroom.poll()
    assert asked_with(newsroom)[2] == (b'"1"', None)
    assert sorted(newsroom.titles()) == ["A", "B"]


ALWAYS = Reply(rss("A"), headers=BOTH)
THE_DATE = (None, MODIFIED)
EITHER = (b'"1"', MODIFIED)


def ignoring_the_etag(seen: Seen) -> Reply:
    """Answer as Apache does that compresses: its own ETag, sent back, is unknown to it."""
    return Reply(status=304) if sent(seen) == THE_DATE else ALWAYS


def test_row_11_where_the_etag_is_ignored_the_date_alone_is_sent_for_30_days(
    newsroom: Newsroom,
) -> None:
    newsroom.subscribe("/feed", interval=2 * DAY)
    newsroom.publisher.serve("/feed", ignoring_the_etag)
    refreshes = [newsroom.poll_next() for _ in range(23)]
    asked = asked_with(newsroom)
    assert asked[:5] == [(None, None), *[EITHER] * 3, THE_DATE]
    again = asked.index(EITHER, 5)
    assert set(asked[4:again]) == {THE_DATE}
    since = refreshes[again].poll.ended_at - refreshes[4].poll.ended_at
    assert 30 * DAY <= since <= 38 * DAY
    assert set(asked[again + 1 :]) == {THE_DATE}  # one look was enough
    assert refreshes[4].poll.outcome is Outcome.NOT_MODIFIED


def test_row_11_a_trial_that_fails_is_not_made_again_for_30_days(newsroom: Newsroom) -> None:
    newsroom.subscribe("/feed", interval=2 * DAY)
    newsroom.publisher.serve("/feed", ALWAYS)
    at = [newsroom.poll_next().poll.ended_at for _ in range(22)]
    asked = asked_with(newsroom)
    trials = [when for when, each in zip(at, asked, strict=True) if each == THE_DATE]
    assert len(trials) == 2
    assert trials[1] - trials[0] >= 30 * DAY


def test_row_11_a_trial_outlives_a_failure_and_whoever_made_it(newsroom: Newsroom) -> None:
    polls(newsroom, *[ALWAYS] * 4, Reply(status=500))
    newsroom.sweep = newsroom.sweep_over(newsroom.store)
    polls(newsroom, Reply(status=304), Reply(status=304))
    assert asked_with(newsroom)[4:] == [THE_DATE] * 3


@pytest.mark.parametrize("headers", [issued(b'"1"'), issued(None, MODIFIED)])
def test_row_11_there_is_nothing_to_try_with_one_validator(
    newsroom: Newsroom, headers: Headers
) -> None:
    polls(newsroom, *[Reply(rss("A"), headers=headers)] * 7)
    assert len(set(asked_with(newsroom)[1:])) == 1


def always_unchanged(body: bytes) -> Callable[[Seen], Reply]:
    """Answer 304 to whoever knows anything, and to others what there is by now."""

    def answer(seen: Seen) -> Reply:
        known = sent(seen) != (None, None)
        return Reply(status=304) if known else Reply(body, headers=BOTH)

    return answer


def daily(*more: str) -> bytes:
    """Return a document with an entry for each of thirty days, and those that have no date."""
    body = rss(*more, *map(str, range(30)))
    for days in range(30):
        date = format_datetime(NOW - days * DAY).encode()
        title = b"<title>%d</title>" % days
        body = body.replace(title, title + b"<pubDate>%b</pubDate>" % date)
    return body


def learn_that_it_is_lively(newsroom: Newsroom) -> Refresh:
    newsroom.subscribe("/feed", interval=2 * DAY)
    (learnt,) = polls(newsroom, Reply(daily(), headers=BOTH))
    return learnt


def test_row_12_a_silence_that_cannot_be_is_looked_into_once_and_the_304s_disbelieved(
    newsroom: Newsroom,
) -> None:
    learnt = learn_that_it_is_lively(newsroom)
    newsroom.publisher.serve("/feed", always_unchanged(daily("Kept back")))
    refreshes = [newsroom.poll_next() for _ in range(24)]
    asked = asked_with(newsroom)[1:]
    probed = asked.index((None, None))
    probed_at = refreshes[probed].poll.ended_at
    assert 8 * DAY <= probed_at - learnt.poll.ended_at <= 13 * DAY
    assert "Kept back" in newsroom.titles()
    # Its 304s are worth nothing: for thirty days it is asked for everything, then tried again.
    believed = asked.index((b'"1"', MODIFIED), probed)
    assert set(asked[probed:believed]) == {(None, None)}
    assert 30 * DAY <= refreshes[believed].poll.ended_at - probed_at < 36 * DAY


def test_row_12_a_feed_that_has_died_is_not_asked_for_everything_by_the_clock(
    newsroom: Newsroom,
) -> None:
    learnt = learn_that_it_is_lively(newsroom)
    newsroom.publisher.serve("/feed", always_unchanged(daily()))
    for _ in range(30):
        newsroom.poll_next()
    at = newsroom.clock.at
    asked = asked_with(newsroom)[1:]
    assert 1 <= asked.count((None, None)) <= 2 < (at - learnt.poll.ended_at) / (20 * DAY)


def test_row_12_a_question_whose_answer_was_lost_in_a_crash_is_asked_again(
    newsroom: Newsroom,
) -> None:
    learn_that_it_is_lively(newsroom)
    newsroom.publisher.serve("/feed", always_unchanged(daily("Kept back")))
    trials = (newsroom.poll_next().manners.trial for _ in range(9))
    assert Trial.SILENCE in trials  # and no poll further
    due_at = newsroom.store.next_due_at()
    assert due_at is not None
    newsroom.clock.at = due_at
    (state,) = newsroom.store.claim(due_at, 1, lease=LEASE)
    visit(state, newsroom.wiring.edge)  # and nobody is left to commit it
    newsroom.clock.at += LEASE
    (refresh,) = newsroom.poll()
    assert asked_with(newsroom)[-2:] == [(None, None)] * 2
    assert [found.entry.title for found in refresh.new] == ["Kept back"]


def test_row_12_who_publishes_rarely_may_be_silent(newsroom: Newsroom) -> None:
    newsroom.subscribe("/feed", interval=4 * DAY)
    polls(newsroom, Reply(rss("A"), headers=BOTH), *[Reply(status=304)] * 6)
    assert asked_with(newsroom).count((None, None)) == 1
    assert newsroom.clock.at > NOW + 20 * DAY


def test_row_13_somebody_who_asks_again_asks_conditionally_and_not_before_the_floor(
    newsroom: Newsroom,
) -> None:
    polls(newsroom, Reply(rss("A"), headers=issued()))
    newsroom.publisher.serve("/feed", Reply(status=304))
    newsroom.clock.at = NOW + HOUR - timedelta(seconds=1)
    assert newsroom.poll("/feed") == []
    ((_, until, _),) = newsroom.heard.left_alone
    assert until == NOW + HOUR
    newsroom.clock.at = until
    newsroom.poll("/feed")
    assert asked_with(newsroom) == [(None, None), (b'"1"', None)]


def test_row_14_a_restart_asks_nobody_and_forgets_nothing(tmp_path: Path) -> None:
    with Newsroom(tmp_path) as newsroom:
        newsroom.subscribe("/feed")
        newsroom.publisher.serve("/feed", Reply(rss("A"), headers=issued()))
        due_at = newsroom.poll_next().due_at
    with Newsroom(tmp_path) as newsroom:
        newsroom.subscribe("/feed")
        newsroom.clock.at = due_at - timedelta(seconds=1)
        assert newsroom.poll() == []
        newsroom.publisher.serve("/feed", Reply(status=304))
        assert newsroom.poll_next().poll.outcome is Outcome.NOT_MODIFIED
        assert asked_with(newsroom) == [(b'"1"', None)]


def test_row_15_the_same_entries_are_not_written_again(newsroom: Newsroom) -> None:
    built = [f"<lastBuildDate>Mon, 02 Mar 2026 1{n}:00:00 GMT</lastBuildDate>" for n in range(2)]
    remarked = f"{built[1]}<!-- made in 7 ms -->"
    documents = [rss("A", head=head) for head in (built[0], built[0], built[1], remarked)]
    first, same, rebuilt, commented = polls(newsroom, *map(Reply, documents))
    assert [len(each.new) for each in (first, same, rebuilt, commented)] == [1, 0, 0, 0]
    assert (same.changed, rebuilt.changed, commented.changed) == ((), (), ())
    assert same.present is None
    (found,) = newsroom.entries()
    assert found.revised_at is None
    assert newsroom.store.figures().revisions == 0
