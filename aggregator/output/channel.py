"""What a feed that we publish says of itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from aggregator.model.details import Person
from aggregator.output.addresses import uri

GENERATOR = "aggregator"
"""The program's name, as generators are told to readers."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed of ours, apart from its entries.

    ``id`` is an absolute URI that never changes (see `channel_id`). ``self_url`` is its own
    public address, ``site_url`` that of the page that it belongs to; both are None when
    unknown. ``tag_titles`` are what people call our tags, by name; a tag without one is called
    by its name. ``version`` is the program's, empty to leave it out. Picture, authors and
    language are known of a publisher's feed that is shown as it is.
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


def channel_id(name: str, self_url: str | None = None) -> str:
    """Return the id of an output: its public address, else a URN made of its name.

    A name alone is unique in one configuration, not in the world: a feed that others read
    should have its address (RFC 4287 §4.2.6).
    """
    return uri(self_url) or f"urn:aggregator:output:{quote(name, safe='', errors='replace')}"
