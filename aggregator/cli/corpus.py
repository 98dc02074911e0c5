"""The stored entries, as lints ask about them."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aggregator.app.store import opened_store, utc_now
from aggregator.config.linting.stored import Corpus
from aggregator.query.match import find
from aggregator.query.nodes import Node
from aggregator.store.base import Search, Store

SAMPLE = 200
"""Entries, the newest, in which a word's spelling is looked at."""


@contextmanager
def opened_corpus(database: Path) -> Iterator[Corpus]:
    """Open a database for lints. Raises `StoreError`."""
    now = utc_now()
    with opened_store(database) as store:
        yield Corpus(
            entries=store.count(Search(now)),
            languages=Counter(
                feed.language
                for feed in store.feeds()
                if feed.language and feed.status != "archived"
            ),
            frequencies=store.frequencies,
            count=lambda node: store.count(Search(now, node)),
            spellings=lambda node: _spellings(store, Search(now, node, limit=SAMPLE)),
        )


def _spellings(store: Store, search: Search) -> Iterator[tuple[str, str]]:
    node: Node | None = search.query
    for subject in store.search(search):
        found = None if node is None else find(node, subject, search.now)
        if found:
            yield subject.entry.language or "und", found[0].value
