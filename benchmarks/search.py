"""What searching costs: words, phrases, NEAR and rules over many entries, and the index itself.

Run it with ``python -m benchmarks.search [ENTRIES] [DATABASE]``; it fills a database in a
directory of its own (or the one given, which it keeps and uses again), and prints a line for
each query: how long its newest fifty take, and to count all; how many candidates the index
gives, and how many of them match.
"""

import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TypeVar

from aggregator.model.entries import Dated, Entry, Source, TaggedEntry
from aggregator.model.feeds import Subscription
from aggregator.query.nodes import Node
from aggregator.query.syntax import parse
from aggregator.store import sql, words
from aggregator.store.base import Search
from aggregator.store.sqlite import SqliteStore
from aggregator.store.vocabulary import Vocabulary
from benchmarks.store import LEASE, NOW, refresh

ENTRIES = 200_000
POLL = 20
"""Entries in one poll of one feed."""
COMMIT = 250
"""Polls in one transaction."""

SYLLABLES = tuple(first + vowel for first in "bdfgklmnprst" for vowel in "aeiou")
VOCABULARY = 100_000


# --- what is stored: words of an invented language, as unequally frequent as those of real ones ---


def word(rank: int) -> str:
    """Return the word of a rank, the most frequent being 0; each has two syllables or more."""
    rest, syllables = rank + len(SYLLABLES), ""
    while rest:
        rest, number = divmod(rest, len(SYLLABLES))
        syllables += SYLLABLES[number]
    return syllables


class Writer:
    """Writes texts whose words follow Zipf's law."""

    def __init__(self) -> None:
        self.random = Random(2026)
        self.words = tuple(map(word, range(VOCABULARY)))
        self.weights = tuple(accumulate(1 / (rank + 10) for rank in range(VOCABULARY)))

    def text(self, length: int) -> str:
        """Return some words, in blocks of forty."""
        chosen = self.random.choices(self.words, cum_weights=self.weights, k=length)
        blocks = (chosen[start : start + 40] for start in range(0, length, 40))
        return "\n\n".join(map(" ".join, blocks))

    def tagged(self, feed: str, number: int) -> TaggedEntry:
        """Return an entry: all have a title and a summary, every fourth a content."""
        at = NOW - timedelta(seconds=number)
        link = f"{feed}/{number}"
        entry = Entry(
            id=f"{number:016x}",
            feed=feed,
            identity=f"guid:{number}",
            content_hash=str(number),
            link=link,
            canonical_link=link,
            title=self.text(9),
            summary=self.text(30),
            content="" if number % 4 else self.text(160),
            published=Dated(at, at.isoformat(), "rfc3339"),
            language=("en", "fr", "ar", None)[number % 4],
        )
        return TaggedEntry(entry, Source(feed, feed), at, at)


def fill(store: SqliteStore, entries: int) -> None:
    """Store entries as polls bring them, and say what that costs."""
    urls = [f"https://host-{number}.example/feed" for number in range(COMMIT)]
    store.subscribe([Subscription(url, url) for url in urls], NOW)
    writer, took = Writer(), 0.0
    for first in range(0, entries, COMMIT * POLL):
        states = store.claim(NOW, COMMIT, lease=LEASE, keys=urls)
        starts = range(first, min(first + COMMIT * POLL, entries), POLL)
        polls = [
            refresh(state, NOW, tuple(writer.tagged(state.key, start + n) for n in range(POLL)))
            for state, start in zip(states, starts, strict=False)
        ]
        begun = time.perf_counter()
        store.apply(polls)
        took += time.perf_counter() - begun
        store.release(states)
    print(f"{'stored, whole polls, with the index':<58} {took / entries * 1e6:>8.0f} µs an entry")


# --- what is measured -----------------------------------------------------------------------------


class _UndoneError(Exception):
    """Ends a transaction that is to leave nothing behind."""


def measure_index(store: SqliteStore) -> None:
    """Print what the index takes, and what it adds to the storing of an entry."""
    database = store.database
    entries = int(database.value("SELECT count(*) FROM entry"))
    index = sum(
        int(database.value(f"SELECT sum(length({column})) FROM entry_words_{table}"))
        for table, column in (("data", "block"), ("docsize", "sz"))
    )
    texts = "sum(length(CAST(title || summary || content AS BLOB)))"
    plain = int(database.value(f"SELECT {texts} FROM entry"))
    whole = int(database.value("PRAGMA page_count") * database.value("PRAGMA page_size"))
    print(f"{entries:,} entries of {plain / entries:,.0f} bytes of text, {whole / 1e6:,.0f} MB")
    print(f"{'index':<58} {index / 1e6:>8.1f} MB, {index / plain:.0%} of the text")
    writer, begun = Writer(), 10**9
    fresh = [(begun + number, writer.tagged("a", number).entry) for number in range(5_000)]
    with suppress(_UndoneError), database.writing():
        started = time.perf_counter()
        words.index(database, fresh)
        took = time.perf_counter() - started
        raise _UndoneError
    print(f"{'folding and indexing 5,000 more':<58} {took / 5_000 * 1e6:>8.0f} µs an entry")


def queries() -> dict[str, Node]:
    """Return what is searched for."""
    topic = [
        *(word(2_000 + 150 * number) for number in range(30)),
        *(f'"{word(20 + number)} {word(30 + number)}"' for number in range(10)),
        *(f"{word(5_000 + number)[:5]}*" for number in range(5)),
        *(f"({word(300 + n)} NEAR/5 ({word(350 + n)} OR {word(450 + n)}))" for n in range(5)),
        *(f'({word(900 + n)} EXCEPT "{word(900 + n)} {word(n)}")' for n in range(5)),
        *(f"={word(9_000 + number)}" for number in range(5)),
    ]
    rule = f"({' OR '.join(topic)})"
    texts = {
        "a rare word": word(20_000),
        "a word": word(1_000),
        "a word in most entries": word(0),
        "a phrase": f'"{word(20)} {word(30)}"',
        "a beginning of words": f"{word(700)[:4]}*",
        "a letter left open": f"{word(700)[:2]}?{word(700)[3]}",
        "an ending": f"*{word(60_000)[-4:]}",
        "a beginning and an ending": f"{word(700)[:3]}*{word(700)[-1]}",
        "NEAR/4 of two words": f"{word(20)} NEAR/4 {word(30)}",
        "NEAR/s of two words": f"{word(100)} NEAR/s {word(200)}",
        "a word EXCEPT two phrases": f'{word(500)} EXCEPT ("{word(500)} {word(0)}" OR'
        f' "{word(1)} {word(500)}")',
        "a word as written": f"={word(1_000)}",
        "ATLEAST/3 of a word": f"ATLEAST/3 {word(5)}",
        "a word in the lead": f"lead:{word(1_000)}",
        "a word and a language": f"{word(1_000)} lang:fr",
        "a word and a regular expression": f"{word(1_000)} /{word(3)[:3]}.?a/",
        "a topic rule of 60 terms": rule,
        "the same and a word": f"{rule} {word(50)}",
        "the same and no word": f"{rule} NOT {word(50)}",
        "1,000 words": " OR ".join(word(50_000 + number) for number in range(1_000)),
    }
    return {name: parse(text) for name, text in texts.items()}


Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


def timed(work: Callable[[Asked], Answer], asked: Asked) -> tuple[Answer, float]:
    """Return what the work returns, and how many milliseconds it took."""
    begun = time.perf_counter()
    answer = work(asked)
    return answer, (time.perf_counter() - begun) * 1e3


def candidates(store: SqliteStore, node: Node) -> int:
    """Return how many entries the database finds before they are judged."""
    with store.database.reading():
        condition = sql.compile(node, NOW, Vocabulary(store.database).fitting)
        return int(
            store.database.value(
                "SELECT count(*) FROM entry JOIN feed ON feed.number = entry.feed"
                f" WHERE {condition.sql}",
                condition.parameters,
            )
        )


def measure_queries(store: SqliteStore) -> None:
    """Print a line for each query."""
    titles = ("newest 50", "relevant 50", "count", "candidates", "match")
    print(f"{'':<34}" + "".join(f"{title:>13}" for title in titles))
    for name, node in queries().items():
        search = Search(NOW, node, limit=50)
        _, newest = timed(store.search, search)
        _, relevant = timed(store.search, replace(search, sort="relevance"))
        matching, counted = timed(store.count, search)
        times = "".join(f"{took:>10,.1f} ms" for took in (newest, relevant, counted))
        print(f"{name:<34}{times}{candidates(store, node):>13,}{matching:>13,}")
    wanted = [word(20 * number) for number in range(1_000)]
    _, took = timed(store.frequencies, wanted)
    print(f"{'frequencies of 1,000 words':<34}{took:>10,.1f} ms")


def main() -> None:
    """Print the table."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    with TemporaryDirectory() as directory:
        path = Path(sys.argv[2] if len(sys.argv) > 2 else Path(directory, "search.db"))
        is_filled = path.exists()
        with closing(SqliteStore(path)) as store:
            if not is_filled:
                fill(store, entries)
            measure_index(store)
            measure_queries(store)


if __name__ == "__main__":
    main()
