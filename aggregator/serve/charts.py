"""Entries over days as bars, in the units of a drawing: what a template writes as SVG."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from aggregator.asking.figures import WEEK
from aggregator.wording import counted

STEP = 4
"""How wide a day is; its bar leaves a quarter of that free."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A day that has entries; ``told`` says which and how many, ``is_late`` that it was lately."""

    x: int
    y: float
    height: float
    told: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Span:
    """Days on end that stand out; ``told`` says which."""

    x: int
    width: int
    told: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing of ``width`` × ``height``, y running down; ``told`` says what it shows.

    The highest bar stands for ``most`` entries.
    """

    width: int
    height: int
    first: date
    last: date
    most: int
    told: str
    bars: tuple[Bar, ...]
    spans: tuple[Span, ...]


def chart(days: Sequence[int], today: date, height: int, surging: Sequence[bool] = ()) -> Chart:
    """Draw how many entries each day had, the last one ``today``.

    ``surging`` tells of each day whether it is to stand out; none is if nothing is told.
    """
    dates = [today - timedelta(days=ago) for ago in range(len(days) - 1, -1, -1)]
    spans = tuple(_spans(surging, dates))
    return Chart(
        width=len(days) * STEP,
        height=height,
        first=dates[0],
        last=today,
        most=max(days),
        told=" ".join((_told(days, dates), *(span.told for span in spans))),
        bars=tuple(_bars(days, dates, height)),
        spans=spans,
    )


def _bars(days: Sequence[int], dates: Sequence[date], height: int) -> Iterator[Bar]:
    most = max(days)
    for number, (day, entries) in enumerate(zip(dates, days, strict=True)):
        if entries:
            bar = round(max(1, entries / most * height), 1)
            told = f"{day:%A %d %B}: {counted(entries, 'entry')}"
            late = number >= len(days) - WEEK
            yield Bar(number * STEP, round(height - bar, 1), bar, told, late)


def _spans(surging: Sequence[bool], dates: Sequence[date]) -> Iterator[Span]:
    for stands_out, days in groupby(range(len(surging)), key=surging.__getitem__):
        if stands_out:
            numbers = tuple(days)
            told = f"Surge until {dates[numbers[-1]]:%d %B}."
            yield Span(numbers[0] * STEP, len(numbers) * STEP, told)


def _told(days: Sequence[int], dates: Sequence[date]) -> str:
    if not any(days):
        return f"No entries in {len(days)} days."
    most = max(days)
    busiest = max(day for day, entries in zip(dates, days, strict=True) if entries == most)
    return (
        f"{counted(sum(days), 'entry')} in {len(days)} days, {sum(days[-WEEK:]):,} of them in the"
        f" last {WEEK}; most on {busiest:%d %B}: {most:,}."
    )
