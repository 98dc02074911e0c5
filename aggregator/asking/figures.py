"""How many entries carry each tag, day by day: what was counted → what to tell of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import sqrt

from aggregator.store.base import TagDay
from aggregator.tagging import Rule

WEEK = 7
"""The days that the trend compares: today and the six before, and the seven before those."""

USUAL_WEEKS = 4
"""The weeks before the last seven days that a surge stands out from."""

SURGE_DAYS = WEEK * (1 + USUAL_WEEKS)
"""How many days have to be counted to tell of trends and surges."""

_FEWEST, _FEWEST_WEEKS = 3, 2


@dataclass(frozen=True, slots=True)
class TagFigures:
    """How many entries carry a tag.

    ``title`` is None where no rule gives the tag (any more). ``days`` are those that arrived on
    each UTC day, `SURGE_DAYS` or more, the last one today.
    """

    name: str
    title: str | None
    entries: int
    days: tuple[int, ...]

    @property
    def last(self) -> int:
        """How many arrived in the last seven days."""
        return sum(self.days[-WEEK:])

    @property
    def previous(self) -> int:
        """How many arrived in the seven days before."""
        return sum(self.days[-2 * WEEK : -WEEK])

    @property
    def trend(self) -> int:
        """How many more than in the days before; negative if fewer."""
        return self.last - self.previous

    @property
    def is_surging(self) -> bool:
        """Whether the last seven days are a surge, as `surges` says."""
        return surges(self.days)[-1]


def surges(days: Sequence[int]) -> tuple[bool, ...]:
    """Return for each day whether the week that it ends stands out from the four weeks before.

    It does with three entries or more, if these are twice as many as those weeks had on average,
    and more than chance makes of the busiest of them: three standard deviations of a Poisson
    distribution. What had entries in fewer than two of those weeks is new, or was asleep: there
    is nothing that it stands out from, and neither is there where fewer days are known.
    """
    ends = range(1, len(days) + 1)
    return tuple(_stands_out(days[max(0, end - SURGE_DAYS) : end]) for end in ends)


def _stands_out(days: Sequence[int]) -> bool:
    if len(days) < SURGE_DAYS:
        return False
    *before, last = (sum(days[start : start + WEEK]) for start in range(0, SURGE_DAYS, WEEK))
    busiest, usual = max(before), sum(before) / USUAL_WEEKS
    is_known = sum(map(bool, before)) >= _FEWEST_WEEKS
    return is_known and last >= max(_FEWEST, 2 * usual, busiest + 3 * sqrt(busiest))


def first_instant(today: date, days: int) -> datetime:
    """Return when the first of so many days begins of which ``today`` is the last, in UTC."""
    return datetime.combine(today - timedelta(days=days - 1), time(), UTC)


def tag_figures(
    counts: Mapping[str, int], days: Iterable[TagDay], rules: Mapping[str, Rule], today: date
) -> Iterator[TagFigures]:
    """Yield each tag: those of ``counts`` in their order, then those of rules without entries.

    ``days`` begin with any of the last `SURGE_DAYS` or earlier.
    """
    by_tag = _by_tag(days)
    for name in (*counts, *(name for name in rules if name not in counts)):
        title = rules[name].title if name in rules else None
        yield TagFigures(name, title, counts.get(name, 0), _row(by_tag.get(name, {}), today))


def daily(days: Iterable[TagDay], today: date, length: int) -> tuple[int, ...]:
    """Return the entries of one tag on each of so many days, the last one today."""
    return _row({day.day: day.entries for day in days}, today, length)


def _by_tag(days: Iterable[TagDay]) -> dict[str, dict[date, int]]:
    found: dict[str, dict[date, int]] = {}
    for day in days:
        found.setdefault(day.tag, {})[day.day] = day.entries
    return found


def _row(counted: Mapping[date, int], today: date, length: int = SURGE_DAYS) -> tuple[int, ...]:
    """Return the counts of so many days; what bears a date to come counts as of today."""
    ahead = sum(entries for day, entries in counted.items() if day > today)
    past = (counted.get(today - timedelta(days=ago), 0) for ago in range(length - 1, 0, -1))
    return (*past, counted.get(today, 0) + ahead)
