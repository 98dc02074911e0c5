"""The rule bench: what a query would match of the last 30 days, and the rule it would make.

Nothing is saved: the configuration is the truth, and what is shown is to be copied into it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request

from aggregator.asking.stored import Stored
from aggregator.asking.trial import BREAKDOWNS, Sample, Trial, Tried, breakdown
from aggregator.config.settings import Config
from aggregator.errors import QueryError, UsageError
from aggregator.publishing import tag_titles
from aggregator.serve.samples import Shown, shown
from aggregator.serve.site import Page, told
from aggregator.store.base import Store

PERIOD = timedelta(days=30)
SHOWN = 20
"""How many of the matching entries are shown, and of those that a tag would gain or lose."""

_COUNTED = 5_000
"""How many of the matching entries are counted by feed and language."""

_MOST_ROWS = 8
_INDENT = " " * 6


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of the matching entries there are of each; ``others`` are in no row."""

    of: str
    rows: tuple[tuple[str, int], ...]
    others: int


def bench(request: Request, store: Store, config: Config, now: datetime) -> Page:
    """Show what the query in the address would match."""
    query = request.query_params.get("q", "").replace("\r\n", "\n").strip()
    tag = request.query_params.get("tag", "").strip()
    values: dict[str, object] = {
        "query": query,
        "tag": tag,
        "tags": tag_titles(config),
        "days": PERIOD.days,
        "tried": None,
        "problem": None,
    }
    if not query:
        return Page("bench.html", values)
    opened = Stored(store, config)
    trial = Trial(opened, now, now - PERIOD, None, tag or None, _COUNTED, SHOWN)
    try:
        found = trial.tried(query, opened.read(query))
    except QueryError as error:
        return Page("bench.html", values | {"problem": error}, 400)
    except UsageError as error:
        return told("There is no such tag", str(error), 400)
    return Page("bench.html", values | _shown(found) | {"yaml": as_yaml(tag, query)})


def _shown(tried: Tried) -> dict[str, object]:
    change = tried.change
    return {
        "tried": tried,
        "counts": tuple(_counts(tried)),
        "samples": tuple(map(_sample, tried.samples)),
        "added": tuple(map(_sample, change.samples_added)) if change else (),
        "taken": tuple(map(_sample, change.samples_taken)) if change else (),
    }


def as_yaml(tag: str, query: str) -> str:
    """Return the rule as it stands in a configuration, every line of the query as written."""
    lines = "\n".join(f"{_INDENT}{line}".rstrip() for line in query.split("\n"))
    return f"tags:\n  {tag or 'my-tag'}:\n    query: |\n{lines}\n"


def _counts(tried: Tried) -> Iterator[Counts]:
    for of in BREAKDOWNS:
        if of != "month":
            rows = breakdown(tried.counted, of)
            yield Counts(of, tuple(rows[:_MOST_ROWS]), sum(n for _, n in rows[_MOST_ROWS:]))


def _sample(sample: Sample) -> Shown:
    return shown(sample.subject, sample.evidence)
