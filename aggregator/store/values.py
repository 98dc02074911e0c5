"""Values and periods as SQL compares them: what `aggregator.query.match` does one entry at a time.

No comparison is ever NULL: with what is unknown it is false.
"""

from collections.abc import Callable
from datetime import datetime

from aggregator.query.fields import ascii_lower
from aggregator.query.nodes import DateComparison, DateRange
from aggregator.query.periods import bounds
from aggregator.store.conditions import Where
from aggregator.store.times import stamp


def value_part(value: str, field: str) -> Where:
    """Return where a field that is compared whole, by its beginning, end or part, has a value."""
    return _VALUES[field](value)


def address_part(text: str) -> Where:
    """Return which feed has an address, that of today or its first."""
    return Where("entry.feed IN (SELECT number FROM feed WHERE ? IN (key, url))", (text,))


def period_part(node: DateRange | DateComparison, now: datetime) -> Where:
    """Return where a date is within a period; the stored times sort as text."""
    column = "entry.first_seen" if node.name == "seen" else "entry.published"
    first, after = bounds(node, now)
    sql, parameters = f"{column} IS NOT NULL", list[object]()
    if first is not None:
        sql += f" AND {column} >= ?"
        parameters.append(stamp(first))
    if after is not None:
        sql += f" AND {column} < ?"
        parameters.append(stamp(after))
    return Where(sql, tuple(parameters))


def _tag(name: str) -> Where:
    return Where(
        "entry.number IN (SELECT entry FROM entry_tag WHERE tag = ? AND removed IS NULL)", (name,)
    )


def _label(label: str) -> Where:
    return Where("entry.feed IN (SELECT feed FROM feed_label WHERE label = ?)", (label,))


def _language(code: str) -> Where:
    return Where(
        "instr(lower(coalesce(nullif(entry.language, ''), 'und')) || '-', ?) = 1", (f"{code}-",)
    )


def _id(beginning: str) -> Where:
    behind = beginning[:-1] + chr(ord(beginning[-1]) + 1)
    return Where("entry.id >= ? AND entry.id < ?", (beginning, behind))


def _site(host: str) -> Where:
    ending = f".{host}"
    return Where("substr('.' || coalesce(entry.site, ''), ?) = ?", (-len(ending), ending))


def _url(part: str) -> Where:
    return Where("instr(lower(coalesce(entry.link, '')), ?) > 0", (ascii_lower(part),))


DUPLICATED = (
    "EXISTS (SELECT 1 FROM entry AS twin"
    " WHERE twin.canonical_link = entry.canonical_link AND twin.feed <> entry.feed"
    " AND twin.number NOT IN (SELECT entry FROM retracted))"
)
"""Whether another feed has an entry with the same link."""

_HAS = {
    "enclosure": "entry.enclosures <> '[]'",
    "image": "coalesce(entry.image, '') <> ''",
    "content": "entry.content <> ''",
    "author": "entry.authors <> '[]'",
    "date": "entry.published IS NOT NULL",
    "duplicate": DUPLICATED,
}


def _has(name: str) -> Where:
    return Where(_HAS[name])


_VALUES: dict[str, Callable[[str], Where]] = {
    "tag": _tag,
    "label": _label,
    "lang": _language,
    "id": _id,
    "site": _site,
    "url": _url,
    "has": _has,
}
