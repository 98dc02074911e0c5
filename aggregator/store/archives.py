"""Archives that were read, and where a feed says that older entries are."""

import json
from dataclasses import asdict
from datetime import datetime

from aggregator.model.fetching import Link
from aggregator.model.polls import Further
from aggregator.store.database import Database
from aggregator.store.times import stamp


def has_read(database: Database, url: str) -> bool:
    """Tell whether an archive was read."""
    return database.value("SELECT 1 FROM archive WHERE url = ?", (url,)) is not None


def keep(database: Database, walked: Further | None, at: datetime) -> None:
    """Remember an archive that was read; a page is another one next time."""
    if walked is not None and walked.relation == "prev-archive":
        database.execute(
            "INSERT INTO archive (url, read) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (walked.url, stamp(at)),
        )


def link_column(link: Link | None) -> str | None:
    """Return a link as JSON."""
    return json.dumps(asdict(link)) if link else None


def link_from(text: str | None) -> Link | None:
    """Return the link that `link_column` wrote."""
    return Link(**json.loads(text)) if text else None
