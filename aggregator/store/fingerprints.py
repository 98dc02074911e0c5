"""What is remembered of a feed's blocks: a row a feed, replaced as a whole."""

import json
from collections.abc import Iterable

from aggregator.model.boilerplate import Fingerprints
from aggregator.store.database import Database


def keep(database: Database, remembered: Iterable[tuple[int, tuple[Fingerprints, ...]]]) -> None:
    """Store what is remembered of feeds, each by its number, in place of what was."""
    database.execute_many(
        "INSERT INTO fingerprints VALUES (?, ?) ON CONFLICT (feed) DO UPDATE"
        " SET blocks = excluded.blocks WHERE blocks <> excluded.blocks",
        [(feed, _written(each)) for feed, each in remembered],
    )


def _written(remembered: Iterable[Fingerprints]) -> str:
    return json.dumps([[each.entry, *each.blocks] for each in remembered], separators=(",", ":"))


def fingerprints_from(text: str | None) -> tuple[Fingerprints, ...]:
    """Return what `keep` wrote, () where nothing was written."""
    return tuple(Fingerprints(entry, tuple(blocks)) for entry, *blocks in json.loads(text or "[]"))
