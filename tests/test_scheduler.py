"""The ticker: often, once at a time, whatever happens to the clock or in the call."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.scheduler import Ticker

SOON = timedelta(milliseconds=5)
HOUR = timedelta(hours=1)
PATIENCE = 10.0
"""Seconds that a tick may be late on a busy machine before a test fails."""


class Clock:
    """A wall clock that can be set, beside a monotonic one that cannot."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.monotonic = 1000.0

    def pass_by(self, time: timedelta) -> None:
        self.at += time
        self.monotonic += time.total_seconds()


@contextmanager
def ticking(
    call: Callable[[], None],
    every: timedelta,
    on_error: Callable[[Exception], None] = lambda error: None,
    clock: Clock | None = None,
) -> Iterator[Ticker]:
    clock = clock or Clock(datetime.now(UTC))
    ticker = Ticker(
        call,
        every,
        on_error=on_error,
        wall_clock=lambda: clock.at,
        monotonic_clock=lambda: clock.monotonic,
    )
    ticker.start()
    try:
        yield ticker
    finally:
        ticker.stop()


def test_it_ticks_at_once_and_again() -> None:
    ticks = threading.Semaphore(0)
    with ticking(ticks.release, SOON):
        for _ in range(3):
            assert ticks.acquire(timeout=PATIENCE)


def test_the_first_tick_does_not_wait_for_the_interval() -> None:
    ticks = threading.Semaphore(0)
    with ticking(ticks.release, HOUR):
        assert ticks.acquire(timeout=PATIENCE)
        assert not ticks.acquire(blocking=False)


def test_an_error_is_told_and_the_ticks_go_on() -> None:
    told: list[Exception] = []
    thrice = threading.Event()

    def fail() -> None:
        raise RuntimeError("the disk is full")

    def tell(error: Exception) -> None:
        told.append(error)
        if len(told) == 3:
            thrice.set()

    with ticking(fail, SOON, tell):
        assert thrice.wait(PATIENCE)
    assert {str(error) for error in told} == {"the disk is full"}


def test_a_long_call_is_never_joined_by_another(caplog: pytest.LogCaptureFixture) -> None:
    alone = threading.Lock()
    together: list[int] = []
    ticks = threading.Semaphore(0)

    def call() -> None:
        if not alone.acquire(blocking=False):
            together.append(1)
            return
        threading.Event().wait(0.03)  # six ticks long
        alone.release()
        ticks.release()

    with ticking(call, SOON):
        for _ in range(3):
            assert ticks.acquire(timeout=PATIENCE)
    assert not together
    assert not caplog.records  # that ticks were left out is no news


def test_stopping_waits_for_the_call_and_leaves_no_thread() -> None:
    before = set(threading.enumerate())
    entered, leave, left = threading.Event(), threading.Event(), threading.Event()

    def call() -> None:
        entered.set()
        leave.wait(PATIENCE)
        left.set()

    with ticking(call, SOON):
        assert entered.wait(PATIENCE)
        threading.Timer(0.02, leave.set).start()
    assert left.is_set()
    assert {thread for thread in threading.enumerate() if "APS" in thread.name} == set()
    assert not {
        t for t in set(threading.enumerate()) - before if not isinstance(t, threading.Timer)
    }


def test_what_never_started_or_has_stopped_may_be_stopped() -> None:
    ticker = Ticker(lambda: None, HOUR, on_error=lambda error: None)
    ticker.stop()
    ticker.start()
    ticker.stop()
    ticker.stop()


@pytest.mark.parametrize("jump", [-HOUR, HOUR, timedelta(seconds=-3)])
def test_a_clock_that_was_set_does_not_stop_the_ticks(jump: timedelta) -> None:
    clock = Clock(datetime.now(UTC) - 2 * HOUR)
    ticks = threading.Semaphore(0)
    with ticking(ticks.release, 24 * HOUR, clock=clock) as ticker:
        assert ticks.acquire(timeout=PATIENCE)
        clock.pass_by(timedelta(seconds=30))
        clock.at += jump
        assert ticker.watch_clock()
        assert ticks.acquire(timeout=PATIENCE)
        assert not ticker.watch_clock()


def test_a_clock_that_runs_evenly_is_left_alone() -> None:
    clock = Clock(datetime.now(UTC))
    ticks = threading.Semaphore(0)
    with ticking(ticks.release, 24 * HOUR, clock=clock) as ticker:
        assert ticks.acquire(timeout=PATIENCE)
        clock.pass_by(30 * HOUR)
        clock.at += timedelta(seconds=1)
        assert not ticker.watch_clock()
        assert not ticks.acquire(timeout=0.02)


def test_a_clock_that_began_in_1970_is_no_reason_to_make_up_for_all_the_ticks_since() -> None:
    ticks = threading.Semaphore(0)
    with ticking(ticks.release, SOON, clock=Clock(datetime(1970, 1, 1, tzinfo=UTC))):
        for _ in range(3):
            assert ticks.acquire(timeout=PATIENCE)
