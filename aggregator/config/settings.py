"""What a configuration comes to: frozen values, checked, with every path absolute."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Literal

from aggregator.model.feeds import Subscription
from aggregator.query.nodes import Node
from aggregator.tagging import Rule

Network = IPv4Network | IPv6Network
OutputFormat = Literal["atom", "rss", "json"]

DEFAULT_LIMIT = 100


@dataclass(frozen=True, slots=True)
class PollSettings:
    """How feeds are polled.

    ``contact`` is the address that publishers find in our User-Agent; ``max_interval`` is the
    longest time between two polls of a feed; ``floor`` is the shortest, and ``host_gap`` the
    pause between two requests to one host, each None for the built-in value; ``budget`` is how
    many requests a day the schedule may come to, None for what is usual; ``workers`` is
    how many requests are under way at once; ``allow_addresses`` are the networks beyond the
    public internet that may be fetched from; ``ca_bundle`` is an absolute path, None for the
    public authorities.
    """

    contact: str | None = None
    max_interval: timedelta = timedelta(days=1)
    floor: timedelta | None = None
    host_gap: timedelta | None = None
    budget: int | None = None
    workers: int = 64
    allow_addresses: tuple[Network, ...] = ()
    ca_bundle: Path | None = None


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """Where newly tagged entries of an output are sent, and the key that signs them."""

    url: str
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OutputSettings:
    """A feed that we publish.

    ``path`` is absolute; ``query`` is None for everything; ``url`` is its public address, for
    the self link; at most ``limit`` entries, the newest. ``evidence`` tells in XML why our tags
    are there. ``hub`` is the address of a WebSub hub, told with a ``url`` only. With ``archive``
    older entries stay readable, ``limit`` in a file; with ``tombstones`` it tells which are gone.
    ``webhooks`` are told of entries that polls have newly tagged. Where the pages have a password,
    a ``public`` output is served without it.
    """

    name: str
    path: Path
    format: OutputFormat
    title: str
    query: Node | None = None
    url: str | None = None
    limit: int = DEFAULT_LIMIT
    evidence: bool = False
    hub: str | None = None
    archive: bool = False
    tombstones: bool = False
    webhooks: tuple[WebhookSettings, ...] = ()
    public: bool = False


@dataclass(frozen=True, slots=True)
class PublishSettings:
    """What is published beside the outputs; absolute paths, None for what is not wanted.

    ``index`` is a page that names them all, ``subscriptions`` and ``outputs`` are lists in OPML;
    ``gzip`` puts a compressed copy beside every file.
    """

    title: str = "Our feeds"
    gzip: bool = False
    index: Path | None = None
    subscriptions: Path | None = None
    outputs: Path | None = None


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """Where we listen, for readers of the pages and for hubs.

    ``url`` is our public address, without a slash at its end: what a reverse proxy passes on to
    ``host`` and ``port``, path and all; None where there is none, so that no hub reaches us.
    ``hosts`` are further names by which the pages may be called. ``password`` is asked for by
    all that is not public; None where everybody is admitted. With ``proxy_images`` we fetch the
    pictures in entries and show them; else they are links.
    """

    url: str | None = None
    host: str = "127.0.0.1"
    port: int = 8080
    hosts: tuple[str, ...] = ()
    password: str | None = field(default=None, repr=False)
    proxy_images: bool = False


@dataclass(frozen=True, slots=True)
class Config:
    """A whole configuration.

    ``rules`` stand in the order in which they are to be applied: a rule after those whose tags
    it refers to, and those that imply it. ``lists`` are the named lists of terms, each the hit
    expression that ``$name`` stands for, a list after those that it mentions: whoever parses a
    query for the user of a configuration hands them on. ``watched`` are the files and
    directories whose change makes another configuration: this file, those it includes,
    directories of feeds and of included files.
    """

    path: Path
    database: Path
    poll: PollSettings = PollSettings()
    subscriptions: tuple[Subscription, ...] = ()
    rules: tuple[Rule, ...] = ()
    outputs: tuple[OutputSettings, ...] = ()
    publish: PublishSettings = PublishSettings()
    serve: ServeSettings | None = None
    lists: Mapping[str, Node] = field(default_factory=dict)
    watched: tuple[Path, ...] = ()

    def rules_by_name(self) -> dict[str, Rule]:
        """Return the rules by the tags that they give, in their order."""
        return {rule.name: rule for rule in self.rules}
