"""What a feed that we publish says of itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote, urlsplit, urlunsplit

from aggregator.model.details import Person
from aggregator.output.addresses import uri

_URN = "urn:aggregator:output:"
GENERATOR = "aggregator"
"""The program's name, as generators are told to readers."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An entry that is no longer published, by its public id, and since when (RFC 6721)."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed of ours, apart from its entries.

    ``id`` is an absolute URI that never changes (see `channel_id`). ``self_url`` is its own
    public address, ``site_url`` that of the page that it belongs to; both are None when
    unknown. ``tag_titles`` are what people call our tags, by name; a tag without one is called
    by its name. ``version`` is the program's, empty to leave it out. Picture, authors and
    language are known of a publisher's feed that is shown as it is.

    ``hub`` is the address of a WebSub hub that tells of changes. ``evidence`` is told in XML
    where it is wanted; JSON has it anyway. ``links`` are relations of RFC 5005 and addresses,
    ``is_archive`` says that the document will never change. ``ids`` are the public ids that
    entries were given for good, by our own.
    """

    id: str
    title: str
    description: str = ""
    self_url: str | None = None
    site_url: str | None = None
    tag_titles: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    image: str | None = None
    icon: str | None = None
    authors: tuple[Person, ...] = ()
    language: str | None = None
    hub: str | None = None
    evidence: bool = False
    links: tuple[tuple[str, str], ...] = ()
    is_archive: bool = False
    tombstones: tuple[Tombstone, ...] = ()
    ids: Mapping[str, str] = field(default_factory=dict)


def channel_id(name: str, self_url: str | None = None) -> str:
    """Return the id of an output: its public address, else a URN made of its name.

    A name alone is unique in one configuration, not in the world: a feed that others read
    should have its address (RFC 4287 §4.2.6).
    """
    address = uri(self_url)
    return _canonical(address) if address else f"{_URN}{quote(name, safe='', errors='replace')}"


def self_address(channel: Channel) -> str:
    """Return where a feed says that it is: its public address, else a file of its name here.

    A feed should have such a link (RFC 4287 §4.1.1). That of a file without a public address is
    the same on every machine, and nobody can follow it.
    """
    name = quote(channel.id.removeprefix(_URN), safe="%")
    return uri(channel.self_url) or f"file://localhost/{name}"


def _canonical(address: str) -> str:
    """Return a web address in its one form (RFC 3986 §6.2.3), as an id should be written."""
    parts = urlsplit(address)
    port = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    host = parts.netloc.lower().removesuffix(port).removesuffix(":")
    return urlunsplit(parts._replace(netloc=host, path=parts.path or "/"))
