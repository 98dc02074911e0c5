"""One call for every machine format."""

from collections.abc import Sequence
from typing import Literal, assert_never

from aggregator.model.entries import TaggedEntry
from aggregator.output import atom, delimited, jsonfeed, rss
from aggregator.output.channel import Channel

Format = Literal["atom", "rss", "json", "jsonl", "csv"]


def render(format: Format, channel: Channel, entries: Sequence[TaggedEntry]) -> bytes:
    """Return the entries in their order, as a document of that format.

    ``jsonl`` and ``csv`` have no place for the channel.
    """
    match format:
        case "atom":
            return atom.render(channel, entries)
        case "rss":
            return rss.render(channel, entries)
        case "json":
            return jsonfeed.render(channel, entries)
        case "jsonl":
            return jsonfeed.render_items(entries)
        case "csv":
            return delimited.render(entries)
        case _:
            assert_never(format)
