"""Call something every so often, whatever the clock does: all that APScheduler is used for."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

_JOB = "tick"
_STEP = timedelta(seconds=2)
"""A wall clock that leaves the monotonic one by more has been set; less is adjustment."""


class Ticker:
    """Calls ``call`` at once and then every ``every``, in one thread, never twice at a time.

    A call that takes longer than ``every`` delays the next. What it raises goes to
    ``on_error``, and the ticks go on. Started and stopped once, by the thread that made it.
    """

    def __init__(
        self,
        call: Callable[[], None],
        every: timedelta,
        *,
        on_error: Callable[[Exception], None],
        wall_clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic_clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._call = call
        self._every = every
        self._on_error = on_error
        self._wall_clock = wall_clock
        self._monotonic_clock = monotonic_clock
        self._offset = self._wall_offset()
        # It warns of every tick that falls into a long one; that is no news.
        quiet = logging.Logger("ticks", level=logging.CRITICAL)
        self._scheduler = BackgroundScheduler(
            logger=quiet,
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )

    def start(self) -> None:
        """Begin to tick, in threads of its own."""
        every = _Every(seconds=self._every.total_seconds(), timezone=UTC)
        self._scheduler.add_job(self._tick, every, id=_JOB, next_run_time=self._wall_clock())
        self._scheduler.start()

    def stop(self) -> None:
        """Wait for a call that is under way, then end; nothing happens if it has not started."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def watch_clock(self) -> bool:
        """Tick at once if the wall clock has been set since last time; return whether it was.

        APScheduler waits until a time of day: set back by an hour, it would pause for an hour.
        To be called every few seconds while it runs, by a thread that has nothing else to do.
        """
        offset = self._wall_offset()
        was_set = abs(offset - self._offset) > _STEP
        self._offset = offset
        if was_set:
            self._scheduler.modify_job(_JOB, next_run_time=self._wall_clock())
        return was_set

    def _tick(self) -> None:
        try:
            self._call()
        except Exception as error:  # noqa: BLE001 - one bad tick must not be the last
            self._on_error(error)

    def _wall_offset(self) -> timedelta:
        """Return by how much the two clocks differ: constant as long as nobody sets one."""
        since_epoch = self._wall_clock() - datetime(1970, 1, 1, tzinfo=UTC)
        return since_epoch - timedelta(seconds=self._monotonic_clock())


class _Every(IntervalTrigger):  # type: ignore[misc]  # APScheduler has no types
    """An interval counted from now where ticks were missed.

    The original makes a list of all of them: a computer that wakes up in 1970 and then learns
    the time would run out of memory before its next tick.
    """

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        """Return the next tick, always after ``now``."""
        planned = previous + self.interval if previous else now
        return planned if planned > now else now + self.interval
