"""Publication times of captured feeds, and as many synthetic feeds as wanted made of them.

A synthetic feed is a random walk through the entries of one captured feed (a stationary block
bootstrap, Politis & Romano 1994): it publishes what that one published, gap after gap, some
eight entries in a row, and goes on from another entry of about the same hour of the day. So rate,
bursts and hours stay; that days of the week and slow changes over years matter too is lost.
It is met at a moment that is equally likely to be any of the captured history: a feed that has
been silent for a year is mostly met in its silence. Dates without an hour get one by chance.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice, takewhile
from pathlib import Path

from aggregator.errors import FeedError
from aggregator.fetch.files import read_file
from aggregator.pipeline import read
from aggregator.polling import Wishes

FEED_FILES = frozenset({".xml", ".rss", ".atom", ".rdf", ".json"})
HOUR = 3_600.0
DAY = 24 * HOUR
BLOCK = 8
"""How many gaps follow one another, on average, as they did in the captured feed."""

AFTER = 9 * DAY
"""How long the feeds go on after the last moment that was asked for: nobody waits longer."""

NEAREST = 4
"""Among how many entries of about the same hour the walk goes on."""


@dataclass(frozen=True)
class Captured:
    """What one file tells: when its entries were published, in seconds, the oldest first.

    The last of ``times`` is when it was captured. ``window`` is how many entries a document of
    it holds.
    """

    times: tuple[float, ...]
    window: int
    wishes: Wishes


@dataclass(frozen=True)
class Synthetic:
    """A feed that never was: its entries' times in seconds, those before 0 in its first document.

    They end some time after the last moment that was asked for.
    """

    key: str
    times: tuple[float, ...]
    window: int
    wishes: Wishes

    def asks_for(self) -> float:
        """Return how many seconds its document asks us to wait, a day at most."""
        wishes = (self.wishes.ttl, self.wishes.update_period)
        return min(DAY, max(wish.total_seconds() if wish else 0.0 for wish in wishes))


def captured(directory: Path) -> tuple[Captured, ...]:
    """Read every feed file; what has fewer than two dates tells nothing and is left out.

    All are taken to be captured an hour after the latest entry of all.
    """
    read_feeds = [_dates(path) for path in sorted(directory.iterdir())]
    told = [found for found in read_feeds if found and len(found.times) > 1]
    captured_at = max(found.times[-1] for found in told) + HOUR
    return tuple(
        Captured((*found.times, captured_at), found.window, found.wishes) for found in told
    )


def _dates(path: Path) -> Captured | None:
    if path.suffix not in FEED_FILES:
        return None
    uri = path.absolute().as_uri()
    try:
        reading = read(read_file(uri, now=datetime.now(UTC)), uri)
    except FeedError:
        return None
    dates = [entry.published.at for entry in reading.entries if entry.published]
    chance = random.Random(path.name)
    times = sorted(_with_an_hour(date, chance) for date in dates)
    return Captured(tuple(times), len(reading.entries), reading.wishes)


def _with_an_hour(date: datetime, chance: random.Random) -> float:
    at_midnight = (date.hour, date.minute, date.second) == (0, 0, 0)
    return date.timestamp() + (chance.random() * DAY if at_midnight else 0.0)


def synthetic(feeds: Sequence[Captured], number: int, until: float) -> Synthetic:
    """Make the feed of this number, always the same one, with entries to ``until`` and beyond."""
    chance = random.Random(number)
    of = feeds[number % len(feeds)]
    met_at = chance.uniform(of.times[0], of.times[-1])
    # Whole days, so that the hours stay those of the day.
    midnight = met_at - met_at % DAY
    begin = sum(at <= met_at for at in of.times)
    later = _walk(of.times, begin, chance)
    entries = of.times[:-1]
    mirrored = (*(-at for at in reversed(entries)), HOUR - entries[0])
    earlier = (-at for at in _walk(mirrored, len(entries) - begin, chance))
    shown = list(islice(earlier, of.window))
    to_come = takewhile(lambda at: at < midnight + until + AFTER, later)
    times = tuple(at - midnight for at in (*reversed(shown), *to_come))
    return Synthetic(f"https://host-{number}.example/feed", times, of.window, of.wishes)


def _walk(times: Sequence[float], begin: int, chance: random.Random) -> Iterator[float]:
    """Yield times from ``times[begin]`` on, for ever; the last of ``times`` is no entry."""
    here, shift = begin, 0.0
    while True:
        at = times[here] + shift
        if here < len(times) - 1:
            yield at
        if here == len(times) - 1 or chance.random() < 1 / BLOCK:
            here, shift = _leap(times, at, chance)
        else:
            here += 1


def _leap(times: Sequence[float], at: float, chance: random.Random) -> tuple[int, float]:
    """Return what comes next after ``at``, and how much later than it did: the hour is kept."""

    def apart(one: int) -> float:
        return min((times[one] - at) % DAY, (at - times[one]) % DAY)

    nearest = sorted(range(len(times) - 1), key=apart)[:NEAREST]
    alike = chance.choice(nearest)
    if times[alike + 1] - times[alike] >= DAY:
        shift = round((at - times[alike]) / DAY) * DAY
        return alike + 1, shift if times[alike + 1] + shift >= at else shift + DAY
    if close := [one for one in nearest if apart(one) <= HOUR]:
        alike = chance.choice(close)
        return alike + 1, at - times[alike]
    # It never published at this hour: it waits for the one at which it did.
    dawn = min(range(len(times) - 1), key=lambda one: (times[one] - at) % DAY)
    return dawn, at + (times[dawn] - at) % DAY - times[dawn]
