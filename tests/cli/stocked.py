"""A configuration beside a database that has entries, tagged by its rules."""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from aggregator.app.rules import take_up
from aggregator.config.load import load
from aggregator.config.settings import Config
from aggregator.model.entries import Entry, TaggedEntry
from aggregator.store.sqlite import SqliteStore
from aggregator.tagging import tag
from tests.builders import FEED, NOW, entry, feed, source, tagged
from tests.empty import empty_database
from tests.store.steps import poll

CONFIG = f"""\
database: news.db
feeds:
  - url: {FEED}
    name: Example News
    labels: [africa, wire]
tags:
  sahel:
    title: The Sahel
    query: |
      (Sahel OR Mali OR Bamako)
      AND NOT "Étoile du Sahel"
  sport:
    query: |
      football OR "Étoile du Sahel"
  wire-only:
    title: From wires
    query: |
      Rabat
    feeds: {{label: press}}
outputs:
  - path: public/sahel.atom
    query: tag:sahel
    title: The Sahel, from every source
  - name: all
    path: public/everything.json
"""

TALKS = entry(
    "Talks resume in Bamako",
    content="Delegates from Mali met on Monday.\n\nThe Sahel needs peace, they said in Bamako.",
)
MATCH = entry("Étoile du Sahel win in Tunis", summary="A football match.", language="fr")
VISIT = entry("A visit to Rabat", summary="Ministers met.")
HOSTILE = entry("\x1b]0;owned\x07Red \x1b[31malert\u202e", summary="\x9b2J", guid="\x1b[2J")


def configured(directory: Path, config: str = CONFIG) -> Path:
    """Write a configuration without a database."""
    path = directory / "feeds.yaml"
    path.write_text(config, encoding="utf-8")
    return path


def stocked(directory: Path, *entries: Entry, at: datetime = NOW) -> Path:
    """Write a configuration and a database in which these entries arrived, a minute between each.

    The first of them is the newest.
    """
    path = configured(directory)
    (directory / "news.db").write_bytes(_stock(entries, at))
    return path


@cache
def _stock(entries: tuple[Entry, ...], at: datetime) -> bytes:
    """Return the database, which many tests begin with: it takes longer than most of them."""
    with TemporaryDirectory() as directory:
        config = load(configured(Path(directory)))
        _fill(empty_database(config.database), config, entries, at)
        return config.database.read_bytes()


def _fill(path: Path, config: Config, entries: tuple[Entry, ...], at: datetime) -> None:
    with closing(SqliteStore(path)) as store:
        take_up(store, config, at)
        subjects = (
            tagged(each, seen_at=at - timedelta(minutes=minutes))
            for minutes, each in enumerate(entries)
        )
        poll(store, at=at, feed=feed(), new=by_rules(config, subjects))


def revised(path: Path, *entries: Entry, at: datetime = NOW + timedelta(hours=1)) -> None:
    """Poll once more, which brings these entries in another state."""
    config = load(path)
    with closing(SqliteStore(config.database)) as store:
        take_up(store, config, at)
        subjects = (tagged(each, seen_at=at) for each in entries)
        poll(store, at=at, feed=feed(), changed=by_rules(config, subjects))


def by_rules(config: Config, subjects: Iterable[TaggedEntry]) -> tuple[TaggedEntry, ...]:
    own = (replace(subject, source=source()) for subject in subjects)
    return tuple(replace(subject, tags=tag(subject, config.rules)) for subject in own)


def today() -> datetime:
    """The present, for what commands compare with their own clock."""
    return datetime.now(UTC)
