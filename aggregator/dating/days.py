"""The day in a date: 2024-02-05, 5 Feb 2024, 05/02/2024, 2024-W06-1, 1402/11/16.

The clock has been taken out; where it stood inside the day there is a ``|``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from aggregator.dating.calendars import from_hijri, from_jalali
from aggregator.dating.clues import Clues
from aggregator.dating.words import (
    ENGLISH_MONTHS,
    FILLERS,
    HIJRI_MONTHS,
    JALALI_MONTHS,
    MONTHS,
    WEEKDAYS,
)
from aggregator.model.raw import Order

CLOCK_PLACE = "|"

_WHOLE = re.compile(
    r"(\d{4}) ?([-/. ]) ?(?:0(?=\d\d-\d))?(\d{1,2})(?: ?\2 ?(\d{1,2}))?"  # "2003-012-31" occurs
)
_YEAR = re.compile(r"\d{4}")
_WEEK = re.compile(r"(\d{4})-?w(\d\d)(?:-?([1-7]))?")
_ORDINAL = re.compile(r"(\d{4})-?(\d{3})")
_SHORT = re.compile(r"(\d\d)(?:(\d\d)(\d\d)|(\d{3}))|-(\d\d)-?(\d\d)")
_NUMERIC = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d\d)")
_LEADING_WORD = re.compile(r"([^\W\d_]+)\s*[.,:]+\s*")
_WORD = re.compile(r"(?<!\w)[^\W\d_]+(?:'[^\W\d_]+)?")
_TOKEN = re.compile(r"(\d+)(?:(?:st|nd|rd|th|er|eme|e|o|a)\b)?|([^\W\d_]+)|(\|)|[\s,./'-]+")
_HIJRI_MARK = re.compile(r"(?<=\d)\s*(?:هـ|ه|ah)(?!\w)")
_OUR_MARK = re.compile(r"(?<=\d)\s*م(?!\w)")
_HIJRI_DAY = re.compile(
    rf"(\d{{1,2}})\s+({'|'.join(HIJRI_MONTHS)})\s+(1[345]\d\d)\s*ه?(?!\w)\s*[,/-]?"
)
_STARTS = frozenset("0123456789-")
_EDGES = " ,|./:-"
_LEADING = re.compile(r"^(?:[ ,|./:]|-(?= ))+")
_NUMBER = re.compile(r"\d+")
_OLD_YEARS = range(1300, 1500)
_LAST_SHORT = 2004
_FIRST_HIJRI = 1430
"""As a Jalali year this lies in the future of every feed: 2051."""


@dataclass(frozen=True, slots=True)
class Day:
    """``order`` is what a date of three numbers proves by itself; ``whole`` tells that it names
    a day, not just its month or year."""

    day: date
    read_as: str
    sure: bool = True
    order: Order | None = None
    whole: bool = True


def read_day(text: str, clues: Clues) -> Day | None:
    """Read the day out of what stands around the clock; a weekday that contradicts is doubt."""
    if not text.isascii():
        text = _without_second_calendar(text)
    text = _LEADING.sub("", text).rstrip(_EDGES)
    if found := _by_iso(text, clues):
        return found
    cleaned = _cleaned(text)
    if cleaned is None:
        return None
    rest, weekday = cleaned
    rest = _LEADING.sub("", rest).rstrip(_EDGES)
    found = _by_iso(rest, clues) or _numeric(rest, weekday, clues) or _named(rest)
    if found is None or weekday is None or found.day.weekday() == weekday:
        return found
    return replace(found, sure=False)


# --- words --------------------------------------------------------------------------------------


def _cleaned(text: str) -> tuple[str, int | None] | None:
    """Return ``text`` with no words but months, and the weekday; None if a word is unknown.

    The first word may be any if a mark sets it off. "mar" is Tuesday or March: it is the weekday
    only if the month is told without it. Of a Hijri day beside one of ours, ours counts.
    """
    words = _WORD.findall(text)
    months = sum(_is_month(word) for word in words)
    otherwise_whole = months > 1 or len(_NUMBER.findall(text)) > 2
    leading = _LEADING_WORD.match(text)
    if leading and not _is_month(leading[1]) and leading[1] not in WEEKDAYS:
        text = text[leading.end() :]
    weekday: int | None = None
    kept: list[str] = []
    end = 0
    for match in _WORD.finditer(text):
        word = match[0]
        kept.append(text[end : match.start()])
        end = match.end()
        if word in WEEKDAYS and weekday is None and (otherwise_whole or not _is_month(word)):
            weekday = WEEKDAYS[word]
        elif _is_month(word):
            kept.append(word)
        elif word not in FILLERS:
            return None
    return "".join((*kept, text[end:])), weekday


def _is_month(word: str) -> bool:
    return word in MONTHS or word in JALALI_MONTHS or word in HIJRI_MONTHS


def _without_second_calendar(text: str) -> str:
    text = _OUR_MARK.sub(" ", text)
    rest = _HIJRI_DAY.sub(" ", text)
    return rest if any(word in MONTHS for word in _WORD.findall(rest)) else text


# --- years first --------------------------------------------------------------------------------


def _by_iso(text: str, clues: Clues) -> Day | None:
    if not text or text[0] not in _STARTS:
        return None
    if match := _WHOLE.fullmatch(text):
        year, month, day = int(match[1]), int(match[3]), int(match[4] or 1)
        if year in _OLD_YEARS and match[4]:
            return _old(year, month, day, clues)
        found = calendar_day(year, month, day)
        whole = match[4] is not None
        return Day(found, "w3cdtf", sure=whole, whole=whole) if found else None
    if _YEAR.fullmatch(text):
        found = calendar_day(int(text), 1, 1)
        return Day(found, "w3cdtf", sure=False, whole=False) if found else None
    if marked := _HIJRI_MARK.search(text):
        return _marked_hijri(text[: marked.start()])
    return _by_week(text) or _by_ordinal(text) or _shortened(text)


def _marked_hijri(text: str) -> Day | None:
    match = _WHOLE.fullmatch(text)
    if match and match[4] and (found := from_hijri(int(match[1]), int(match[3]), int(match[4]))):
        return Day(found, "hijri", sure=False)
    match = _NUMERIC.fullmatch(text)
    if match and (found := from_hijri(int(match[4]), int(match[3]), int(match[1]))):
        return Day(found, "hijri", sure=False)
    return _named(text)


def _old(year: int, month: int, day: int, clues: Clues) -> Day | None:
    """Read a year that no feed of ours can have: Jalali, or Hijri where Arabic is written."""
    if clues.language == "ar" or year >= _FIRST_HIJRI:
        found = from_hijri(year, month, day)
        return Day(found, "hijri", sure=False) if found else None
    found = from_jalali(year, month, day)
    return Day(found, "jalali", clues.language in {None, "fa", "ps"}) if found else None


def _by_week(text: str) -> Day | None:
    match = _WEEK.fullmatch(text)
    if match is None:
        return None
    try:
        found = date.fromisocalendar(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        return None
    return Day(found, "iso8601", sure=match[3] is not None, whole=match[3] is not None)


def _by_ordinal(text: str) -> Day | None:
    match = _ORDINAL.fullmatch(text)
    found = _ordinal_day(int(match[1]), int(match[2])) if match else None
    return Day(found, "iso8601") if found else None


def _ordinal_day(year: int, number: int) -> date | None:
    start = calendar_day(year, 1, 1)
    found = date.fromordinal(start.toordinal() + number - 1) if start and number else None
    return found if found and found.year == year else None


def _shortened(text: str) -> Day | None:
    """Read what ISO 8601 allowed until 2004: 031231, 03365, -0312 and -03-12."""
    match = _SHORT.fullmatch(text)
    if match is None:
        return None
    year = full_year(match[1] or match[5]) or 0
    if match[4]:
        found = _ordinal_day(year, int(match[4])) if year <= _LAST_SHORT else None
    else:
        found = calendar_day(year, int(match[2] or match[6]), int(match[3] or 1))
    return Day(found, "iso8601", sure=False, whole=match[6] is None) if found else None


# --- three numbers ------------------------------------------------------------------------------


def _numeric(text: str, weekday: int | None, clues: Clues) -> Day | None:
    """Read three numbers, the year last; nobody writes a month first with points.

    Which of two possible days is meant, the weekday tells, or the document's other dates; if
    neither does, what is usual where the feed comes from.
    """
    match = _NUMERIC.fullmatch(text)
    if match is None:
        return None
    first, mark, second, year = int(match[1]), match[2], int(match[3]), match[4]
    if int(year) in _OLD_YEARS:
        return _old(int(year), second, first, clues)
    days = dict(_possible(first, mark, second, full_year(year) or 0))
    if len(year) == 2 and (mark == "-" or not days):
        found = calendar_day(full_year(match[1]) or 0, second, int(year))
        if found is not None:
            return Day(found, "numeric", sure=False)
    fitting = {order: day for order, day in days.items() if day.weekday() == weekday} or days
    if len(set(fitting.values())) == 1:
        (order, found), *others = fitting.items()
        proof = order if mark != "." and not others else None
        return Day(found, "numeric", order=proof)
    order = clues.order or clues.habit or "day"
    return Day(days[order], "numeric", sure=clues.order is not None) if days else None


def _possible(first: int, mark: str, second: int, year: int) -> Iterator[tuple[Order, date]]:
    if found := calendar_day(year, second, first):
        yield "day", found
    if mark != "." and (found := calendar_day(year, first, second)):
        yield "month", found


# --- a month's name -----------------------------------------------------------------------------


def _named(text: str) -> Day | None:
    """Read a month's name with a day and a year around it, in any order that tells them apart."""
    tokens = _tokens(text)
    months = [token for token in tokens or () if token[0] != CLOCK_PLACE and not token.isdecimal()]
    numbers = [token for token in tokens or () if token.isdecimal()]
    if tokens is None or len(months) != 1 or not numbers:
        return None
    month = months[0]
    if len(numbers) == 1:
        return _month_of(month, numbers[0]) if CLOCK_PLACE not in tokens else None
    if len(numbers) > 2:
        return None
    year_first = len(numbers[0]) == 4 or (len(numbers[0]) == 2 and int(numbers[0]) > 31)
    day, year = reversed(numbers) if year_first else numbers
    number = full_year(year)
    if number is None or len(day) > 2:
        return None
    if number in _OLD_YEARS:
        return _old_month(month, number, int(day))
    found = calendar_day(number, MONTHS[month], int(day)) if month in MONTHS else None
    return Day(found, _form(tokens, [day, month, year])) if found else None


def _form(tokens: list[str], mail: list[str]) -> str:
    if CLOCK_PLACE in tokens:
        return "asctime"
    return "rfc822" if tokens == mail and mail[1] in ENGLISH_MONTHS else "written"


def _month_of(month: str, year: str) -> Day | None:
    number = full_year(year) if len(year) == 4 else None
    found = calendar_day(number, MONTHS[month], 1) if number and month in MONTHS else None
    return Day(found, "written", sure=False, whole=False) if found else None


def _old_month(month: str, year: int, day: int) -> Day | None:
    if month in JALALI_MONTHS:
        found = from_jalali(year, JALALI_MONTHS[month], day)
        return Day(found, "jalali") if found else None
    found = from_hijri(year, HIJRI_MONTHS[month], day) if month in HIJRI_MONTHS else None
    return Day(found, "hijri", sure=False) if found else None


def _tokens(text: str) -> list[str] | None:
    """Split into numbers, months and the clock's place; None if anything else is there.

    "يناير/كانون الثاني", one month under its two names, counts once.
    """
    if _TOKEN.sub("", text):
        return None
    tokens: list[str] = []
    for match in _TOKEN.finditer(text):
        token = match[1] or match[2] or match[3]
        if token is None or token in FILLERS:
            continue
        if match[2] and not _is_month(token):
            return None
        same_month = tokens and token in MONTHS and MONTHS.get(tokens[-1]) == MONTHS[token]
        if not same_month:
            tokens.append(token)
    return tokens


def full_year(digits: str) -> int | None:
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


def calendar_day(year: int, month: int, day: int) -> date | None:
    """Return a day of our calendar, None if it has none like that."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
