"""The tags: how many entries carry each and when they came; one of them with its rule."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request

from aggregator.asking.figures import (
    SURGE_DAYS,
    WEEK,
    TagFigures,
    daily,
    first_instant,
    surges,
    tag_figures,
)
from aggregator.asking.names import known_name
from aggregator.config.settings import Config
from aggregator.errors import UsageError
from aggregator.model.entries import Evidence, TaggedEntry
from aggregator.publishing import tag_titles
from aggregator.query.nodes import Field, Value
from aggregator.retagging import pending
from aggregator.serve.charts import Chart, chart
from aggregator.serve.samples import Shown, shown
from aggregator.serve.site import Page, told
from aggregator.store.base import Search, Store

SHOWN = 20
"""How many of a tag's latest entries its page shows."""

DAYS = 13 * WEEK
"""How many days the chart of a tag's own page has."""

_LOW, _HIGH = 24, 96


@dataclass(frozen=True, slots=True)
class Row:
    """A tag in the list of all."""

    figures: TagFigures
    chart: Chart


def tags(_request: Request, store: Store, config: Config, now: datetime) -> Page:
    """Show all tags, the most frequent first."""
    today = now.date()
    days = store.tag_days(first_instant(today, SURGE_DAYS))
    figures = tag_figures(dict(store.tag_counts()), days, config.rules_by_name(), today)
    rows = tuple(Row(tag, _chart(tag, now)) for tag in figures)
    return Page("tags.html", {"rows": rows, "weeks": SURGE_DAYS // WEEK})


def tag(request: Request, store: Store, config: Config, now: datetime) -> Page:
    """Show the tag that the address names."""
    rules, counts = config.rules_by_name(), dict(store.tag_counts())
    try:
        name = known_name(request.path_params["name"], "tag", {*rules, *counts})
    except UsageError as error:
        return told("There is no such tag", str(error), 404)
    today, rule = now.date(), rules.get(name)
    days = store.tag_days(first_instant(today, DAYS + SURGE_DAYS), name)
    counted = daily(days, today, DAYS + SURGE_DAYS)
    surging = surges(counted)[-DAYS:]
    title = None if rule is None else rule.title
    values: dict[str, object] = {
        "figures": TagFigures(name, title, counts.get(name, 0), counted),
        "rule": rule,
        "is_pending": rule is not None and name in pending(config.rules, store.tag_states()),
        "chart": chart(counted[-DAYS:], today, _HIGH, surging),
        "surged": any(surging),
        "matches": _matches(store, name, now),
        "titles": tag_titles(config),
    }
    return Page("tag.html", values)


def _chart(tag: TagFigures, now: datetime) -> Chart:
    surging = (False,) * (SURGE_DAYS - WEEK) + (tag.is_surging,) * WEEK
    return chart(tag.days, now.date(), _LOW, surging)


def _matches(store: Store, name: str, now: datetime) -> tuple[Shown, ...]:
    found = store.search(Search(now, Field("tag", Value(name)), limit=SHOWN))
    return tuple(shown(each, _evidence(each, name)) for each in found)


def _evidence(subject: TaggedEntry, name: str) -> tuple[Evidence, ...]:
    return next((tag.evidence for tag in subject.tags if tag.name == name), ())
