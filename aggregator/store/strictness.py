"""Which hosts want to be asked by https alone, kept over restarts (RFC 6797 §8.1)."""

from collections.abc import Iterable

from aggregator.model.fetching import Strict
from aggregator.model.polls import Refresh
from aggregator.store.database import Database
from aggregator.store.times import instant, stamp


def keep(database: Database, refreshes: Iterable[Refresh]) -> None:
    """Keep the last word that each host has given in these polls; forget those taken back."""
    asked = (asked.hop for refresh in refreshes for asked in refresh.asked)
    told = [(hop.at, hop.strict) for hop in asked if hop.strict is not None]
    for at, strict in sorted(told, key=lambda each: each[0]):
        database.execute("DELETE FROM strict_host WHERE host = ?", (strict.host,))
        if strict.until > at:
            database.insert("strict_host", [_row(strict)])


def known(database: Database) -> tuple[Strict, ...]:
    """Return what every host has said."""
    return tuple(
        Strict(row["host"], instant(row["until"]), bool(row["subdomains"]))
        for row in database.rows("SELECT * FROM strict_host")
    )


def _row(strict: Strict) -> dict[str, object]:
    return {"host": strict.host, "until": stamp(strict.until), "subdomains": strict.subdomains}
