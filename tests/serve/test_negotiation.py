"""What headers ask for: codings by weight, conditions in their order."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.serve.negotiation import (
    CODINGS,
    Conditions,
    cache_control,
    coding,
    http_date,
    status,
)

AT = datetime(2026, 3, 2, 12, 0, 0, 700_000, tzinfo=UTC)
TAG = '"abc,d"'
EARLIER, SAME, LATER = (http_date(AT + timedelta(seconds=each)) for each in (-1, 0, 1))
MATCHING = st.sampled_from([TAG, "*", f'"x" , {TAG}', f'W/"y",{TAG}'])
OTHER = st.sampled_from(['"other"', "", "abc,d", '"abc', f'"{"x" * 9}"'])
DATES = st.sampled_from([None, EARLIER, SAME, LATER, "soon"])
TEXTS = st.text(st.characters(max_codepoint=255))


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("gzip ; q=0.9, br;Q=0.8", "gzip"),
        ("br;q=0.000, gzip;q=0.001", "gzip"),
        ("identity;q=0.5, gzip;q=0.4", "identity"),
        ("identity, gzip", "gzip"),
        ("br;q=2, gzip;q=x", "identity"),
        ("*;q=0", "identity"),
        ("zstd", "identity"),
    ],
)
def test_the_coding_that_is_liked_best_is_sent(accepted: str | None, sent: str) -> None:
    assert coding(accepted) == sent


@given(TEXTS)
def test_any_text_asks_for_some_coding(text: str) -> None:
    assert coding(text) in CODINGS


@given(st.permutations(["br", "gzip", "identity"]), st.lists(st.floats(0.001, 1), min_size=3))
def test_what_weighs_most_is_sent(names: list[str], weights: list[float]) -> None:
    told = sorted((round(weight, 3) for weight in weights[:3]), reverse=True)
    field = ",".join(f"{name};q={weight:.3f}" for name, weight in zip(names, told, strict=True))
    chosen = coding(field)
    assert told[names.index(chosen)] == told[0]


@given(MATCHING, DATES)
def test_a_tag_that_is_known_goes_before_every_date(field: str, date: str | None) -> None:
    assert status(Conditions(none_match=field, modified_since=date), TAG, AT) == 304
    assert status(Conditions(match=field, unmodified_since=date), TAG, AT) == 200


@given(OTHER, DATES)
def test_a_tag_that_is_unknown_goes_before_every_date(field: str, date: str | None) -> None:
    assert status(Conditions(none_match=field, modified_since=date), TAG, AT) == 200
    assert status(Conditions(match=field, unmodified_since=date), TAG, AT) == 412


@given(DATES, DATES)
def test_what_should_not_have_changed_goes_before_what_should(
    unmodified: str | None, modified: str | None
) -> None:
    told = status(Conditions(unmodified_since=unmodified, modified_since=modified), TAG, AT)
    if unmodified == EARLIER:
        assert told == 412
    else:
        assert told == (304 if modified in (SAME, LATER) else 200)


def test_a_weak_tag_is_enough_to_be_sent_nothing_and_not_to_be_sent_this() -> None:
    assert status(Conditions(none_match=f"W/{TAG}"), TAG, AT) == 304
    assert status(Conditions(match=f"W/{TAG}"), TAG, AT) == 412


@given(st.builds(Conditions, TEXTS, TEXTS, TEXTS, TEXTS))
def test_any_text_comes_to_some_status(conditions: Conditions) -> None:
    assert status(conditions, TAG, AT) in (200, 304, 412)


@pytest.mark.parametrize(
    ("due", "seconds"), [(None, 900), (-5, 60), (0, 60), (1, 60), (7, 420), (15, 900), (99, 900)]
)
def test_an_answer_is_kept_until_the_next_poll_within_bounds(due: int | None, seconds: int) -> None:
    due_at = None if due is None else AT + timedelta(minutes=due)
    assert cache_control("private", due_at, AT) == f"private, max-age={seconds}"
