"""Dates as feeds and servers write them, read into UTC together with how sure we are.

::

    date    = [ weekday ] day [ clock [ zone ] ]      the clock may stand before or inside the day
    day     = 2024-02-05 | 2024-02 | 2024             W3C-DTF; also with / or .
            | 2024-W06-1 | 2024-036 | 20240205        ISO 8601: weeks, ordinals, basic
            | 5 Feb 2024 | 5-Feb-24 | Feb 5, 2024     names in twenty languages, shortened at will
            | 05.02.2024 | 05/02/2024 | 02/05/24      the order is told by `Clues`
            | 1402/11/16 | 16 بهمن 1402 | 25 رجب 1445   Jalali, Hijri
    clock   = 10:15 | 10:15:07.25 | 14h30 | 10:15 pm | 10.15
    zone    = Z | +01:00 | -0500 | GMT+1 | CET | Europe/Paris …

Besides these: Unix seconds, milliseconds and microseconds. Nothing here depends on today: the
same string is read the same way for ever.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Literal

from aggregator.dating.clocks import Clock, clock, doubtful_clocks, since_midnight
from aggregator.dating.clues import NO_CLUES, Clues
from aggregator.dating.days import CLOCK_PLACE, Day, read_day
from aggregator.dating.words import MONTHS, fold, in_korean
from aggregator.dating.zones import UNKNOWN, ZONES, Zone, read_zone
from aggregator.model.entries import Dated
from aggregator.model.raw import Order

_LONGEST = 120
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = datetime(1583, 1, 1, tzinfo=UTC)
_END = datetime(2200, 1, 1, tzinfo=UTC)
_NO_DATES = (
    datetime(1601, 1, 1, tzinfo=UTC),
    datetime(1899, 12, 30, tzinfo=UTC),
    datetime(1899, 12, 31, tzinfo=UTC),
    datetime(1900, 1, 1, tzinfo=UTC),
    datetime(1904, 1, 1, tzinfo=UTC),
)
_HALF_DAY = timedelta(hours=14)
_MIDNIGHT = timedelta(0)

_COMMENT = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_UNIX = re.compile(r"(\d{9,10})(?:\.\d+)?|(\d{13})|(\d{16})")
_BASIC = re.compile(
    r"(?:(\d{4})(\d\d)(\d\d)|(\d{4})w(\d\d)([1-7])|(\d{4})(\d{3})(?=t|$))"
    r"(?:[t ]?(\d\d)(\d\d)(\d\d)?([.,]\d+)?\s*(\D.*)?)?"
)
_LAST_ZONE = re.compile(r"(?<=\d)(z|[+-]\d\d:\d\d|\s+[+-]\d{4}|\s+[a-z]{2,5})$")
_AMERICAN = re.compile(r"\d\s*[ap]\.?\s?m\b|\b[ecmp][sd]?t\b")
_NUMBERS = re.compile(r"(?<!\d)\d{1,2}[/ -]\d{1,2}[/ -]\d{2}")

_HTTP_DATES = (
    re.compile(
        r"[a-z]+,? +(?P<day>\d{1,2})[ -](?P<month>[a-z]{3})[ -](?P<year>\d{4}|\d\d) +"
        r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2}):(?P<second>\d{1,2}) +(?:gmt|utc)",
        re.ASCII,
    ),
    re.compile(
        r"[a-z]{3} +(?P<month>[a-z]{3}) +(?P<day>\d{1,2}) +"
        r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2}):(?P<second>\d{1,2}) +(?P<year>\d{4})",
        re.ASCII,
    ),
)


def read_date(
    raw: str,
    *,
    element: Literal["published", "updated"] = "published",
    clues: Clues = NO_CLUES,
) -> Dated | None:
    """Read a feed's date; None if it is none, or impossible, like 30 February.

    ``read_as`` becomes ``rfc822``, ``rfc3339``, ``w3cdtf`` (no clock), ``iso8601`` (weeks,
    ordinals, basic), ``asctime``, ``unix``, ``unix-ms``, ``unix-us``, ``numeric``, ``jalali``,
    ``hijri`` or ``written``. Without a zone UTC is assumed; then, and wherever else the string
    allows another reading (no clock, 05/02/2024 without a ``clue``, a weekday that contradicts
    the day, a zone name with two meanings), ``sure`` is False.

    None also for dates outside 1583-2199 and for what programs write for "no date": years 0 and
    1, the first days of 1601, 1900, 1904 and 1970, each in any zone.
    """
    stripped = raw.strip()
    if len(stripped) > _LONGEST:
        return None
    bare = _COMMENT.sub(" ", stripped) if "(" in stripped or "[" in stripped else stripped
    text = fold(bare).strip()
    reading = _unix(text) or _basic(text, clues) or _composed(text, clues)
    if reading is None:
        return None
    if in_korean(raw) and not reading.zoned:
        reading = _Reading(reading.at - ZONES["kst"], reading.read_as, sure=False)
    if not _credible(reading.at):
        return None
    return Dated(reading.at, raw, reading.read_as, element, reading.sure)


def date_order(raws: Iterable[str]) -> Order | None:
    """Return the order of day and month that these dates of one document prove, if they do.

    25/02/2024 proves one by itself, and so does a weekday. Where they contradict each other the
    more common order counts, if it is twice as common.
    """
    proofs = Counter(order for raw in raws if (order := _proof(raw)))
    match proofs.most_common():
        case [(order, _)]:
            return order
        case [(order, often), (_, seldom)] if often >= 2 * seldom:
            return order
        case _:
            return None


def parse_http_date(raw: bytes | str, *, now: datetime) -> datetime | None:
    """Read an HTTP-date in any of its three forms (RFC 9110 §5.6.7), None if it is none.

    A two-digit year that would lie more than 50 years after ``now`` is one of the past century.
    """
    text = raw.decode("latin-1") if isinstance(raw, bytes) else raw
    folded = text.strip(" \t").lower()
    match = next((found for form in _HTTP_DATES if (found := form.fullmatch(folded))), None)
    if match is None:
        return None
    month = MONTHS.get(match["month"])
    clock = since_midnight(match["hour"], match["minute"], match["second"])
    if month is None or clock is None:
        return None
    year, day = int(match["year"]), int(match["day"])
    if len(match["year"]) == 4:
        return _instant(year, month, day, clock)
    latest = now.year + 50
    year = latest - (latest - year) % 100
    at = _instant(year, month, day, clock)
    if at is not None and at - now > timedelta(days=50 * 365.25):
        return _instant(year - 100, month, day, clock)
    return at


def rfc3339(at: datetime) -> str:
    """Show an aware datetime as RFC 3339 in UTC, ending in ``Z``; microseconds only if not zero."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def rfc822(at: datetime) -> str:
    """Show an aware datetime as RSS 2.0 wants it (RFC 822 with a four-digit year), in GMT."""
    return format_datetime(at.astimezone(UTC), usegmt=True)


@dataclass(frozen=True, slots=True)
class _Reading:
    at: datetime
    read_as: str
    sure: bool
    zoned: bool = False
    order: Order | None = None


def _credible(at: datetime) -> bool:
    if at.year >= 1971:
        return at < _END
    nothing = at <= _EPOCH and _EPOCH - at <= _HALF_DAY
    return at >= _FIRST and not nothing and not any(abs(at - no) <= _HALF_DAY for no in _NO_DATES)


def _proof(raw: str) -> Order | None:
    if len(raw) > _LONGEST:
        return None
    text = fold(raw).strip()
    reading = _composed(text, NO_CLUES) if _NUMBERS.search(text) else None
    return reading.order if reading else None


def _unix(text: str) -> _Reading | None:
    match = _UNIX.fullmatch(text)
    if match is None:
        return None
    seconds, milliseconds, microseconds = match.groups()
    if seconds:
        since, read_as = timedelta(seconds=int(seconds)), "unix"
    elif milliseconds:
        since, read_as = timedelta(milliseconds=int(milliseconds)), "unix-ms"
    else:
        since, read_as = timedelta(microseconds=int(microseconds)), "unix-us"
    return _Reading(_EPOCH + since, read_as, sure=True, zoned=True)


def _basic(text: str, clues: Clues) -> _Reading | None:
    match = _BASIC.fullmatch(text)
    if match is None:
        return None
    *day, hour, minute, second, fraction, zone = match.groups("")
    year, month, of_month, week_year, week, weekday, ordinal_year, ordinal = day
    written = (
        f"{year}-{month}-{of_month}"
        if year
        else f"{week_year}-w{week}-{weekday}"
        if week_year
        else f"{ordinal_year}-{ordinal}"
    )
    since = f"t{hour}:{minute}:{second or '00'}{fraction}{zone}" if hour else ""
    reading = _composed(f"{written}{since}", clues)
    return replace(reading, read_as="iso8601") if reading else None


def _composed(text: str, clues: Clues) -> _Reading | None:
    found = clock(text)
    if found is not None:
        return _clocked(found, clues, text)
    if (day := read_day(text, clues)) is not None:
        return _joined(day, Clock("", _MIDNIGHT, ""), UNKNOWN)
    for doubtful in doubtful_clocks(text):
        reading = _clocked(doubtful, clues, text)
        if reading is not None:
            return reading
    return _zoned_day(text, clues)


def _clocked(found: Clock, clues: Clues, text: str) -> _Reading | None:
    zone, after = read_zone(found.after, clues)
    if zone is UNKNOWN and (last := _LAST_ZONE.search(after)):
        zone, after = read_zone(last[0], clues)[0], after[: last.start()]
    day = read_day(f"{found.before} {CLOCK_PLACE} {after}", _usual(clues, text))
    if day is not None and not day.whole:
        return None
    if day is not None and day.read_as == "w3cdtf":
        day = replace(day, read_as="rfc3339")
    return _joined(day, found, zone)


def _usual(clues: Clues, text: str) -> Clues:
    """Add that am, pm and America's zones stand beside a month that comes first."""
    if clues.order is None and clues.habit is None and _AMERICAN.search(text):
        return replace(clues, country="us")
    return clues


def _zoned_day(text: str, clues: Clues) -> _Reading | None:
    """Read a day without a clock but with a zone, as XML Schema allows."""
    match = _LAST_ZONE.search(text)
    if match is None:
        return None
    day = read_day(text[: match.start()], clues)
    zone, rest = read_zone(match[0], clues)
    if day is None or not day.whole or rest.strip():
        return None
    return _joined(day, Clock("", _MIDNIGHT, "", sure=False), zone)


def _joined(day: Day | None, found: Clock, zone: Zone | None) -> _Reading | None:
    if day is None or found.since is None or zone is None:
        return None
    try:
        local = datetime(day.day.year, day.day.month, day.day.day, tzinfo=UTC) + found.since
        at = zone.utc(local)
    except OverflowError:
        return None
    sure = day.sure and found.sure and zone.sure
    return _Reading(at, day.read_as, sure, zone is not UNKNOWN, day.order)


def _instant(year: int, month: int, day: int, after_midnight: timedelta) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=UTC) + after_midnight
    except (ValueError, OverflowError):
        return None
