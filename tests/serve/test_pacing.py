"""How often one address may ask what is dear."""

from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from aggregator.serve.pacing import DRIP, MOST, Bucket, drawn
from tests.builders import NOW
from tests.empty import empty_database
from tests.serve.site import serving

PAUSES = st.lists(st.timedeltas(timedelta(seconds=-5), timedelta(minutes=2)), max_size=200)


def answered(pauses: list[timedelta]) -> int:
    """Return how many of the questions are answered that come after these pauses."""
    bucket, now, count = Bucket(MOST, NOW), NOW, 0
    for pause in pauses:
        now += pause
        bucket, wait = drawn(bucket, now)
        count += not wait
    return count


@given(PAUSES)
def test_nobody_gets_more_than_the_bucket_and_what_drips(pauses: list[timedelta]) -> None:
    forward = sum((max(pause, timedelta(0)) for pause in pauses), timedelta(0))
    assert answered(pauses) <= MOST + forward / DRIP


@given(st.lists(st.timedeltas(DRIP, timedelta(minutes=2)), max_size=200))
def test_whoever_is_slower_than_it_drips_always_gets_an_answer(pauses: list[timedelta]) -> None:
    assert answered(pauses) == len(pauses)


@given(st.floats(0, 0.99), st.timedeltas(timedelta(0), timedelta(days=9)))
def test_after_the_wait_there_is_an_answer(left: float, rest: timedelta) -> None:
    bucket, wait = drawn(Bucket(left, NOW), NOW)
    assert wait > timedelta(0)
    _, again = drawn(bucket, NOW + wait + timedelta(microseconds=1) + rest)
    assert not again


def test_too_many_searches_are_told_when_to_come_back_and_all_else_is_shown(
    tmp_path: Path,
) -> None:
    with serving(empty_database(tmp_path / "aggregator.db")) as client:
        dear = ("/?q=mali", "/bench?q=mali", "/search.atom?q=mali")
        for number in range(MOST):
            assert client.get(dear[number % 3]).status_code == 200
        for address in dear:
            answer = client.get(address)
            assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
            assert "default-src 'none'" in answer.headers["content-security-policy"]
        for address in ("/", "/tags", "/bench", "/healthz"):
            assert client.get(address).status_code == 200
