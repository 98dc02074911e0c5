"""The river: stories, the newest first, narrowed by a query and by filters."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request

from aggregator.asking.stored import Stored
from aggregator.config.settings import Config
from aggregator.errors import QueryError
from aggregator.model.entries import Source, TaggedEntry
from aggregator.output.publication import publications
from aggregator.publishing import tag_titles
from aggregator.query.nodes import And, Field, Node, Phrase, Value
from aggregator.query.syntax import parse
from aggregator.serve.site import Page
from aggregator.store.base import Place, Search, Store
from aggregator.text import single_line
from aggregator.urls import fetchable

STORIES = 50
"""How many stories stand on a page."""

PERIODS: dict[str, tuple[str, timedelta | None]] = {
    "": ("all", None),
    "1d": ("24 hours", timedelta(days=1)),
    "7d": ("7 days", timedelta(days=7)),
    "30d": ("30 days", timedelta(days=30)),
}

RECENT = timedelta(days=7)
"""Over which time the tags beside the river are counted."""

_EXCERPT = 320


@dataclass(frozen=True, slots=True)
class Filters:
    """What a river is narrowed by, as it stands in its address."""

    q: str = ""
    tag: str = ""
    label: str = ""
    lang: str = ""
    feed: str = ""
    period: str = ""
    before: str = ""

    @classmethod
    def read(cls, given: QueryParams) -> "Filters":
        """Return the filters of an address; what is unknown in it is left out."""
        filters = cls(**{name: given.get(name, "").strip() for name in cls.__slots__})
        return filters if filters.period in PERIODS else replace(filters, period="")

    def but(self, **changes: str) -> str:
        """Return the query string of the first page with these filters, some of them changed."""
        changed = replace(self, **{"before": "", **changes})
        return urlencode({name: text for name, text in asdict(changed).items() if text})

    @property
    def narrowing(self) -> bool:
        """Whether anything is asked for at all."""
        return replace(self, before="") != Filters()


@dataclass(frozen=True, slots=True)
class Story:
    """What the river tells of an entry; ``also`` are its other sources."""

    id: str
    title: str
    link: str | None
    source: Source
    at: datetime
    tags: tuple[str, ...]
    summary: str
    language: str | None
    also: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """The stories that arrived on one day in UTC."""

    day: date
    stories: tuple[Story, ...]


def river(request: Request, store: Store, config: Config, now: datetime) -> Page:
    """Show the stories that the address asks for."""
    filters = Filters.read(request.query_params)
    found: tuple[TaggedEntry, ...] = ()
    problem: QueryError | None = None
    try:
        found = store.search(search_for(filters, Stored(store, config), now, STORIES + 1))
    except QueryError as error:
        problem = error
    shown = found[:STORIES]
    values: dict[str, object] = {
        "filters": filters,
        "problem": problem,
        "days": tuple(_days(shown)),
        "older": filters.but(before=_place(shown[-1])) if len(found) > STORIES else "",
        "periods": {key: name for key, (name, _) in PERIODS.items()},
        "tags": _tags(store, config, now),
        "labels": sorted({label for each in config.subscriptions for label in each.labels}),
        "titles": tag_titles(config),
        "today": now.date(),
    }
    return Page("river.html", values, 400 if problem else 200)


def search_for(filters: Filters, stored: Stored, now: datetime, limit: int) -> Search:
    """Return what to look for. Raises `QueryError`."""
    nodes = tuple(_conditions(filters, stored))
    query = And(nodes) if len(nodes) > 1 else next(iter(nodes), None)
    length = PERIODS[filters.period][1]
    return Search(
        now,
        query,
        since=now - length if length else None,
        limit=limit,
        behind=_read_place(filters.before),
    )


def _conditions(filters: Filters, stored: Stored) -> Iterator[Node]:
    if filters.q:
        yield stored.read(filters.q)
    if filters.tag:
        yield Field("tag", Value(filters.tag))
    if filters.label:
        yield Field("label", Value(filters.label))
    if filters.feed:
        yield Field("feed", Phrase(filters.feed))
    if filters.lang:
        yield parse(f"lang:{filters.lang}")


def _place(last: TaggedEntry) -> str:
    return f"{last.arrived_at.isoformat()},{last.entry.id}"


def _read_place(text: str) -> Place | None:
    """Return the place where a page begins. Raises `QueryError` for what is none of ours."""
    if not text:
        return None
    at, _, number = text.partition(",")
    try:
        return Place(datetime.fromisoformat(at).astimezone(UTC), number)
    except (ValueError, OverflowError):
        sentence = "There is no such page: begin at the first one."
        raise QueryError(text, 0, len(text), sentence) from None


def _tags(store: Store, config: Config, now: datetime) -> dict[str, int]:
    """Return how many recent entries carry each tag, in the order of the configuration."""
    counts = {rule.name: 0 for rule in config.rules}
    for day in store.tag_days(now - RECENT):
        counts[day.tag] = counts.get(day.tag, 0) + day.entries
    return counts


def _days(found: tuple[TaggedEntry, ...]) -> Iterator[Day]:
    for day, stories in groupby(_stories(found), key=lambda story: story.at.date()):
        yield Day(day, tuple(stories))


def _stories(found: tuple[TaggedEntry, ...]) -> Iterator[Story]:
    for published in publications(found):
        tagged = published.tagged
        entry = tagged.entry
        yield Story(
            id=entry.id,
            title=published.title,
            link=entry.link if fetchable(entry.link or "") else None,
            source=tagged.source,
            at=tagged.arrived_at.astimezone(UTC),
            tags=tuple(tag.name for tag in tagged.tags),
            summary=single_line((entry.summary or entry.content)[:_EXCERPT]),
            language=entry.language,
        )
