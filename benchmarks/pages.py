"""What the pages cost: how long each takes to be answered, over many entries.

Run it with ``python -m benchmarks.pages [ENTRIES] [DIRECTORY]``; it fills a database in a
directory of its own (or the one given, which it keeps and uses again), serves it on loopback as
`serve` does, asks each page some thirty times, one after the other, and prints the median and
the slowest but one: the first answer, which may have to fill caches, stands beside them.
"""

import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from aggregator.app.serving import opened_pages
from aggregator.config.load import load
from aggregator.config.settings import Config
from aggregator.html.layout import from_text
from aggregator.identity import feed_id
from aggregator.model.entries import TaggedEntry
from aggregator.model.feeds import Subscription
from aggregator.serve.application import application
from aggregator.serve.listening import Listener
from aggregator.store.sqlite import SqliteStore
from aggregator.tagger import Tagger
from benchmarks.search import COMMIT, POLL, Writer, word
from benchmarks.store import LEASE, NOW, refresh

ENTRIES = 100_000
FEEDS = 500
SPAN = timedelta(days=90)
"""How long all entries took to arrive."""
TIMES = 30
_SECONDS = count()

_RANKS = (40, 150, 300, 500, 900, 1_500, 2_500, 4_000, 7_000, 12_000)
"""How frequent the words of the rules are: that of the first stands in a third of all entries."""


def configuration(directory: Path) -> Config:
    """Write a configuration with a tag for each of some words, and return it."""
    rules = "".join(
        f"  tag-{rank}: {{query: '{word(rank)} OR ({word(rank + 1)} NEAR/4 {word(20)})',"
        f" examples: {{match: ['{word(rank)}']}}}}\n"
        for rank in _RANKS
    )
    path = directory / "feeds.yaml"
    path.write_text(f"database: pages.db\nfeeds: []\ntags:\n{rules}", encoding="utf-8")
    return load(path)


class NewsWriter(Writer):
    """Writes tagged entries with markup, over months."""

    def __init__(self, config: Config, entries: int) -> None:
        super().__init__()
        self._tagger = Tagger(config.rules)
        self._gap = SPAN / entries

    def tagged(self, feed: str, number: int) -> TaggedEntry:
        """Return an entry that carries what the rules give it."""
        subject, at = super().tagged(feed, number), NOW - number * self._gap
        texts = subject.entry.summary, subject.entry.content
        summary, content = map(from_text, texts)
        entry = replace(subject.entry, summary_html=summary, content_html=content)
        subject = replace(subject, entry=entry, first_seen_at=at, arrived_at=at)
        return replace(subject, tags=self._tagger.tag(subject))


def fill(store: SqliteStore, config: Config, entries: int) -> None:
    """Store entries as polls bring them."""
    urls = [f"https://host-{number}.example/feed" for number in range(FEEDS)]
    store.subscribe([Subscription(url, url, labels=("africa",)) for url in urls], NOW)
    writer = NewsWriter(config, entries)
    for first in range(0, entries, COMMIT * POLL):
        states = store.claim(NOW, COMMIT, lease=LEASE, keys=urls)
        starts = range(first, min(first + COMMIT * POLL, entries), POLL)
        store.apply(
            [
                refresh(state, NOW, tuple(writer.tagged(state.key, start + n) for n in range(POLL)))
                for state, start in zip(states, starts, strict=False)
            ]
        )
        store.release(states)


def addresses(store: SqliteStore) -> dict[str, str]:
    """Return what is asked for."""
    health = store.feeds()[FEEDS // 2]
    frequent, rare = (f"tag-{rank}" for rank in (_RANKS[0], _RANKS[-1]))
    return {
        "river": "/",
        "river, page of a month ago": f"/?before={(NOW - SPAN / 3).isoformat()[:-6]}Z,{0:016x}",
        "river of a frequent tag": f"/?tag={frequent}",
        "river of a rare tag": f"/?tag={rare}",
        "river of a language, 7 days": "/?lang=fr&period=7d",
        "river, search for a word": f"/?q={word(1_000)}",
        "river, search for a phrase": f'/?q="{word(20)} {word(30)}"',
        "entry": f"/entries/{0:016x}",
        "tags": "/tags",
        "a tag": f"/tags/{frequent}",
        "feeds": "/feeds",
        "feeds by size": "/feeds?sort=size",
        "a feed": f"/sources/{feed_id(health.key)}",
        "rule bench, a word": f"/bench?q={word(1_000)}",
        "rule bench, as a tag's rule": f"/bench?q={word(1_000)}&tag={rare}",
        "tag as Atom": f"/feeds/{frequent}.atom",
        "search as JSON Feed": f"/search.json?q={word(1_000)}",
        "/healthz": "/healthz",
        "/readyz": "/readyz",
        "/metrics": "/metrics",
    }


def measure(client: httpx.Client, address: str) -> tuple[float, float, float, int]:
    """Return the milliseconds of the first answer, the median, the slowest but one; the bytes."""
    took, size = [], 0
    for _ in range(TIMES):
        begun = time.perf_counter()
        answer = client.get(address)
        took.append((time.perf_counter() - begun) * 1e3)
        assert answer.status_code in {200, 503}, (address, answer.status_code, answer.text)
        size = len(answer.content)
    later = sorted(took[1:])
    return took[0], later[len(later) // 2], later[-2], size


def clock() -> datetime:
    """Return an instant that is a second later each time: nobody is refused for asking often."""
    return NOW + timedelta(seconds=next(_SECONDS))


def main() -> None:
    """Print the table."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    with TemporaryDirectory() as temporary:
        directory = Path(sys.argv[2] if len(sys.argv) > 2 else temporary)
        config = configuration(directory)
        is_filled = config.database.exists()
        with closing(SqliteStore(config.database)) as store:
            if not is_filled:
                fill(store, config, entries)
            asked = addresses(store)
        with (
            opened_pages(config.database, lambda: config, clock, lambda: NOW) as pages,
            closing(Listener(application([pages], ""), "127.0.0.1", 0)) as listener,
            httpx.Client(base_url=f"http://127.0.0.1:{listener.port}", trust_env=False) as client,
        ):
            print(f"{'':<30}{'first':>12}{'median':>12}{'slowest':>12}{'size':>12}")
            for name, address in asked.items():
                first, median, slowest, size = measure(client, address)
                times = "".join(f"{each:>9,.1f} ms" for each in (first, median, slowest))
                print(f"{name:<30}{times}{size / 1e3:>9,.1f} kB")


if __name__ == "__main__":
    main()
