"""Dates as feeds and servers write them, read into UTC together with how sure we are.

::

    date    = [ weekday ] day [ clock [ zone ] ]      the clock may stand before or inside the day
    day     = 2024-02-05 | 2024-02 | 2024             W3C-DTF; also with / or .
            | 5 Feb 2024 | 5-Feb-24 | Feb 5, 2024     names in five languages, shortened at will
            | 05.02.2024 | 05/02/2024                 day first unless only month first is possible
    clock   = 10:15 | 10:15:07.25 | 14h30 | 10:15 pm
    zone    = Z | +01:00 | -0500 | GMT+1 | CET …

Besides these: ISO 8601 basic (20240205T101507Z) and Unix seconds or milliseconds. Nothing here
depends on today: the same string is read the same way for ever.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from typing import Literal

from aggregator.datewords import (
    AMBIGUOUS_ZONES,
    ENGLISH_MONTHS,
    FILLERS,
    MONTHS,
    WEEKDAYS,
    ZONES,
    fold,
)
from aggregator.model.entries import Dated

_LONGEST = 120
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_END = datetime(2200, 1, 1, tzinfo=UTC)
_MIDNIGHT = timedelta(0)

_COMMENT = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_UNIX = re.compile(r"(\d{9,10})(?:\.\d+)?|(\d{13})")
_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[t ]?(\d\d)(\d\d)(\d\d)?([.,]\d+)?\s*(\D.*)?)?")
_CLOCK = re.compile(
    r"(?<!\d)(\d{1,2})[:h](\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?!\d)"
    r"(?:\s*(?:([ap])\.?m\b\.?|([صم])(?!\w)))?"
)
_OFFSET = re.compile(r"\s*(?:gmt|utc|ut|z)?\s*([+-])(\d{1,2}):?(\d\d)?(?!\d)(?:\s*[a-z]{2,5}\s*$)?")
_ZONE_NAME = re.compile(r"\s*([a-z]{1,5}(?![\w/])|[a-z]+/[a-z_]+)")
_ISO_DAY = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})(?:\2(\d{1,2}))?)?")
_NUMERIC_DAY = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_LEADING_WORD = re.compile(r"([^\W\d_]+)(?:-feira)?\s*([.,:]*)\s*")
_TOKEN = re.compile(r"(\d+)(?:(?:st|nd|rd|th|er|o|a)\b)?|([^\W\d_]+)|(\|)|[\s,./'’-]+")
_CLOCK_PLACE = " | "

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


def read_date(raw: str, *, element: Literal["published", "updated"] = "published") -> Dated | None:
    """Read a feed's date; None if it is none, or impossible, like 30 February.

    ``read_as`` becomes ``rfc822``, ``rfc3339``, ``w3cdtf`` (no clock), ``iso8601`` (basic),
    ``asctime``, ``unix``, ``unix-ms``, ``numeric`` or ``written``. Without a zone UTC is
    assumed; then, and wherever else the string allows another reading (no clock, 05/02/2024,
    a weekday that contradicts the day, a zone name with two meanings), ``sure`` is False.

    None also for dates outside 1970-2199: years 1, 1601, 1900 and 1904 and the very start of
    1970 are what programs write for "no date", and no feed was written before Unix.
    """
    if len(raw) > _LONGEST:
        return None
    text = fold(_COMMENT.sub(" ", raw)).strip()
    reading = _unix(text) or _basic(text) or _composed(text)
    if reading is None or not _EPOCH < reading.at < _END:
        return None
    return Dated(reading.at, raw, reading.read_as, element, reading.sure)


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
    clock = _duration(match["hour"], match["minute"], match["second"])
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


@dataclass(frozen=True, slots=True)
class _Day:
    day: date
    read_as: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class _Zone:
    offset: timedelta
    sure: bool


_UNKNOWN_ZONE = _Zone(timedelta(0), sure=False)


def _unix(text: str) -> _Reading | None:
    match = _UNIX.fullmatch(text)
    if match is None:
        return None
    if match[2]:
        return _Reading(_EPOCH + timedelta(milliseconds=int(match[2])), "unix-ms", sure=True)
    return _Reading(_EPOCH + timedelta(seconds=int(match[1])), "unix", sure=True)


def _basic(text: str) -> _Reading | None:
    match = _BASIC.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = match.groups("")
    clock = f"T{hour}:{minute}:{second or '00'}{fraction}{zone}" if hour else ""
    reading = _composed(f"{year}-{month}-{day}{clock}".lower())
    return _Reading(reading.at, "iso8601", reading.sure) if reading else None


def _composed(text: str) -> _Reading | None:
    match = _CLOCK.search(text)
    if match is None:
        return _joined(_day(text), _MIDNIGHT, _UNKNOWN_ZONE)
    zone, after = _zone(text[match.end() :])
    before = re.sub(r"(?<=\d)t$", "", text[: match.start()])
    clock = _duration(match[1], match[2], match[3] or "0", match[4] or "")
    if match[5] or match[6]:
        clock = _on_half_day(clock, afternoon="p" in (match[5] or "") or match[6] == "م")
    day = _day(f"{before}{_CLOCK_PLACE}{after}")
    if day is not None and day.read_as == "w3cdtf":
        day = _Day(day.day, "rfc3339", day.sure)
    return _joined(day, clock, zone)


def _joined(day: _Day | None, clock: timedelta | None, zone: _Zone | None) -> _Reading | None:
    if day is None or clock is None or zone is None:
        return None
    at = _instant(day.day.year, day.day.month, day.day.day, clock - zone.offset)
    return _Reading(at, day.read_as, day.sure and zone.sure) if at else None


def _instant(year: int, month: int, day: int, after_midnight: timedelta) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=UTC) + after_midnight
    except (ValueError, OverflowError):
        return None


def _duration(hour: str, minute: str, second: str, fraction: str = "") -> timedelta | None:
    """Return the time since midnight; 24:00 and the leap second :60 lead into what follows."""
    hours, minutes, seconds = int(hour), int(minute), int(second)
    microseconds = int(fraction[:6].ljust(6, "0"))
    since = timedelta(hours=hours, minutes=minutes, seconds=seconds, microseconds=microseconds)
    if minutes > 59 or seconds > 60 or since > timedelta(days=1):
        return None
    return since


def _on_half_day(clock: timedelta | None, *, afternoon: bool) -> timedelta | None:
    if clock is None or clock >= timedelta(hours=13):
        return None
    return clock % timedelta(hours=12) + timedelta(hours=12 if afternoon else 0)


def _zone(text: str) -> tuple[_Zone | None, str]:
    """Read the zone that ``text`` begins with; return it and the rest. None: impossible.

    An unknown name says nothing, and a military letter no more: RFC 822 printed them with
    the wrong sign (RFC 5322 §4.3).
    """
    if match := _OFFSET.match(text):
        hours, minutes = int(match[2]), int(match[3] or 0)
        offset = timedelta(hours=hours, minutes=minutes) * (-1 if match[1] == "-" else 1)
        possible = hours < 24 and minutes < 60
        return (_Zone(offset, sure=True) if possible else None), text[match.end() :]
    match = _ZONE_NAME.match(text)
    if match is None or _belongs_to_the_day(match[1]):
        return _UNKNOWN_ZONE, text
    name = match[1]
    if name not in ZONES:
        return _UNKNOWN_ZONE, text[match.end() :]
    return _Zone(ZONES[name], sure=name not in AMBIGUOUS_ZONES), text[match.end() :]


def _belongs_to_the_day(word: str) -> bool:
    return word in MONTHS or word in WEEKDAYS or (word in FILLERS and len(word) > 1)


def _day(text: str) -> _Day | None:
    """Read the day out of what stands around the clock."""
    weekday, rest = _without_weekday(text.strip(" ,|"))
    rest = rest.strip(" ,|")
    day = _iso_day(rest) or _numeric_day(rest) or _named_day(rest)
    if day is None or weekday is None or day.day.weekday() == weekday:
        return day
    return _Day(day.day, day.read_as, sure=False)


def _without_weekday(text: str) -> tuple[int | None, str]:
    """Take a weekday off the front, or any unknown word set off by a mark.

    "mar" is Tuesday or March: it is the weekday only if another word names the month.
    """
    match = _LEADING_WORD.match(text)
    if match is None:
        return None, text
    word, rest = match[1], text[match.end() :]
    if word in MONTHS:
        others = (found[2] for found in _TOKEN.finditer(rest))
        if word not in WEEKDAYS or not any(other in MONTHS for other in others if other):
            return None, text
    elif word not in WEEKDAYS and not match[2]:
        return None, text
    return WEEKDAYS.get(word), rest


def _iso_day(text: str) -> _Day | None:
    match = _ISO_DAY.fullmatch(text)
    if match is None:
        return None
    day = _calendar_day(int(match[1]), int(match[3] or 1), int(match[4] or 1))
    return _Day(day, "w3cdtf", sure=match[4] is not None) if day else None


def _numeric_day(text: str) -> _Day | None:
    """Nobody writes a month first with dots; with other marks some do."""
    match = _NUMERIC_DAY.fullmatch(text)
    if match is None:
        return None
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    month_first = match[2] != "." and second > 12
    day = _calendar_day(year, first, second) if month_first else _calendar_day(year, second, first)
    unambiguous = match[2] == "." or first > 12 or month_first or first == second
    return _Day(day, "numeric", unambiguous) if day else None


def _named_day(text: str) -> _Day | None:
    """Read a month's name with a day and a year around it, in any order that tells them apart."""
    tokens = _day_tokens(text)
    if tokens is None:
        return None
    months = [token for token in tokens if token in MONTHS]
    numbers = [token for token in tokens if token.isdecimal()]
    if len(months) != 1 or len(numbers) != 2:
        return None
    year_first = len(numbers[0]) == 4
    day, year = reversed(numbers) if year_first else numbers
    full_year = _full_year(year)
    if full_year is None or len(day) > 2:
        return None
    found = _calendar_day(full_year, MONTHS[months[0]], int(day))
    if _CLOCK_PLACE.strip() in tokens:
        read_as = "asctime"
    elif tokens == [day, months[0], year] and months[0] in ENGLISH_MONTHS:
        read_as = "rfc822"
    else:
        read_as = "written"
    return _Day(found, read_as) if found else None


def _day_tokens(text: str) -> list[str] | None:
    """Split into numbers, words that matter and the clock's place; None if anything else is there.

    "يناير/كانون الثاني", one month under its two names, counts once.
    """
    if _TOKEN.sub("", text):
        return None
    tokens: list[str] = []
    for match in _TOKEN.finditer(text):
        token = match[1] or match[2] or match[3]
        if token is None or token in FILLERS:
            continue
        if match[2] and token not in MONTHS:
            return None
        same_month = tokens and match[2] and MONTHS.get(tokens[-1]) == MONTHS[token]
        if not same_month:
            tokens.append(token)
    return tokens


def _full_year(digits: str) -> int | None:
    """Complete a year of two or three digits (RFC 5322 §4.3)."""
    year = int(digits)
    match len(digits):
        case 2:
            return year + (2000 if year < 50 else 1900)
        case 3:
            return year + 1900
        case 4:
            return year
        case _:
            return None


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
