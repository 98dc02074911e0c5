"""The ``feeds:`` list → subscriptions: one for an address or a file, many for a directory."""

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import assert_never

from aggregator.canonical.form import canonical
from aggregator.config.addresses import (
    AddressError,
    FeedDirectory,
    FeedFile,
    WebAddress,
    feed_files,
    key_in,
    locate,
)
from aggregator.config.keys import FEED
from aggregator.config.reading import Problems, Section, items, section
from aggregator.config.tree import Mapping, Scalar, Value
from aggregator.model.feeds import Subscription

MIN_INTERVAL = timedelta(seconds=1)
MIN_WEIGHT, MAX_WEIGHT = 0.01, 100


@dataclass(frozen=True, slots=True)
class Feeds:
    """The subscriptions in the file's order, and the directories that stand for some of them."""

    subscriptions: tuple[Subscription, ...] = ()
    directories: tuple[Path, ...] = ()


def read_feeds(value: Value, base: Path, problems: Problems) -> Feeds:
    """Read the list; ``base`` is the absolute directory that paths are relative to."""
    first: dict[str, tuple[Subscription, Value]] = {}
    directories: list[Path] = []
    for item in items(value, "`feeds`", problems):
        read = _read_item(item, base, problems)
        directories.extend(read.directories)
        place = url_of(item)
        for subscription in read.subscriptions:
            address = canonical(subscription.location)
            earlier, at = first.setdefault(address, (subscription, place))
            if at is not place:
                line = at.source.line(at.start)
                problems.at(place, f"{earlier.url} is subscribed to twice, first in line {line}.")
    subscriptions = tuple(subscription for subscription, _ in first.values())
    return Feeds(subscriptions, tuple(directories))


def url_of(item: Value) -> Value:
    """Return the value of an item's ``url``, or the item itself if it has none."""
    if not isinstance(item, Mapping):
        return item
    return next((value for key, value in item.entries if key.value == "url"), item)


def _read_item(item: Value, base: Path, problems: Problems) -> Feeds:
    if isinstance(item, Scalar) and not item.empty():
        problems.at(item, f"A feed is a mapping: write `- url: {item.value.strip()}`.")
        return Feeds()
    keys = section(item, FEED, problems)
    if keys is None:
        return Feeds()
    asked = _subscription(keys)
    if asked is None:
        if url_of(item) is item:
            problems.at(item, "A feed needs a `url`.")
        return Feeds()
    try:
        return _located(asked, base, keys)
    except AddressError as error:
        keys.wrong("url", str(error))
        return Feeds()


def _subscription(keys: Section) -> Subscription | None:
    """Read the keys; ``location`` is as written until it is found."""
    url, name, labels = keys.text("url"), keys.text("name"), keys.texts("labels")
    interval, paused = keys.duration("interval", MIN_INTERVAL), keys.flag("paused")
    if url is None:
        return None
    insecure, weight = keys.flag("insecure"), _weight(keys)
    return Subscription(url, url, name, labels, interval, paused, weight, insecure)


def _weight(keys: Section) -> float:
    weight = keys.number("weight", MAX_WEIGHT)
    if weight is not None and weight < MIN_WEIGHT:
        keys.wrong("weight", f"`weight` must be from {MIN_WEIGHT} to {MAX_WEIGHT}, not {weight:g}.")
    return weight or 1.0


def _located(asked: Subscription, base: Path, keys: Section) -> Feeds:
    match locate(asked.url, base):
        case WebAddress(url):
            if asked.insecure and not url.lower().startswith("https:"):
                keys.wrong("insecure", f"{url} has no certificate to waive: leave `insecure` out.")
            return Feeds((replace(asked, location=url),))
        case FeedFile(path):
            return Feeds((replace(asked, location=path.as_uri()),))
        case FeedDirectory(directory):
            if asked.name is not None:
                keys.wrong("name", f"{asked.url} is a directory of feeds: leave `name` out.")
            return Feeds(
                tuple(
                    replace(asked, url=key_in(asked.url, file.name), location=file.as_uri())
                    for file in feed_files(directory)
                ),
                (directory,),
            )
        case never:
            assert_never(never)
