"""When a publisher wishes to be asked: ttl, sy:updatePeriod, skipHours and skipDays.

::

    <ttl>90</ttl>                                          minutes (RSS 2.0)
    <sy:updatePeriod>hourly</…> <sy:updateFrequency>2</…>  twice an hour (RSS 1.0, its module)
    <skipHours><hour>0</hour> …                            GMT; 24 is 0 (RSS 2.0, RSS 0.91)
    <skipDays><day>Sunday</day> …                          English names

Wishes that make no sense are ignored; no interval is longer than a day.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from lxml import etree

_LONGEST = timedelta(days=1)
_PERIODS = {
    "always": timedelta(hours=1),
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "dayly": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
"""With what publishers write besides the module's five words."""

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MENTIONED = re.compile(r"<skip(?:Hours|Days)\b", re.IGNORECASE)
_SMALL_NUMBER = re.compile(r"[0-9]{1,9}")
_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class Skipped:
    """``hours`` are 0 to 23 in GMT, ``days`` 0 (Monday) to 6."""

    hours: frozenset[int] = frozenset()
    days: frozenset[int] = frozenset()


def read_ttl(written: str) -> timedelta | None:
    """Read whole minutes, at least one."""
    minutes = _SMALL_NUMBER.fullmatch(written.strip())
    if minutes is None or int(minutes[0]) == 0:
        return None
    return min(_LONGEST, timedelta(minutes=int(minutes[0])))


def read_update_period(period: str, frequency: str = "1") -> timedelta | None:
    """Read how long one update takes if ``frequency`` of them happen in ``period``.

    Fractions occur: 0.1 means every ten periods.
    """
    length = _PERIODS.get(period.strip().lower())
    times = _DECIMAL.fullmatch(frequency.strip() or "1")
    if length is None or times is None or float(times[0]) == 0:
        return None
    seconds = length.total_seconds() / float(times[0])
    return timedelta(seconds=min(seconds, _LONGEST.total_seconds()))


def read_skipped(text: str) -> Skipped:
    """Read the channel's skipHours and skipDays from the whole document.

    A pass of its own, because feedparser keeps only the last ``<hour>`` and ``<day>``.
    """
    if not _MENTIONED.search(text):
        return Skipped()
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        return Skipped()
    if root is None:  # so says lxml when it could recover nothing
        return Skipped()
    hours = {
        int(hour) for hour in _named(root, "skiphours", "hour") if _SMALL_NUMBER.fullmatch(hour)
    }
    days = {day.lower() for day in _named(root, "skipdays", "day")}
    return Skipped(
        frozenset(hour % 24 for hour in hours if hour <= 24),
        frozenset(number for number, day in enumerate(_DAYS) if day in days),
    )


def _named(root: etree._Element, parent: str, child: str) -> Iterator[str]:
    """Yield the texts of ``child`` in ``parent`` in the channel; names without regard to case."""
    for channel in root.iter("channel", "{*}channel"):
        for group in channel:
            if _local_name(group) == parent:
                yield from ((one.text or "").strip() for one in group if _local_name(one) == child)


def _local_name(element: etree._Element) -> str:
    """Return the name in small letters; lxml's QName refuses a prefix that is not declared."""
    return str(element.tag).rpartition("}")[2].lower()
