"""Days and instants in queries: how they are written, and which period of time they mean.

::

    moment = day | "now" [ ( "-" | "+" ) duration ]
    day    = YYYY-MM-DD                              a whole day in UTC
"""

import re
from datetime import UTC, date, datetime, time, timedelta

from aggregator.durations import parse_duration
from aggregator.query.cursor import named
from aggregator.query.nodes import DateComparison, DateRange, Day, FromNow, Moment

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOW = re.compile(r"now(?:([-+])(.+))?", re.DOTALL)
_INSTANT = timedelta(microseconds=1)
_EARLIEST = datetime.min.replace(tzinfo=UTC)
_LATEST = datetime.max.replace(tzinfo=UTC)


def read_moment(text: str) -> Moment:
    """Read a day, or a time relative to now.

    Raises ValueError, whose one sentence says what may be written.
    """
    if relative := _NOW.fullmatch(text):
        return FromNow(_read_offset(relative[1], relative[2]))
    if _DAY.fullmatch(text) is None:
        raise ValueError(
            f"{named(text)} is no day: write it like 2026-11-01, or count from now like now-7d."
        )
    try:
        return Day(date.fromisoformat(text))
    except ValueError:
        raise ValueError(f"{named(text)} is not in the calendar.") from None


def _read_offset(sign: str | None, duration: str | None) -> timedelta:
    length = parse_duration(duration) if duration else timedelta(0)
    return -length if sign == "-" else length


def runs_backwards(first: Moment | None, last: Moment | None) -> bool:
    """Tell whether a range surely ends before it begins."""
    match first, last:
        case Day(), Day():
            return last.day < first.day
        case FromNow(), FromNow():
            return last.offset < first.offset
        case _:
            return False


def is_relative(node: DateRange | DateComparison) -> bool:
    """Tell whether the period moves with the present."""
    ends = (node.first, node.last) if isinstance(node, DateRange) else (node.moment,)
    return any(isinstance(end, FromNow) for end in ends)


def bounds(
    node: DateRange | DateComparison, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """Return the first instant of a period and the first one after it; None where it is open."""
    match node:
        case DateRange():
            first = None if node.first is None else _beginning(node.first, now)
            return first, None if node.last is None else _after(node.last, now)
        case DateComparison(comparison=">"):
            return _after(node.moment, now), None
        case DateComparison(comparison=">="):
            return _beginning(node.moment, now), None
        case DateComparison(comparison="<"):
            return None, _beginning(node.moment, now)
        case DateComparison():
            return None, _after(node.moment, now)


def _beginning(moment: Moment, now: datetime) -> datetime:
    if isinstance(moment, Day):
        return datetime.combine(moment.day, time(), UTC)
    return _shift(now, moment.offset)


def _after(moment: Moment, now: datetime) -> datetime:
    length = timedelta(days=1) if isinstance(moment, Day) else _INSTANT
    return _shift(_beginning(moment, now), length)


def _shift(at: datetime, offset: timedelta) -> datetime:
    """Add without leaving the calendar."""
    try:
        return at + offset
    except OverflowError:
        return _EARLIEST if offset < timedelta(0) else _LATEST
