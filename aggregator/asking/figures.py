"""How many entries carry each tag, day by day: what was counted → what to tell of it."""

from collections.abc import Iterable, Iterator, Mapping
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

_FEWEST = 3


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
        """Whether the last seven days stand out from the four weeks before.

        They have three entries or more, twice as many as a usual week and more than chance gives
        it (three standard deviations of a Poisson distribution). A tag that had none in those
        weeks is new, or was asleep: there is nothing to stand out from.
        """
        usual = sum(self.days[-SURGE_DAYS:-WEEK]) / USUAL_WEEKS
        return usual > 0 and self.last >= max(_FEWEST, 2 * usual, usual + 3 * sqrt(usual))


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


def daily(tag: str, days: Iterable[TagDay], today: date, length: int) -> tuple[int, ...]:
    """Return a tag's entries on each of so many days, the last one today."""
    return _row(_by_tag(day for day in days if day.tag == tag).get(tag, {}), today, length)


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
