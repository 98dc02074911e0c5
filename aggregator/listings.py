"""What is published beside the outputs: lists of feeds (OPML), and a page that names everything."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from aggregator.config.settings import Config, OutputFormat
from aggregator.opml import OpmlFeed, write_list, write_opml
from aggregator.output.index import Offer, render_index
from aggregator.output.publish import write_published
from aggregator.urls import without_credentials

FORMS: dict[OutputFormat, tuple[str, str]] = {
    "atom": ("Atom", "application/atom+xml"),
    "rss": ("RSS", "application/rss+xml"),
    "json": ("JSON Feed", "application/feed+json"),
}
"""What a format is called, and its media type."""

_OPML = ("OPML", "text/x-opml")


def publish_listings(config: Config) -> tuple[Path, ...]:
    """Write what the configuration asks for; return the files that changed.

    Raises `PublishError`. No password is in a list.
    """
    return tuple(
        path
        for path, content in _listings(config)
        if write_published(path, content, gzip=config.publish.gzip)
    )


def _listings(config: Config) -> Iterator[tuple[Path, bytes]]:
    wanted = config.publish
    if wanted.subscriptions:
        public = (
            replace(
                each, url=without_credentials(each.url), location=without_credentials(each.location)
            )
            for each in config.subscriptions
        )
        yield wanted.subscriptions, write_opml(public, f"{wanted.title}: what we read")
    if wanted.outputs:
        feeds = (OpmlFeed(each.url, each.title) for each in config.outputs if each.url)
        yield wanted.outputs, write_list(feeds, wanted.title)
    if wanted.index:
        yield wanted.index, render_index(wanted.title, tuple(_offers(config, wanted.index.parent)))


def _offers(config: Config, around: Path) -> Iterator[Offer]:
    for output in config.outputs:
        address = output.url or _relative(output.path, around)
        yield Offer(output.title, address, *FORMS[output.format])
    if config.publish.outputs:
        address = _relative(config.publish.outputs, around)
        yield Offer("All of these, as a list", address, *_OPML, is_feed=False)
    if config.publish.subscriptions:
        address = _relative(config.publish.subscriptions, around)
        yield Offer("What we read, as a list", address, *_OPML, is_feed=False)


def _relative(path: Path, around: Path) -> str:
    return quote(os.path.relpath(path, around), errors="replace")
