"""Any query as a feed: which one an address names, and what it says of itself."""

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from aggregator import __version__
from aggregator.asking.names import known_name
from aggregator.asking.stored import Stored
from aggregator.config.settings import DEFAULT_LIMIT, OutputFormat, OutputSettings
from aggregator.output.channel import Channel, channel_id
from aggregator.output.publication import NEVER
from aggregator.output.render import render
from aggregator.publishing import channel_of, tag_titles
from aggregator.query.nodes import Field, Value
from aggregator.serve.river import PERIODS, Filters, search_for
from aggregator.serve.shelf import Made
from aggregator.store.base import Search, Store


@dataclass(frozen=True, slots=True)
class Place:
    """Where a feed is read: under which address all pages are, and what follows it.

    ``is_public`` says that the address is the one that the configuration gives: it does not
    depend on who asks.
    """

    base: str
    path: str
    format: OutputFormat
    is_public: bool

    @property
    def url(self) -> str:
        """The feed's own address."""
        return f"{self.base}{self.path}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A feed that was asked for: what it says of itself, and what is in it."""

    channel: Channel
    search: Search


def named(name: str, stored: Stored, place: Place, now: datetime) -> Wanted:
    """Return the feed of a configured output, else that of a tag. Raises `UsageError`."""
    assert stored.config
    outputs = {output.name: output for output in stored.config.outputs}
    if name in outputs:
        return _output(outputs[name], stored, place, now)
    known_name(name, "output and no tag", {*outputs, *stored.tag_names()})
    titles = tag_titles(stored.config)
    channel = _channel(f"tag:{name}", titles.get(name, name), f"/tags/{quote(name)}", stored, place)
    return Wanted(channel, Search(now, Field("tag", Value(name)), limit=DEFAULT_LIMIT))


def searched(filters: Filters, stored: Stored, place: Place, now: datetime) -> Wanted:
    """Return the feed of what the river shows with these filters. Raises `QueryError`."""
    search = search_for(replace(filters, before=""), stored, now, DEFAULT_LIMIT)
    asked = filters.but()
    channel = _channel(f"search:{asked}", _title(filters, stored), f"/?{asked}", stored, place)
    return Wanted(channel, search)


def made(store: Store, wanted: Wanted, form: OutputFormat) -> Made:
    """Make the document. Raises `StoreError`."""
    entries = store.search(wanted.search)
    changes = (each.revised_at or each.first_seen_at for each in entries)
    body = render(form, wanted.channel, entries)
    return Made(body, max(changes, default=NEVER), store.next_due_at())


def _output(output: OutputSettings, stored: Stored, place: Place, now: datetime) -> Wanted:
    """Return a configured output, with the ids that its entries have in its file."""
    assert stored.config
    ids = {}
    if output.archive or output.tombstones:
        ids = {each.entry: each.public_id for each in stored.store.placed(output.name)}
    is_at_its_address = output.url is not None and output.format == place.format
    channel = replace(
        channel_of(stored.config, output),
        self_url=output.url if is_at_its_address else place.url,
        site_url=f"{place.base}/",
        hub=output.hub if is_at_its_address else None,
        ids=ids,
    )
    return Wanted(channel, Search(now, output.query, limit=output.limit))


def _channel(name: str, title: str, page: str, stored: Stored, place: Place) -> Channel:
    assert stored.config
    return Channel(
        id=channel_id(name, place.url if place.is_public else None),
        title=title,
        self_url=place.url,
        site_url=f"{place.base}{page}",
        tag_titles=tag_titles(stored.config),
        version=__version__,
    )


def _title(filters: Filters, stored: Stored) -> str:
    """Return what a search is called: what is asked for, in the words of the page."""
    assert stored.config
    tag = filters.tag and tag_titles(stored.config).get(filters.tag, filters.tag)
    period = PERIODS[filters.period][0] if filters.period else ""
    told = (filters.q, tag, filters.label, filters.feed, filters.lang, period)
    return " · ".join(filter(None, told)) or "Everything"
