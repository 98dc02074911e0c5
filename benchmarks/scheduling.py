"""Schedules held against each other: `python -m benchmarks.scheduling DIRECTORY [--feeds N]`.

The captured feeds of a directory become as many synthetic ones as wanted (`benchmarks.bootstrap`),
and each schedule polls all of them, feed by feed, for some days after a warm-up that begins with
an import within two hours. What is asked for is a document's ttl and update period; no feed fails.
"""

import argparse
import math
import time
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import repeat
from pathlib import Path

from benchmarks.bootstrap import DAY, HOUR, Captured, Synthetic, captured, synthetic
from benchmarks.schedules import (
    Next,
    Schedule,
    entry_frequency,
    fixed,
    linear,
    polite_entry_frequency,
    shapeless,
    square_root,
)

MINUTE = 60.0
IMPORT = 2 * HOUR
ANSWER = 1.0
"""Seconds from a request to the end of its answer."""

PROCESSES = 2
SAMPLE = 1_800


@dataclass(frozen=True)
class Span:
    """The days that are measured, in seconds since the import began."""

    begin: float
    end: float


@dataclass
class Outcome:
    """What came of a schedule; times in seconds.

    ``delays`` are those of all entries of the measured days, ``means`` the mean of each feed.
    ``lost`` is how many entries had left the document before it was polled, ``useful`` how many
    polls found something, ``early`` how many came sooner than an hour after the last answer,
    ``unasked`` how many sooner than the document's ttl or update period.
    """

    delays: "array[float]" = field(default_factory=lambda: array("d"))
    means: "array[float]" = field(default_factory=lambda: array("d"))
    minutes: list[int] = field(default_factory=list)
    lost: int = 0
    useful: int = 0
    early: int = 0
    unasked: int = 0

    @property
    def requests(self) -> int:
        """Return how many requests the measured days saw."""
        return sum(self.minutes)

    def add(self, other: "Outcome") -> None:
        """Take in what came of other feeds."""
        self.delays += other.delays
        self.means += other.means
        pairs = zip(self.minutes, other.minutes, strict=True)
        self.minutes = [one + two for one, two in pairs] if self.minutes else other.minutes
        self.lost += other.lost
        self.useful += other.useful
        self.early += other.early
        self.unasked += other.unasked


# --- polling -------------------------------------------------------------------------------------


def poll_on(feed: Synthetic, wait: Next, at: float, span: Span, outcome: Outcome) -> None:
    """Poll a feed from its import on until all that it published in the span is known."""
    seen, done_at, asked = 0, -math.inf, feed.asks_for()
    began = len(outcome.delays)
    while at < span.end:
        there = bisect_right(feed.times, at)
        kept = max(seen, there - feed.window)
        if at >= span.begin:
            outcome.minutes[int((at - span.begin) / MINUTE)] += 1
            outcome.early += at - done_at < HOUR
            outcome.unasked += at - done_at < asked
            outcome.useful += there > kept
        _note(feed, seen, there, at, span, outcome)
        done_at = at + ANSWER
        at = done_at + wait(done_at, kept, there)
        seen = there
    _note(feed, seen, bisect_right(feed.times, at), at, span, outcome)
    own = outcome.delays[began:]
    if own:
        outcome.means.append(sum(own) / len(own))


def _note(feed: Synthetic, seen: int, there: int, at: float, span: Span, outcome: Outcome) -> None:
    """Note how long ago those entries were published that a poll finds."""
    begin = bisect_left(feed.times, span.begin, seen, there)
    end = bisect_left(feed.times, span.end, begin, there)
    kept = min(max(begin, there - feed.window), end)
    outcome.lost += kept - begin
    outcome.delays.extend(at - feed.times[one] for one in range(kept, end))


def run_some(
    feeds: Sequence[Captured], numbers: range, schedules: Sequence[Schedule], span: Span
) -> list[Outcome]:
    """Poll some of the feeds by each schedule."""
    minutes = round((span.end - span.begin) / MINUTE)
    outcomes = [Outcome(minutes=[0] * minutes) for _ in schedules]
    for number in numbers:
        feed = synthetic(feeds, number, span.end)
        at = (number * 0.618034 % 1) * IMPORT
        for schedule, outcome in zip(schedules, outcomes, strict=True):
            poll_on(feed, schedule.begin(feed, schedule.number), at, span, outcome)
    return outcomes


@dataclass(frozen=True)
class Bench:
    """The feeds, the span, and the processes to do it in."""

    pool: ProcessPoolExecutor
    feeds: Sequence[Captured]
    span: Span

    def run(self, schedules: Sequence[Schedule], count: int) -> list[Outcome]:
        """Poll so many feeds by each schedule."""
        parts = [range(first, count, PROCESSES * 4) for first in range(PROCESSES * 4)]
        work = partial(run_some, self.feeds)
        totals = [Outcome() for _ in schedules]
        for outcomes in self.pool.map(work, parts, repeat(schedules), repeat(self.span)):
            for total, outcome in zip(totals, outcomes, strict=True):
                total.add(outcome)
        return totals

    def fitted(self, schedules: Sequence[Schedule], requests: float) -> list[Schedule]:
        """Choose each schedule's number so that a sample of feeds costs so many requests each."""
        bounds = [(0.02, 50.0) for _ in schedules]
        for _ in range(9):
            tried = [math.sqrt(low * high) for low, high in bounds]
            numbered = [replace(one, number=n) for one, n in zip(schedules, tried, strict=True)]
            outcomes = self.run(numbered, SAMPLE)
            bounds = [
                (n, high) if outcome.requests > requests * SAMPLE else (low, n)
                for (low, high), n, outcome in zip(bounds, tried, outcomes, strict=True)
            ]
        found = [math.sqrt(low * high) for low, high in bounds]
        return [replace(one, number=n) for one, n in zip(schedules, found, strict=True)]


# --- telling -------------------------------------------------------------------------------------

HEAD = (
    "| schedule | requests a day | mean delay | median | 95 % | mean by feed | of use"
    " | minute's peak / mean | under 60 min | under ttl or period | never seen |"
)


def row(schedule: Schedule, outcome: Outcome, days: float, scale: float) -> str:
    """Return a row of the table, requests scaled to 100,000 feeds."""
    delays = sorted(outcome.delays)
    ranks = (delays[len(delays) // 2], delays[int(len(delays) * 0.95)])
    mean = sum(delays) / len(delays)
    by_feed = sum(outcome.means) / len(outcome.means)
    requests = outcome.requests
    cells = (
        schedule.title(),
        f"{requests / days * scale:,.0f}",
        *(f"{each / MINUTE:,.0f} min" for each in (mean, *ranks)),
        f"{by_feed / HOUR:.1f} h",
        f"{outcome.useful / requests:.0%}",
        f"{max(outcome.minutes) / (requests / len(outcome.minutes)):.2f}",
        *(f"{share / requests:.1%}" for share in (outcome.early, outcome.unasked)),
        f"{outcome.lost / (outcome.lost + len(delays)):.1%}",
    )
    return f"| {' | '.join(cells)} |"


def table(title: str, bench: Bench, schedules: Sequence[Schedule], count: int) -> None:
    """Poll, and print a table."""
    days = (bench.span.end - bench.span.begin) / DAY
    print(f"\n{title}\n\n{HEAD}\n{'| --- ' * (HEAD.count('|') - 1)}|")
    for schedule, outcome in zip(schedules, bench.run(schedules, count), strict=True):
        print(row(schedule, outcome, days, 100_000 / count), flush=True)


def compare(bench: Bench, count: int) -> None:
    """Print every table."""
    miniflux = Schedule("Miniflux, as it is", entry_frequency)
    polite = Schedule("Miniflux, as polite as we are", polite_entry_frequency)
    ours, unshaped = Schedule("ours", square_root), Schedule("ours, without hours", shapeless)
    usual = [
        Schedule("fixed, hours:", fixed, 1.0),
        replace(ours, name="ours, κ =", number=3.0),
    ]
    table("As they are", bench, [*usual[:1], miniflux, polite, *usual[1:]], count)
    others = [
        Schedule("fixed, hours:", fixed),
        Schedule("linear law, κ =", linear),
        replace(unshaped, name="ours without the hours, κ ="),
        replace(ours, name="ours, κ ="),
    ]
    for rival in (miniflux, polite):
        (sampled,) = bench.run([rival], SAMPLE)
        equal = bench.fitted(others, sampled.requests / SAMPLE)
        table(f"With the requests of “{rival.name}”", bench, [rival, *equal], count)
    sweep = [
        replace(one, name=f"{one.name}, κ =", number=kappa)
        for kappa in (1.0, 1.5, 2.0, 3.0, 4.0, 5.0)
        for one in (unshaped, ours)
    ]
    sweep.append(replace(ours, name="ours, as often as allowed, κ =", number=0.01))
    table("κ", bench, sweep, SAMPLE)


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("directory", type=Path)
    options.add_argument("--feeds", type=int, default=20_000)
    options.add_argument("--days", type=int, default=14)
    options.add_argument("--warm-up", type=int, default=7)
    asked = options.parse_args()
    begun = time.monotonic()
    span = Span(asked.warm_up * DAY, (asked.warm_up + asked.days) * DAY)
    feeds = captured(asked.directory)
    print(
        f"{len(feeds)} captured feeds made into {asked.feeds:,}, {asked.days} days after"
        f" {asked.warm_up} of warm-up; requests are scaled to 100,000 feeds."
    )
    with ProcessPoolExecutor(PROCESSES) as pool:
        compare(Bench(pool, feeds, span), asked.feeds)
    print(f"\n{time.monotonic() - begun:.0f} s in {PROCESSES} processes")


if __name__ == "__main__":
    main()
