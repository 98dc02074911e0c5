"""The feeds: how all of them do, in any order; one of them with the history of its polls."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from starlette.requests import Request

from aggregator.asking.health import OUTCOMES, standing, why
from aggregator.cadence.rhythm import rate, show_rate
from aggregator.config.settings import Config
from aggregator.durations import show_duration
from aggregator.identity import feed_id
from aggregator.model.polls import PollRecord
from aggregator.serve.site import Page, told
from aggregator.store.base import FeedHealth, FeedOrder, FeedsWanted, Store
from aggregator.urls import fetchable, without_credentials

SHOWN = 100
"""How many feeds stand on a page."""

POLLS = 50
"""How many of a feed's latest polls its page shows."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table, and the order that its head leads to.

    ``descends`` says which way that runs at first: what one looks for stands above.
    """

    name: str
    order: FeedOrder
    descends: bool = False
    kind: str = ""


COLUMNS = {
    "name": Column("Feed", "name"),
    "success": Column("Last success", "success", kind="wide"),
    "next": Column("Next poll, and why", "due"),
    "rate": Column("News a day", "rate", descends=True, kind="number wide"),
    "errors": Column("Errors", "failures", descends=True, kind="number"),
    "entries": Column("Entries", "entries", descends=True, kind="number wide"),
    "size": Column("Size", "size", descends=True, kind="number wide"),
}
"""The columns by what stands for them in an address; with ``-`` before it the other way round."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; ``sorted`` is what ``aria-sort`` says, ``leads_to`` a query string."""

    column: Column
    sorted: str
    leads_to: str


@dataclass(frozen=True, slots=True)
class Line:
    """A feed as it is listed; ``address`` is where it is, ``link`` the same if one can go there.

    ``due_at`` is None where it is not polled any more.
    """

    id: str
    health: FeedHealth
    standing: str
    due_at: datetime | None
    why: str
    a_day: str
    address: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll in a feed's history."""

    record: PollRecord
    outcome: str
    took: str


def feeds(request: Request, store: Store, _config: Config, now: datetime) -> Page:
    """Show how the feeds do, some at a time, in the order that the address asks for."""
    asked = request.query_params.get("sort", "")
    key = asked.removeprefix("-") if asked.removeprefix("-") in COLUMNS else "name"
    column, turned = COLUMNS[key], asked.startswith("-")
    number = _number(request.query_params.get("page", ""))
    wanted = FeedsWanted(now, column.order, column.descends != turned, SHOWN, (number - 1) * SHOWN)
    found = store.list_feeds(wanted)
    last = max(1, -(-found.total // SHOWN))
    if number > last:
        return told("There is no such page", f"The last page of the feeds is {last}.", 404)
    sort = f"-{key}" if turned else key
    values: dict[str, object] = {
        "heads": tuple(_head(name, key, wanted.descending, turned) for name in COLUMNS),
        "lines": tuple(_line(feed, now) for feed in found.feeds),
        "total": found.total,
        "failing": found.failing,
        "number": number,
        "last": last,
        "newer": urlencode({"sort": sort, "page": number - 1}) if number > 1 else "",
        "older": urlencode({"sort": sort, "page": number + 1}) if number < last else "",
    }
    return Page("feeds.html", values)


def source(request: Request, store: Store, _config: Config, now: datetime) -> Page:
    """Show the feed that the address names."""
    feed = store.feed(request.path_params["id"])
    if feed is None:
        return told("There is no such feed", "No feed has this address.", 404)
    values: dict[str, object] = {
        "line": _line(feed, now),
        "rate": show_rate(feed.rhythm, now),
        "polls": tuple(map(_poll, store.polls(feed.key, POLLS))),
    }
    return Page("source.html", values)


def _number(text: str) -> int:
    """Return the number of a page; what is none is the first."""
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 7 else 1


def _head(name: str, chosen: str, descending: bool, turned: bool) -> Head:
    if name != chosen:
        return Head(COLUMNS[name], "", urlencode({"sort": name}))
    way = "descending" if descending else "ascending"
    return Head(COLUMNS[name], way, urlencode({"sort": name if turned else f"-{name}"}))


def _line(feed: FeedHealth, now: datetime) -> Line:
    address = without_credentials(feed.fetch_url)
    return Line(
        id=feed_id(feed.key),
        health=feed,
        standing=standing(feed),
        due_at=feed.due_at if feed.status == "active" else None,
        why=why(feed),
        a_day=_a_day(feed, now),
        address=address,
        link=address if fetchable(address) else None,
    )


def _a_day(feed: FeedHealth, now: datetime) -> str:
    if feed.rhythm.observed_at is None:
        return "–"
    expected = rate(feed.rhythm, now)
    if expected >= 10:
        return f"{expected:,.0f}"
    return f"{expected:.1f}" if expected >= 0.1 else f"{expected:.1g}"


def _poll(record: PollRecord) -> Poll:
    return Poll(
        record, OUTCOMES[record.outcome], show_duration(record.ended_at - record.started_at)
    )
