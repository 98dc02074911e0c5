"""Where in time a poll falls exactly: spread over time, outside what a publisher skips."""

import hashlib
from datetime import datetime, timedelta

from aggregator.model.feeds import Rhythm

_SECOND = timedelta(seconds=1)
_HOUR = timedelta(hours=1)
_MOST_JITTER = timedelta(hours=3)


def fraction(key: str, use: str) -> float:
    """Return a number in [0, 1) that is always the same for this feed and this use.

    Chance would do as well for spreading, but a poll after more failures could then be sooner.
    """
    digest = hashlib.sha256(f"{use}\0{key}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def spread(key: str, done_at: datetime, wait: timedelta) -> datetime:
    """Return a whole second at least ``wait`` after ``done_at``, and at most a tenth later.

    Never more than three hours later, so that what began together does not stay together.
    """
    jitter = min(wait / 10, _MOST_JITTER) * fraction(key, "jitter")
    at = done_at + wait + jitter
    whole = at.replace(microsecond=0)
    return whole if whole == at else whole + _SECOND


def outside_skips(key: str, rhythm: Rhythm, at: datetime) -> datetime:
    """Return the first instant from ``at`` (UTC) on that the publisher does not skip.

    The first hour after skipped ones is entered some way into it at the earliest, lest
    everybody come at its beginning. A publisher that skips every hour, or every day, is not
    taken at its word.
    """
    hours = rhythm.skip_hours if len(rhythm.skip_hours) < 24 else frozenset()
    days = rhythm.skip_days if len(rhythm.skip_days) < 7 else frozenset()

    def skipped(hour: datetime) -> bool:
        return hour.hour in hours or hour.weekday() in days

    hour = at.replace(minute=0, second=0, microsecond=0)
    while skipped(hour):
        hour += _HOUR
    if skipped(hour - _HOUR):
        hour += int(fraction(key, "hour") * 3600) * _SECOND
    return max(at, hour)
