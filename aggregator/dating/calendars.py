"""Days of the Jalali and the Hijri calendar, in ours.

Jalali (Iran, Afghanistan): a leap year is told by the arithmetic of 33 years with eight leap
years, which agrees with the observed equinox from 1178 to 1633 (K. M. Borkowski, "The Persian
calendar for 3000 years", Earth, Moon, and Planets 74, 1996). Hijri: as the Umm al-Qura tables of
Saudi Arabia have it, which hijridate knows from 1343 to 1500; elsewhere a month may begin a day
before or after, as the moon was seen.
"""

from datetime import date

_JALALI_EPOCH = 226_143
"""With the leap days that 1,595 years and the cycles since are counted for, the year 0's start."""

_FIRST_HALF = 6 * 31
_MONTHS_BEFORE_THE_LAST = 336


def from_jalali(year: int, month: int, day: int) -> date | None:
    """Return the day in our calendar; None if the Jalali calendar has no such day."""
    if not (1178 <= year < 1633 and 1 <= month <= 12):
        return None
    start, end = _jalali_new_year(year), _jalali_new_year(year + 1)
    before = 31 * (month - 1) if month <= 7 else _FIRST_HALF + 30 * (month - 7)
    last_month = end - start - _MONTHS_BEFORE_THE_LAST
    longest = 31 if month <= 6 else 30 if month < 12 else last_month
    return date.fromordinal(start + before + day - 1) if 1 <= day <= longest else None


def from_hijri(year: int, month: int, day: int) -> date | None:
    """Return the day in our calendar; None if there is no such day, or no table for it."""
    from hijridate import Hijri  # noqa: PLC0415 - its tables are needed by few feeds

    try:
        return Hijri(year, month, day).to_gregorian()
    except (ValueError, OverflowError):
        return None


def _jalali_new_year(year: int) -> int:
    cycles, rest = divmod(year + 1595, 33)
    return 365 * year + 8 * cycles + (rest + 3) // 4 + _JALALI_EPOCH
