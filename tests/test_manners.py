"""Tests of what answers teach of how a server wants to be asked."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.cadence.rhythm import observe
from aggregator.manners import (
    BETWEEN_PROBES,
    LATCHED,
    REFUSALS,
    Answer,
    Refused,
    Unmodified,
    Whole,
    learned,
)
from aggregator.model.feeds import FeedState, Manners, Rhythm, Sending, Trial, Validators
from tests.builders import NOW, feed_state

STORED = Validators(b'"1"', b"Monday")
DAY = timedelta(days=1)
LIVELY = Rhythm(events=30, days=30, observed_at=NOW, last_event_at=NOW)


def state(**manners: object) -> FeedState:
    return feed_state(validators=STORED, manners=replace(Manners(), **manners))  # type: ignore[arg-type]


def refused(bare: int, *statuses: int) -> list[int]:
    """Return how much is left out after each of these answers, a day apart."""
    manners, found = Manners(bare=bare), []
    for day, status in enumerate(statuses):
        manners = learned(feed_state(manners=manners), Rhythm(), Refused(NOW + day * DAY, status))
        found.append(manners.bare)
    return found


def test_row_37_headers_are_left_out_one_class_after_the_other() -> None:
    assert learned(state(), Rhythm(), Refused(NOW, 400)).bare == 1
    assert refused(1, 406, 406) == [2, 3]


def test_row_37_there_is_no_delta_to_leave_out_where_none_was_asked_for() -> None:
    assert refused(0, 400, 400) == [2, 3]


def test_row_37_where_nothing_helps_everything_is_sent_again_until_a_month_has_passed() -> None:
    assert refused(0, *[400] * 31) == [2, 3, 0, *[0] * 27, 2]


def test_row_37_what_once_helped_is_where_the_next_search_begins() -> None:
    assert refused(3, 400, 400, 400, 400, 400) == [0, 2, 3, 0, 0]


def test_row_37_other_failures_say_nothing_of_headers() -> None:
    assert refused(2, 404, 500, 429) == [2, 2, 2]


def test_row_12_a_probe_without_an_answer_is_over_as_well() -> None:
    probing = state(sending=Sending.NONE, trial=Trial.SILENCE)
    assert learned(probing, LIVELY, Refused(NOW)) == Manners(probed_at=NOW)


@pytest.mark.parametrize("news", [True, False])
def test_row_12_only_news_proves_that_the_304s_were_wrong(*, news: bool) -> None:
    probing = state(sending=Sending.NONE, trial=Trial.SILENCE)
    after = learned(probing, LIVELY, Whole(NOW, STORED, news=news))
    assert (after.sending is Sending.NONE) == news
    assert after.sending_until == (NOW + LATCHED if news else None)


def test_row_11_a_date_that_is_ignored_in_its_turn_gives_way_to_both() -> None:
    latched = state(sending=Sending.MODIFIED, sending_until=NOW + DAY, ignored=2)
    after = learned(latched, LIVELY, Whole(NOW, STORED, same=True, conditional=True))
    assert (after.sending, after.sending_until) == (Sending.BOTH, NOW + LATCHED)


ANSWERS = st.one_of(
    st.builds(
        Whole,
        st.just(NOW),
        st.sampled_from([STORED, Validators(), Validators(b'"1"'), Validators(None, b"Monday")]),
        st.just(""),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ),
    st.builds(Unmodified, st.just(NOW), st.sampled_from([None, b'"1"', b'"2"', b'W/"2"'])),
    st.builds(Refused, st.just(NOW), st.sampled_from([None, 404, 500, *REFUSALS])),
)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(ANSWERS, st.floats(0.01, 12)), max_size=40),
    st.sampled_from([LIVELY, Rhythm()]),
)
def test_every_answer_teaches_something_and_nobody_is_probed_twice_in_8_days(
    told: list[tuple[Answer, float]], rhythm: Rhythm
) -> None:
    known, at, probed_at = state(), NOW, None
    for answer, days in told:
        at += days * DAY
        rhythm = observe(rhythm, (), at)
        was_probe = known.manners.trial in (Trial.SILENCE, Trial.DOUBT)
        if was_probe:
            assert known.manners.sending is Sending.NONE
            assert probed_at is None or at - probed_at >= BETWEEN_PROBES
            probed_at = at
        known = replace(known, manners=learned(known, rhythm, replace(answer, at=at)))
        assert not (was_probe and known.manners.trial)
    # Whatever it was, it passes: thirty days of sound answers, and both are sent again.
    for _ in range(3):
        at += LATCHED
        sound = Whole(at, STORED, news=True, conditional=True)
        known = replace(known, manners=learned(known, rhythm, sound))
    if known.manners.trial is not Trial.MODIFIED:  # which goes on until it shows something
        assert known.manners.sending is Sending.BOTH
