"""When a feed is polled next; the numbers are the rows of the poller's specification."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.cadence.bounds import usual
from aggregator.cadence.pace import Terms
from aggregator.model.feeds import FeedState, Pushed, Rhythm
from aggregator.polling import (
    Due,
    Failed,
    Gone,
    Pace,
    Read,
    Unchanged,
    Wishes,
    next_poll,
    refused_until,
)

NOW = datetime(2024, 2, 5, 12, tzinfo=UTC)  # a Monday
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
PACE = Pace()
HOME = Pace(floor=timedelta(0))
KEY = "https://news.example/feed"


def publishing(per_day: float) -> Rhythm:
    """A feed watched for a month that honours its validators."""
    return Rhythm(
        events=per_day * 30,
        days=30,
        observed_at=NOW - HOUR,
        last_event_at=NOW - HOUR,
        validated=True,
    )


def after(
    outcome: Read | Unchanged | Gone | Failed,
    rhythm: Rhythm | None = None,
    *,
    interval: timedelta | None = None,
    pace: Pace = PACE,
) -> Due:
    known = feed(publishing(1) if rhythm is None else rhythm, interval=interval)
    return next_poll(known, outcome, pace)


def feed(rhythm: Rhythm | None = None, *, key: str = KEY, **known: Any) -> FeedState:
    plain = FeedState(key, key, "News", (), "t", rhythm or Rhythm(), due_at=NOW)
    return replace(plain, **known)


def gap(due: Due) -> timedelta:
    return due.due_at - NOW


SAME = Unchanged(NOW, validated=True)
SLACK = 1.11  # jitter adds a tenth, the whole second a little


# --- the learned interval ------------------------------------------------------------------------


@pytest.mark.parametrize(("per_day", "hours"), [(4, 1.5), (1, 3.0), (0.25, 5.8)])
def test_row_57_the_interval_follows_the_root_of_the_rate(per_day: float, hours: float) -> None:
    waited = gap(after(SAME, publishing(per_day)))
    assert hours * HOUR * 0.9 <= waited <= hours * HOUR * 1.1 * SLACK


def test_row_57_a_dormant_feed_slows_to_days() -> None:
    silent = replace(publishing(0), last_event_at=NOW - 500 * DAY)
    assert 2 * DAY < gap(after(SAME, silent)) <= WEEK * SLACK


def test_row_57_no_silence_is_longer_than_a_week() -> None:
    silent = replace(publishing(0), last_event_at=NOW - 20_000 * DAY)
    assert WEEK <= gap(after(SAME, silent)) <= WEEK * SLACK


def test_a_living_feed_is_polled_within_the_configured_maximum() -> None:
    quiet = replace(publishing(0), last_event_at=NOW - 80 * DAY)
    assert gap(after(SAME, quiet, pace=Pace(max_interval=6 * HOUR))) <= 6 * HOUR * SLACK


def test_row_57_a_burst_after_silence_speeds_a_feed_up_at_once() -> None:
    silent = replace(publishing(0), last_event_at=NOW - 500 * DAY)
    burst = Read(NOW, tuple(NOW - HOUR * i / 3 for i in range(3)), validated=True)
    assert gap(after(burst, silent)) < gap(after(SAME, silent)) / 3


def test_a_first_document_teaches_and_feeds_subscribed_together_part() -> None:
    dates = tuple(NOW - 11 * HOUR * i for i in range(40))
    read = Read(NOW, dates, validated=True, first=True)
    gaps = [gap(next_poll(feed(key=f"{KEY}/{n}"), read, HOME)) for n in range(40)]
    assert min(gaps) < 20 * MINUTE
    assert max(gaps) > 2 * HOUR
    assert "publishes about twice a day" in after(read, Rhythm()).reason


# --- floors --------------------------------------------------------------------------------------


def test_row_55_no_feed_is_asked_twice_in_an_hour() -> None:
    due = after(SAME, publishing(100))
    assert HOUR <= gap(due) <= HOUR * SLACK
    assert due.reason.endswith(
        ": publishes about 94 times a day, at most once in 1 h, like any feed"
    )


@pytest.mark.parametrize(
    ("lifetime", "floor"), [(5 * MINUTE, 15 * MINUTE), (20 * MINUTE, 20 * MINUTE)]
)
def test_row_55_a_server_that_says_less_and_honours_validators_is_asked_sooner(
    lifetime: timedelta, floor: timedelta
) -> None:
    busy = publishing(1000)
    assert floor <= gap(after(Unchanged(NOW, lifetime, validated=True), busy)) <= floor * SLACK
    read = Read(NOW, (NOW,), lifetime=lifetime, validated=True, body_bytes=9000)
    assert floor <= gap(after(read, busy)) <= floor * SLACK


@pytest.mark.parametrize(
    "outcome",
    [
        Unchanged(NOW, timedelta(0), validated=True),
        Unchanged(NOW, 20 * MINUTE, validated=False),
        Unchanged(NOW, 20 * MINUTE, validated=True, body_bytes=10),
        Read(NOW, (NOW,), lifetime=20 * MINUTE, validated=True, body_bytes=10, first=True),
        Failed(NOW, "timeout", lifetime=20 * MINUTE),
    ],
)
def test_row_55_otherwise_the_hour_holds(outcome: Read | Unchanged | Failed) -> None:
    assert gap(after(outcome, publishing(1000))) >= HOUR


def test_row_55_a_longer_configured_floor_is_not_lowered() -> None:
    outcome = Unchanged(NOW, 20 * MINUTE, validated=True)
    assert gap(after(outcome, publishing(1000), pace=Pace(floor=2 * HOUR))) >= 2 * HOUR


@pytest.mark.parametrize(
    ("body_bytes", "floor"),
    [(1000, HOUR), (512 * 1024, 6 * HOUR), (2 * 1024**2, DAY), (50 * 1024**2, DAY)],
)
def test_row_56_whole_documents_are_asked_for_by_what_they_cost(
    body_bytes: int, floor: timedelta
) -> None:
    again = Unchanged(NOW, validated=True, body_bytes=body_bytes)
    due = after(again, publishing(1000))
    assert floor <= gap(due) <= floor * SLACK
    assert not due.rhythm.validated
    assert due.rhythm.unchanged_bytes == body_bytes


def test_row_56_ignored_validators_are_trusted_again_after_a_304() -> None:
    ignored = after(Unchanged(NOW, validated=True, body_bytes=2**21), publishing(1000)).rhythm
    still = after(Read(NOW, (NOW,), validated=True, body_bytes=2**21), ignored)
    assert gap(still) >= DAY
    assert gap(after(SAME, still.rhythm)) <= HOUR * SLACK


def test_row_56_a_first_document_with_validators_gets_the_benefit_of_the_doubt() -> None:
    read = Read(NOW, validated=True, body_bytes=2**21, first=True)
    assert gap(after(read, Rhythm())) < 7 * HOUR
    assert gap(after(replace(read, validated=False), Rhythm())) >= DAY


def test_our_own_networks_are_owed_no_floor() -> None:
    assert gap(after(Unchanged(NOW, body_bytes=2**21), publishing(1000), pace=HOME)) < 10 * MINUTE


@pytest.mark.parametrize(
    ("wishes", "floor", "word"),
    [
        (Wishes(ttl=5 * HOUR), 5 * HOUR, "its ttl asks for 5 h"),
        (Wishes(ttl=90 * DAY), DAY, "its ttl asks for 1 d"),
        (Wishes(update_period=7 * HOUR), 7 * HOUR, "it says that it is updated every 7 h"),
        (Wishes(update_period=400 * DAY), DAY, "it says that it is updated every 1 d"),
    ],
)
def test_rows_24_and_26_the_document_s_wishes_hold_after_a_304_too(
    wishes: Wishes, floor: timedelta, word: str
) -> None:
    read = after(Read(NOW, wishes=wishes, validated=True))
    unchanged = after(SAME, read.rhythm)
    for due in (read, unchanged):
        assert floor <= gap(due) <= floor * SLACK
        assert word in due.reason


def test_row_24_a_wish_that_a_document_no_longer_has_is_forgotten() -> None:
    wished = after(Read(NOW, wishes=Wishes(ttl=DAY), validated=True)).rhythm
    assert gap(after(Read(NOW, validated=True), wished)) < 4 * HOUR


def test_row_25_the_skipped_hours_hold_for_failures_too() -> None:
    wishes = Wishes(skip_hours=frozenset(range(12, 24)), skip_days=frozenset({1}))
    read = after(Read(NOW, wishes=wishes, validated=True))
    failed = after(Failed(NOW, "timeout"), read.rhythm)
    for due in (read, failed):
        assert (due.due_at.weekday(), due.due_at.hour) == (2, 0)
        assert "not in the hours that it asks to skip" in due.reason


# --- the server's headers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "outcome",
    [
        Read(NOW, lifetime=9 * HOUR, validated=True),
        Unchanged(NOW, 9 * HOUR, validated=True),
        Failed(NOW, "http", 404, lifetime=9 * HOUR),
        Failed(NOW, "http", 503, lifetime=9 * HOUR),
    ],
)
def test_rows_16_and_17_freshness_is_waited_for(outcome: Read | Unchanged | Failed) -> None:
    due = after(outcome)
    assert 9 * HOUR <= gap(due) <= 9 * HOUR * SLACK
    assert due.rhythm.fresh_until == NOW + 9 * HOUR
    assert "server allows 9 h" in due.reason


def test_row_21_freshness_is_waited_for_a_week_at_most() -> None:
    assert gap(after(Unchanged(NOW, 400 * DAY, validated=True))) <= WEEK * SLACK


@pytest.mark.parametrize(
    "outcome",
    [
        Read(NOW, retry_after=5 * DAY, validated=True),
        Unchanged(NOW, retry_after=5 * DAY, validated=True),
        Failed(NOW, "http", 429, retry_after=5 * DAY),
        Failed(NOW, "http", 503, retry_after=5 * DAY),
        Failed(NOW, "redirect", 302, retry_after=5 * DAY),
    ],
)
def test_rows_27_to_29_retry_after_is_obeyed(outcome: Read | Unchanged | Failed) -> None:
    due = after(outcome)
    assert 5 * DAY <= gap(due) <= 5 * DAY + 3 * HOUR + MINUTE
    assert due.rhythm.not_before == NOW + 5 * DAY
    assert "server asks us to stay away for 5 d" in due.reason


def test_row_27_retry_after_is_obeyed_for_a_month_at_most_and_never_shortens() -> None:
    assert gap(after(Failed(NOW, "http", 429, retry_after=4000 * DAY))) <= 31 * DAY + 4 * HOUR
    assert gap(after(Failed(NOW, "http", 429, retry_after=timedelta(0)))) >= HOUR


def test_row_27_a_stored_retry_after_outlives_another_outcome() -> None:
    paused = replace(publishing(1), not_before=NOW + 2 * DAY)
    assert gap(after(Failed(NOW, "timeout"), paused)) >= 2 * DAY
    assert gap(after(Unchanged(NOW, retry_after=HOUR), paused)) >= 2 * DAY


# --- failures ------------------------------------------------------------------------------------


def test_row_33_failures_back_off_and_one_success_forgives() -> None:
    rhythm = publishing(1)
    gaps = []
    for _ in range(7):
        due = after(Failed(NOW, "timeout"), rhythm)
        gaps.append(round(gap(due) / HOUR, 1))
        rhythm = due.rhythm
    assert gaps == sorted(gaps)
    assert gaps[0] < 4
    assert 24 <= gaps[-1] <= 27
    assert "failed 7 times in a row (timeout)" in due.reason
    forgiven = after(SAME, rhythm).rhythm
    assert (forgiven.failures, forgiven.failing_since) == (0, None)


def test_a_feed_never_read_is_tried_again_after_the_floor() -> None:
    due = after(Failed(NOW, "timeout"), Rhythm())
    assert HOUR <= gap(due) <= HOUR * SLACK
    assert due.reason.endswith(": failed (timeout), at most once in 1 h, like any feed")


def test_row_34_a_dead_feed_is_probed_weekly() -> None:
    dead = replace(publishing(1), failures=40, failing_since=NOW - 40 * DAY)
    due = after(Failed(NOW, "timeout"), dead)
    assert WEEK <= gap(due) <= WEEK + 3 * HOUR + MINUTE
    assert not due.stopped


def test_row_31_a_rate_limit_slows_the_feed_for_a_long_while() -> None:
    limited = after(Failed(NOW, "http", 429), publishing(1000))
    assert gap(limited) >= 1.5 * HOUR
    assert limited.rhythm.penalty == 1.5
    recovered = after(SAME, limited.rhythm)
    assert recovered.rhythm.penalty == pytest.approx(1.47)
    assert gap(recovered) >= 1.47 * HOUR
    assert "as it told us that we ask too often" in recovered.reason


def test_row_31_no_penalty_goes_beyond_a_day() -> None:
    rhythm = publishing(1000)
    for _ in range(30):
        rhythm = after(Failed(NOW, "http", 429), rhythm).rhythm
    assert rhythm.penalty == 24
    assert DAY <= gap(after(Failed(NOW, "http", 429), rhythm)) <= DAY * SLACK


def test_row_31_a_penalty_wears_off() -> None:
    assert after(SAME, replace(publishing(1), penalty=1.01)).rhythm.penalty == 1


def test_row_35_gone_is_believed_when_said_twice() -> None:
    first = after(Gone(NOW))
    assert DAY <= gap(first) <= DAY * SLACK
    assert not first.stopped
    second = after(Gone(NOW), first.rhythm)
    assert second.stopped
    assert second.reason.startswith("stopped: ")
    assert not after(Gone(NOW), after(SAME, first.rhythm).rhythm).stopped


# --- the configured interval ---------------------------------------------------------------------


def test_a_promise_replaces_what_is_learned_and_our_floors() -> None:
    wishing = replace(publishing(0.01), ttl=DAY, update_period=DAY, validated=False)
    whole = Unchanged(NOW, body_bytes=2**21)
    due = after(whole, wishing, interval=10 * MINUTE)
    assert 10 * MINUTE <= gap(due) <= 10 * MINUTE * SLACK
    assert "polled every 10 min as configured" in due.reason


def test_a_promise_is_kept_from_the_first_poll_on() -> None:
    assert gap(after(Read(NOW, first=True), Rhythm(), interval=3 * HOUR)) >= 3 * HOUR


@pytest.mark.parametrize(
    "outcome",
    [
        Unchanged(NOW, lifetime=9 * HOUR),
        Unchanged(NOW, retry_after=9 * HOUR),
        Failed(NOW, "http", 404),
        Gone(NOW),
    ],
)
def test_a_promise_replaces_nothing_else(outcome: Unchanged | Failed | Gone) -> None:
    assert gap(after(outcome, interval=10 * MINUTE)) >= 6 * HOUR


def test_a_promise_gives_way_to_a_rate_limit() -> None:
    limited = after(Failed(NOW, "http", 429), interval=2 * HOUR)
    assert gap(after(SAME, limited.rhythm, interval=2 * HOUR)) >= 1.47 * 2 * HOUR


# --- hours of the day ----------------------------------------------------------------------------

OFFICE = tuple(10.0 if 8 <= hour < 18 else 0.0 for hour in range(24))


def test_a_feed_that_sleeps_at_night_is_polled_by_day() -> None:
    evening, morning = NOW + 8 * HOUR, NOW - 3 * HOUR
    slept = after(Unchanged(evening, validated=True), replace(publishing(0.5), hours=OFFICE))
    awake = after(Unchanged(morning, validated=True), replace(publishing(0.5), hours=OFFICE))
    assert slept.due_at - evening > 1.9 * (awake.due_at - morning)
    assert "mostly between 08:00 and 16:00 UTC" in slept.reason


def test_a_busy_feed_is_left_alone_at_night_too() -> None:
    lively = replace(publishing(1000), hours=OFFICE)
    evening = NOW + 10 * HOUR
    assert HOUR <= gap(after(SAME, lively)) <= HOUR * SLACK
    slept = after(Unchanged(evening, validated=True), lively)
    assert 1.9 * HOUR <= slept.due_at - evening <= 2 * HOUR * SLACK


def test_row_58_feeds_of_the_same_hours_are_not_led_to_the_same_minutes() -> None:
    rhythm = replace(publishing(0.5), hours=OFFICE)
    terms = [Terms(f"{KEY}/{number}", PACE) for number in range(40)]
    waits = {usual(each, rhythm, NOW + 17 * HOUR, HOUR).length for each in terms}
    assert len(waits) > 30
    assert max(waits) - min(waits) > 30 * MINUTE


# --- weights and hubs ----------------------------------------------------------------------------


def test_four_times_the_weight_is_polled_twice_as_often() -> None:
    usual = gap(next_poll(feed(publishing(0.25)), SAME, PACE))
    weighty = gap(next_poll(feed(publishing(0.25), weight=4), SAME, PACE))
    assert weighty / usual == pytest.approx(0.5, rel=0.01)


def test_no_weight_breaks_a_floor_or_a_ceiling() -> None:
    assert gap(next_poll(feed(publishing(9), weight=100), SAME, PACE)) >= HOUR
    assert gap(next_poll(feed(publishing(9), weight=0.01), SAME, PACE)) <= DAY * SLACK


@pytest.mark.parametrize("outcome", [SAME, Failed(NOW, "timeout")])
def test_row_78_a_feed_whose_hub_is_live_is_polled_once_a_day(outcome: Unchanged | Failed) -> None:
    due = next_poll(feed(publishing(9), pushed=Pushed(NOW, NOW + DAY)), outcome, PACE)
    assert DAY <= gap(due) <= DAY * SLACK
    assert "its hub tells us" in due.reason


# --- words ---------------------------------------------------------------------------------------


def test_the_reason_is_one_sentence() -> None:
    due = after(Unchanged(NOW, HOUR, validated=True), publishing(2))
    assert due.reason.startswith("next in 2 h ")
    assert due.reason.endswith(": publishes about twice a day, server allows 1 h")


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("http", 404, ": failed (HTTP 404)"),
        ("not_a_feed", 200, ": failed (not a feed)"),
        ("timeout", None, ": failed (timeout)"),
    ],
)
def test_the_reason_names_the_failure(code: str, status: int | None, words: str) -> None:
    assert words in after(Failed(NOW, code, status)).reason


# --- refusals ------------------------------------------------------------------------------------


def test_row_13_nobody_may_ask_before_the_floor() -> None:
    polled = feed(Rhythm(), last_poll_at=NOW - 10 * MINUTE, due_at=NOW + DAY)
    told = "it was polled 10 min ago, and polls are at least 1 h apart"
    assert refused_until(polled, PACE, NOW) == (NOW + 50 * MINUTE, told)
    assert refused_until(polled, PACE, NOW + 50 * MINUTE) is None
    assert refused_until(polled, HOME, NOW) is None


def test_row_13_a_promise_or_a_penalty_changes_that_floor() -> None:
    promised = replace(
        feed(Rhythm(), last_poll_at=NOW - 10 * MINUTE, due_at=NOW + DAY), interval=15 * MINUTE
    )
    assert refused_until(promised, PACE, NOW + 5 * MINUTE) is None
    slow = replace(promised, interval=WEEK)
    assert refused_until(slow, PACE, NOW + 50 * MINUTE) is None
    limited = feed(Rhythm(penalty=2.0), last_poll_at=NOW - HOUR, due_at=NOW + DAY)
    refused = refused_until(limited, PACE, NOW)
    assert refused is not None
    assert refused[0] == NOW + HOUR


def test_nobody_is_refused_for_longer_than_until_the_feed_is_due() -> None:
    limited = feed(Rhythm(penalty=24.0), last_poll_at=NOW - HOUR, due_at=NOW + DAY)
    refused = refused_until(limited, Pace(floor=6 * HOUR), NOW)
    assert refused is not None
    assert refused[0] == NOW + DAY


def test_row_13_nobody_may_ask_before_retry_after() -> None:
    paused = feed(Rhythm(not_before=NOW + DAY), last_poll_at=None, due_at=NOW)
    told = "the server asked us to stay away until then"
    assert refused_until(paused, HOME, NOW) == (NOW + DAY, told)


def test_a_feed_that_is_due_or_was_never_polled_is_not_refused() -> None:
    assert (
        refused_until(feed(Rhythm(), last_poll_at=NOW - 20 * MINUTE, due_at=NOW), PACE, NOW) is None
    )
    assert refused_until(feed(Rhythm(), last_poll_at=None, due_at=NOW + DAY), PACE, NOW) is None


# --- laws ----------------------------------------------------------------------------------------

LENGTHS = st.none() | st.timedeltas(timedelta(0), 60 * DAY)
PAST = st.none() | st.timedeltas(timedelta(0), 900 * DAY).map(lambda ago: NOW - ago)
BYTES = st.integers(0, 2**23)
HOURS = st.frozensets(st.integers(0, 23))
DAYS = st.frozensets(st.integers(0, 6))
RHYTHMS = st.builds(
    Rhythm,
    events=st.floats(0, 500),
    days=st.floats(0, 40),
    observed_at=PAST,
    last_event_at=PAST,
    failures=st.integers(0, 60),
    failing_since=PAST,
    gone=st.integers(0, 2),
    penalty=st.floats(1, 24),
    ttl=LENGTHS,
    update_period=LENGTHS,
    skip_hours=HOURS,
    skip_days=DAYS,
    fresh_until=PAST | st.just(NOW + 2 * DAY),
    not_before=PAST | st.just(NOW + 20 * DAY),
    validated=st.booleans(),
    unchanged_bytes=BYTES,
    hours=st.just(()) | st.tuples(*[st.floats(0, 9)] * 24),
)
WEIGHTS = st.floats(0.01, 100)
WISHES = st.builds(Wishes, LENGTHS, LENGTHS, HOURS, DAYS)
ARRIVALS = st.lists(st.timedeltas(-900 * DAY, 9 * DAY).map(lambda d: NOW + d), max_size=4).map(
    tuple
)
READS = st.builds(
    Read, st.just(NOW), ARRIVALS, WISHES, LENGTHS, LENGTHS, st.booleans(), BYTES, st.booleans()
)
SAMES = st.builds(Unchanged, st.just(NOW), LENGTHS, LENGTHS, st.booleans(), BYTES)
CODES = st.sampled_from(["timeout", "dns", "tls", "parse", "http", "empty"])
FAILURES = st.builds(
    Failed, st.just(NOW), CODES, st.none() | st.integers(300, 599), LENGTHS, LENGTHS
)
OUTCOMES = READS | SAMES | FAILURES | st.just(Gone(NOW))
PROMISES = st.none() | st.timedeltas(MINUTE, 20 * DAY)
PACES = st.builds(
    Pace, st.sampled_from([timedelta(0), HOUR, 2 * HOUR]), st.timedeltas(HOUR, 10 * DAY)
)
KEYS = st.text(max_size=4)


@given(KEYS, RHYTHMS, PROMISES, OUTCOMES, PACES)
def test_every_outcome_gives_an_instant_that_keeps_all_promises(
    key: str,
    rhythm: Rhythm,
    interval: timedelta | None,
    outcome: Read | Unchanged | Gone | Failed,
    pace: Pace,
) -> None:
    known = feed(rhythm, key=key, interval=interval)
    due = next_poll(known, outcome, pace)
    waited = gap(due)
    assert due == next_poll(known, outcome, pace)
    assert due.due_at.tzinfo is UTC
    assert due.due_at.microsecond == 0
    assert waited <= 45 * DAY
    assert due.due_at >= (rhythm.not_before or NOW)
    if not isinstance(outcome, Gone):
        assert waited >= min(outcome.retry_after or timedelta(0), 31 * DAY)
        assert waited >= min(outcome.lifetime or timedelta(0), WEEK)
    allowed = 15 * MINUTE if isinstance(outcome, Read | Unchanged) else pace.floor
    assert waited >= (min(pace.floor, allowed) if interval is None else interval)
    hours, days = due.rhythm.skip_hours, due.rhythm.skip_days
    assert due.due_at.hour not in hours or len(hours) == 24
    assert due.due_at.weekday() not in days or len(days) == 7


@given(KEYS, RHYTHMS, PROMISES, FAILURES, PACES)
def test_more_failures_are_never_sooner(
    key: str, rhythm: Rhythm, interval: timedelta | None, failed: Failed, pace: Pace
) -> None:
    known = feed(rhythm, key=key, interval=interval)
    worse = replace(known, rhythm=replace(rhythm, failures=rhythm.failures + 1))
    assert next_poll(known, failed, pace).due_at <= next_poll(worse, failed, pace).due_at


@given(KEYS, RHYTHMS, PROMISES, FAILURES, PACES)
def test_errors_never_make_polling_faster(
    key: str, rhythm: Rhythm, interval: timedelta | None, failed: Failed, pace: Pace
) -> None:
    read_before = replace(rhythm, observed_at=rhythm.observed_at or NOW - DAY)
    same = Unchanged(
        NOW,
        failed.lifetime,
        failed.retry_after,
        rhythm.validated,
        0 if rhythm.validated else rhythm.unchanged_bytes,
    )
    known = feed(read_before, key=key, interval=interval)
    assert next_poll(known, same, pace).due_at <= next_poll(known, failed, pace).due_at


@given(KEYS, RHYTHMS, OUTCOMES, WEIGHTS, WEIGHTS)
def test_more_weight_is_never_later(
    key: str,
    rhythm: Rhythm,
    outcome: Read | Unchanged | Gone | Failed,
    one: float,
    other: float,
) -> None:
    light, heavy = (feed(rhythm, key=key, weight=weight) for weight in sorted((one, other)))
    assert next_poll(heavy, outcome, PACE).due_at <= next_poll(light, outcome, PACE).due_at
