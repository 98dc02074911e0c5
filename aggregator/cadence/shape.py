"""At which hours of the day a feed publishes, and what that makes of a wait.

Where enough is known, a wait ends when as much is to be expected, by the hours of other days, as
in the same time of an even day: a poll at night waits for the morning.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import accumulate

HOURS = 24
_HOUR_SECONDS = 3600

_ENOUGH = 8.0
"""How many events make a day's shape; fewer say nothing of hours."""

_PRIOR = 1.0
"""What each hour counts before anything was seen: an hour without events is not a dead one."""

_MOST = 0.8
_LONGEST_TOLD = 12


def counted(
    hours: Sequence[float], kept: float, events: Iterable[tuple[datetime, float]]
) -> tuple[float, ...]:
    """Return the counts of which a share is kept, and more events, each with what it counts.

    One at midnight sharp, UTC, is a date without an hour: it tells none.
    """
    counts = [count * kept for count in hours] or [0.0] * HOURS
    for at, worth in events:
        if (at.hour, at.minute, at.second) != (0, 0, 0):
            counts[at.hour] += worth
    return tuple(counts)


def fitted(hours: Sequence[float], at: datetime, wait: timedelta) -> timedelta:
    """Return how long to wait from ``at`` (UTC) on, half to twice as long as ``wait``.

    In whole seconds, so that the walk over the hours gets on whatever the fractions are.
    """
    known = sum(hours)
    if known < _ENOUGH:
        return wait
    speeds = [(count + _PRIOR) * HOURS / (known + HOURS * _PRIOR) for count in hours]
    even = int(wait.total_seconds())
    passed, left = 0, float(even)
    hour, rest = at.hour, _HOUR_SECONDS - at.minute * 60 - at.second
    while passed < 2 * even and left > rest * speeds[hour]:
        left -= rest * speeds[hour]
        passed += rest
        hour, rest = (hour + 1) % HOURS, _HOUR_SECONDS
    passed += int(left / speeds[hour])
    return timedelta(seconds=max(even // 2, min(passed, 2 * even)))


def show_hours(hours: Sequence[float]) -> str:
    """Say when a feed mostly publishes, to be added to how often; nothing if there is no such time.

    That is the shortest time of the day, half a day at most, in which four fifths of it falls.
    """
    known = sum(hours)
    if known < _ENOUGH:
        return ""
    sums = list(accumulate((*hours, *hours), initial=0.0))
    for length in range(1, _LONGEST_TOLD + 1):
        within = [sums[begin + length] - sums[begin] for begin in range(HOURS)]
        most = max(within)
        if most >= _MOST * known:
            begin = within.index(most)
            end = (begin + length) % HOURS
            return f", mostly between {begin:02}:00 and {end:02}:00 UTC"
    return ""
