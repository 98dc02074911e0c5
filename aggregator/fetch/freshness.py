"""What response headers say about coming back: how long it is fresh, how long to stay away."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from aggregator.cadence.pace import LONGEST_ABSENCE
from aggregator.dates import parse_http_date
from aggregator.fetch.headers import Headers, values

MISCONFIGURED = timedelta(days=30)
"""A feed said to be fresh this long got its headers from a rule for pictures."""

MISCONFIGURED_LIFETIME = timedelta(hours=24)
LONGEST_LIFETIME = timedelta(days=7)

_NOW = timedelta(0)
_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_DIRECTIVE = re.compile(
    r'([^\s,;="]+)\s*(?:=\s*("(?:[^"\\]|\\.?)*"?|[^\s,"]*))?|"(?:[^"\\]|\\.?)*"?'
)


def lifetime(headers: Headers, received_at: datetime) -> timedelta | None:
    """Return how long from ``received_at`` the answer stays fresh, None if the server is silent.

    RFC 9111 §4.2.1 for a private cache: max-age, else Expires against the server's own Date,
    less Age. Zero is an answer that is stale from the start, which what cannot be read counts
    as (§4.2.1, §5.3). The time a response took is not subtracted: that only errs towards later.
    At most seven days; 24 hours where the answer claims 30 days or more, or to be immutable.
    """
    directives = dict(_directives(headers))
    if directives.get("no-cache") == "" or "no-store" in directives:
        return _NOW  # most restrictive wins; no-cache="Set-Cookie" is about that header only
    claimed = _claimed(directives, headers, received_at)
    immutable = "immutable" in directives
    if claimed is None:
        return MISCONFIGURED_LIFETIME if immutable else None
    longest = MISCONFIGURED_LIFETIME if immutable or claimed >= MISCONFIGURED else LONGEST_LIFETIME
    return max(_NOW, min(claimed - _age(headers), longest))


def max_age(headers: Headers) -> timedelta | None:
    """Return how long the answer is fresh each time that it is confirmed; None if it does not say.

    A 304 without Cache-Control leaves that of the stored answer as it was (RFC 9111 §3.2, §4.3.4),
    while an Expires of long ago is past. Bounded like `lifetime`.
    """
    control = tuple((b"Cache-Control", line) for line in values(headers, b"cache-control"))
    return lifetime(control, _ANY_TIME) or None


def confirmed(headers: Headers, stored: timedelta | None) -> Headers:
    """Return a 304's headers with what they leave unsaid: the ``stored`` answer's `max_age`."""
    if stored is None or values(headers, b"cache-control"):
        return headers
    return (*headers, (b"Cache-Control", b"max-age=%d" % stored.total_seconds()))


def retry_after(headers: Headers, received_at: datetime) -> timedelta | None:
    """Return how long the server wants to be left alone (RFC 9110 §10.2.3), None if it is silent.

    Dates count from the server's own Date. Never negative, at most 31 days; of several values
    the longest; what cannot be read is ignored.
    """
    asked = [
        absence
        for value in _values(headers, b"retry-after")
        if (absence := _absence(value, headers, received_at)) is not None
    ]
    return max(_NOW, min(max(asked), LONGEST_ABSENCE)) if asked else None


def _values(headers: Headers, name: bytes) -> Iterator[str]:
    return (value.decode("latin-1").strip() for value in values(headers, name))


def _directives(headers: Headers) -> list[tuple[str, str]]:
    """Return Cache-Control's directives with their values unquoted, last first.

    So a dict of them holds the first of duplicates, as RFC 9111 §4.2.1 allows.
    """
    line = ",".join(_values(headers, b"cache-control"))
    found = [(match[1], match[2] or "") for match in _DIRECTIVE.finditer(line) if match[1]]
    return [(name.lower(), value.strip('"').strip()) for name, value in reversed(found)]


def _claimed(
    directives: dict[str, str], headers: Headers, received_at: datetime
) -> timedelta | None:
    if "max-age" in directives:
        return _delta_seconds(directives["max-age"]) or _NOW
    expires = next(_values(headers, b"expires"), None)
    if expires is None:
        return None
    at = parse_http_date(expires, now=received_at)
    return _NOW if at is None else at - _server_time(headers, received_at)


def _server_time(headers: Headers, received_at: datetime) -> datetime:
    """Return the response's Date: against it a server whose clock is wrong still makes sense."""
    date = next(_values(headers, b"date"), "")
    return parse_http_date(date, now=received_at) or received_at


def _age(headers: Headers) -> timedelta:
    first = next(_values(headers, b"age"), "").partition(",")[0].strip()
    return _delta_seconds(first) or _NOW


def _absence(value: str, headers: Headers, received_at: datetime) -> timedelta | None:
    if value.startswith("-") and _delta_seconds(value[1:]) is not None:
        return _NOW
    seconds = _delta_seconds(value)
    if seconds is not None:
        return seconds
    at = parse_http_date(value, now=received_at)
    return None if at is None else at - _server_time(headers, received_at)


def _delta_seconds(text: str) -> timedelta | None:
    """Read a whole number of seconds of any length, at most 2³¹ (RFC 9111 §1.2.2)."""
    if not (text.isascii() and text.isdigit()):
        return None
    return timedelta(seconds=min(int(text.lstrip("0")[:11] or "0"), 2**31))
