"""The clock in a date: 10:15, 10:15:07.25, 14h30, 3 pm, 16.04, T10.

Between hours and minutes stands a colon or an h; a point only where the rest is a whole day, and
no minutes at all only where the hour is called one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

_HALF_DAY = (
    r"(?:\s*(?:(?P<am>a\.?\s?m\b\.?|(?:ص|صباحا|ق\.ظ)(?!\w))"
    r"|(?P<pm>p\.?\s?m\b\.?|(?:م|مساء|ب\.ظ)(?!\w))))?"
)
_COLON = re.compile(
    r"(?<![\d:+])(?P<hour>\d{1,2})(?::|\s?h\s?(?=\d\d))(?P<minute>\d{1,2})(?:\s?min\b)?"
    r"(?::(?P<second>\d{1,2})(?:[.,](?P<fraction>\d+)|:(?P<frames>\d{2,3}))?)?(?!:?\d)" + _HALF_DAY
)
_POINT = re.compile(
    r"(?<![\d.])(?P<hour>\d{1,2})\.(?P<minute>\d\d)(?:\.(?P<second>\d\d))?(?![.\d])" + _HALF_DAY
)
_HOUR = re.compile(
    r"(?<=\dt)(?P<iso>\d\d)(?=$|z|[+-])|(?<![\d:.])(?P<hour>\d{1,2})"
    r"(?:(?=\s?(?:h|uhr|uur|ч)\b)|(?=\s*[ap]\.?m\b)|(?=\s+[+-]\d{4}$))" + _HALF_DAY
)
_NOON = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, and what stands before and after it; ``since`` None: no clock shows this."""

    before: str
    since: timedelta | None
    after: str
    sure: bool = True


def clock(text: str) -> Clock | None:
    """Return the first clock with a colon or an h in ``text``, None if it has none."""
    match = _COLON.search(text)
    return _clock(text, match) if match else None


def doubtful_clocks(text: str) -> Iterator[Clock]:
    """Yield what may be a clock if the rest is a day."""
    for form in (_POINT, _HOUR):
        if match := form.search(text):
            yield _clock(text, match)


def since_midnight(hour: str, minute: str, second: str, fraction: str = "") -> timedelta | None:
    """Return the time since midnight; 24:00 and the leap second :60 lead into what follows."""
    hours, minutes, seconds = int(hour), int(minute), int(second)
    microseconds = int(fraction[:6].ljust(6, "0"))
    since = timedelta(hours=hours, minutes=minutes, seconds=seconds, microseconds=microseconds)
    if minutes > 59 or seconds > 60 or since > timedelta(days=1):
        return None
    return since


def _clock(text: str, match: re.Match[str]) -> Clock:
    part = match.groupdict("")
    since = since_midnight(
        part["hour"] or part["iso"],
        part.get("minute") or "0",
        part.get("second") or "0",
        part.get("fraction") or part.get("frames") or "",
    )
    before, after = re.sub(r"(?<=\d)t$", "", text[: match.start()]), text[match.end() :]
    if since is None or not (part["am"] or part["pm"]):
        return Clock(before, since, after)
    if since < timedelta(hours=13):
        return Clock(before, since % _NOON + (_NOON if part["pm"] else timedelta(0)), after)
    # "15:04 pm" says it twice; "15:04 am" contradicts itself.
    return Clock(before, since if part["pm"] else None, after, sure=False)
