"""How long to leave a feed alone after failures: twice as long each time, up to a bound."""

from datetime import timedelta

from aggregator.model.feeds import Rhythm

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)

_TRANSIENT = timedelta(minutes=30)
_LASTING = timedelta(hours=6)
_BY_CODE = {
    "not_a_feed": _HOUR,
    "parse": _HOUR,
    "parser": _HOUR,
    "parser_limit": _HOUR,
    "tls": _LASTING,
    "too_large": _LASTING,
}
"""The first wait by the error's code; a code that is not named here passes soon."""

_LASTING_CODES = frozenset({"address", "dns", "url"})
_BUSY_STATUSES = frozenset({429, 503})
_PASSING_CLIENT_STATUSES = frozenset({408, 425})
_LAST_DOUBLING = 20


def backoff(code: str, status: int | None, rhythm: Rhythm, failing_for: timedelta) -> timedelta:
    """Return the least wait after the last of ``rhythm.failures`` failures (one or more).

    ``code`` is the error's, ``status`` the HTTP status if there was one. At most a day, or a
    week where the cause is of the lasting kind or the feed has failed for more than a week: it
    is never given up.
    """
    first, lasting = _first_wait(code, status)
    cap = _WEEK if lasting or failing_for > _WEEK else _DAY
    doublings = min(max(rhythm.failures - 1, 0), _LAST_DOUBLING)
    return min(cap, first * (1 << doublings))


def _first_wait(code: str, status: int | None) -> tuple[timedelta, bool]:
    """Return the wait after a first failure, and whether its cause tends to last."""
    if status in _BUSY_STATUSES:
        return _HOUR, False
    if status is not None and 400 <= status < 500 and status not in _PASSING_CLIENT_STATUSES:
        return _LASTING, True
    if code in _LASTING_CODES:
        return _LASTING, True
    return _BY_CODE.get(code, _TRANSIENT), False
