"""From the store to the outputs: what a query finds, as the document that others read."""

from dataclasses import dataclass
from datetime import datetime

from aggregator import __version__
from aggregator.config.settings import Config, OutputSettings
from aggregator.output.channel import Channel, channel_id
from aggregator.output.publish import write_if_changed
from aggregator.output.render import render
from aggregator.store.base import Search, Store


@dataclass(frozen=True, slots=True)
class Published:
    """An output that was written; ``changed`` says whether its bytes are new."""

    output: OutputSettings
    entries: int
    changed: bool


def channel_of(config: Config, output: OutputSettings) -> Channel:
    """Return what an output says of itself."""
    return Channel(
        id=channel_id(output.name, output.url),
        title=output.title,
        self_url=output.url,
        tag_titles=tag_titles(config),
        version=__version__,
        hub=output.hub,
        evidence=output.evidence,
    )


def tag_titles(config: Config) -> dict[str, str]:
    """Return what people call the tags, by name."""
    return {rule.name: rule.title for rule in config.rules}


def publish(store: Store, config: Config, output: OutputSettings, now: datetime) -> Published:
    """Write an output's file if its bytes changed. Raises `StoreError` and `PublishError`."""
    entries = store.search(Search(now=now, query=output.query, limit=output.limit))
    document = render(output.format, channel_of(config, output), entries)
    return Published(output, len(entries), write_if_changed(output.path, document))
