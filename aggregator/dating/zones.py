"""The zone that stands behind a clock: an offset, an abbreviation, a name of the tz database.

Abbreviations are custom more than law. RFC 822 §5.1 fixes the American ones; of those that
several countries use, the country of the feed tells which is meant, else the one that most mean.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from types import MappingProxyType
from zoneinfo import ZoneInfo, available_timezones

from aggregator.dating.clues import Clues
from aggregator.dating.words import FILLERS, MONTHS, WEEKDAYS

_ZONE_NAMES = """
    -11 sst; -10 hst; -9 akst hdt; -8 pst akdt; -7 mst pdt; -6 cst mdt; -5 est cdt pet cot ect
    -4 edt ast clt vet bot amt gyt; -3.5 nst; -3 art brt adt clst uyt pyst; -2.5 ndt; -2 brst
    -1 cvt; 0 z ut utc gmt wet egst; 1 cet wat west bst mez met; 2 cest cat sast eet wast mesz mest
    3 eat eest msk trt idt мск; 3.5 irst; 4 gst msd azt get samt; 4.5 aft irdt; 5 pkt uzt yekt
    5.5 ist slst; 5.75 npt; 6 bdt omst; 6.5 mmt; 7 ict wib krat novt; 8 hkt sgt myt pht wita awst
    8 irkt; 9 jst kst wit yakt; 9.5 acst; 10 aest vlat chst; 10.5 acdt; 11 aedt; 12 nzst; 13 nzdt
"""
_ELSEWHERE = """
    adt sa 4, ae 4; amt am 4; ast sa 3, iq 3, kw 3, bh 3, qa 3, ye 3; bst bd 6, pg 11
    cdt cn 9, cu -4; cst cn 8, tw 8, cu -5, au 9.5; ect ec -5, fr 1; edt au 11; est au 10
    gst gs -2; ist il 2, ie 1; mst my 8, mm 6.5, ru 3; pst ph 8, pk 5; sst sg 8; wst au 8, ws 13
"""
"""Abbreviations in countries where they are not what most mean."""

_AMBIGUOUS = frozenset({"amt", "ast", "bst", "ect", "gst", "ist", "sst", "wst"})
"""Also Armenia; Arabia; Bangladesh; Central Europe; South Georgia; Israel and Ireland;
Singapore; Samoa. The American ones are fixed."""

_AT_HOME = {"ist": "in lk", "bst": "gb", "gst": "ae om", "ast": "ca pr", "sst": "as", "ect": "ec"}
_AMERICAN = {
    "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver",
    "pt": "America/Los_Angeles", "at": "America/Halifax",
}  # fmt: skip
"""Names for both the winter's and the summer's time."""

_OFFSET = re.compile(
    r"[\s,]*:?(?:[^\W\d_]{1,5}\s*)??[+-]?([+-])(\d{1,2})(?::?(\d\d))?(?::\d\d)?(?!\d)z?"
    r"(?:\s*[a-z]{2,5}\s*$)?"
)
_NO_OFFSET = re.compile(r"\s+00(?:00|:00)?\s*$")
_NAME = re.compile(r"[\s,]*([a-z]+(?:/[a-z0-9_+-]+){1,2}|[^\W\d_]{1,5}(?![\w/]))")
_SAY_NOTHING = re.compile(
    r"[\s,.]*(?:uhr|uur|hrs?|hs|h|hours|horas?|heures?|часов|ч|saat|klo|น|local time)\b\.?"
)


@dataclass(frozen=True, slots=True)
class Zone:
    """``offset`` is east of Greenwich; a ``name`` of the tz database stands in its place."""

    offset: timedelta = timedelta(0)
    sure: bool = False
    name: str | None = None

    def utc(self, local: datetime) -> datetime:
        """Return the instant of a local time, given as if it were UTC; may raise OverflowError."""
        if self.name is None:
            return local - self.offset
        return local.replace(tzinfo=ZoneInfo(self.name)).astimezone(UTC)


UNKNOWN = Zone()


def read_zone(text: str, clues: Clues) -> tuple[Zone | None, str]:
    """Read the zone that ``text`` begins with; return it and the rest. None: impossible.

    An unknown name says nothing, and a military letter no more: RFC 822 printed them with the
    wrong sign (RFC 5322 §4.3).
    """
    if said := _SAY_NOTHING.match(text):
        text = text[said.end() :]
    if match := _OFFSET.match(text):
        hours, minutes = int(match[2]), int(match[3] or 0)
        offset = timedelta(hours=hours, minutes=minutes) * (-1 if match[1] == "-" else 1)
        possible = hours < 24 and minutes < 60
        return (Zone(offset, sure=True) if possible else None), text[match.end() :]
    if match := _NO_OFFSET.match(text):
        return Zone(sure=True), ""
    match = _NAME.match(text)
    if match is None or (_belongs_to_the_day(match[1]) and text[match.end() :].strip()):
        return UNKNOWN, text
    if _belongs_to_the_day(match[1]) and match[1] not in _AMERICAN:
        return UNKNOWN, text
    return named_zone(match[1], clues) or UNKNOWN, text[match.end() :]


def named_zone(name: str, clues: Clues) -> Zone | None:
    """Return the zone of a name in small letters, None if it is not known."""
    if "/" in name:
        return _of_database(name)
    elsewhere = ABROAD.get((name, clues.country or ""))
    if elsewhere is not None:
        return Zone(elsewhere, sure=True)
    if name in ZONES:
        sure = name not in _AMBIGUOUS or clues.country in _AT_HOME.get(name, "").split()
        return Zone(ZONES[name], sure=sure)
    if name in _AMERICAN:
        return Zone(sure=True, name=_AMERICAN[name])
    return None


def _of_database(name: str) -> Zone | None:
    known = _database().get(name)
    return Zone(sure=True, name=known) if known else None


@cache
def _database() -> Mapping[str, str]:
    """Return the names of the tz database by themselves in small letters; it is looked up once."""
    return MappingProxyType({name.lower(): name for name in available_timezones()})


def _belongs_to_the_day(word: str) -> bool:
    return word in MONTHS or word in WEEKDAYS or (word in FILLERS and len(word) > 1)


def _by_name(table: str) -> Mapping[str, timedelta]:
    rows = (row.split() for line in table.strip().splitlines() for row in line.split(";"))
    return MappingProxyType(
        {name: timedelta(hours=float(hours)) for hours, *names in rows for name in names}
    )


def _by_country(table: str) -> Mapping[tuple[str, str], timedelta]:
    found = {}
    for line in table.strip().splitlines():
        for row in line.split(";"):
            name, _, places = row.strip().partition(" ")
            for place in places.split(","):
                country, hours = place.split()
                found[name, country] = timedelta(hours=float(hours))
    return MappingProxyType(found)


ZONES = _by_name(_ZONE_NAMES)
"""East of Greenwich."""

ABROAD = _by_country(_ELSEWHERE)
"""The same by name and country."""
