"""What comes with an entry beside its texts: kept and shown, neither tagged nor searched.

Links are as written in what a document says, absolute in what we keep.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Person:
    """An author or another who had a part; a name, an address or a URL is not empty.

    ``role`` is what a contributor did, in the publisher's words (``host``, ``photographer``).
    """

    name: str = ""
    email: str = ""
    url: str = ""
    avatar: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that comes with an entry. Sizes, in bytes and pixels, are the publisher's claims.

    ``medium`` is what kind of thing it is where the publisher says so beside its type.
    """

    url: str
    media_type: str | None = None
    length_bytes: int | None = None
    title: str | None = None
    duration_seconds: int | None = None
    medium: Literal["image", "audio", "video", "document", "executable"] | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Comments:
    """Where an entry is discussed: the page, the feed, how many there were; one is known."""

    url: str | None = None
    feed_url: str | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What an entry answers (RFC 4685 §3): the other entry's id and its page; one is known."""

    guid: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """The feed that an entry was first in, as atom:source or RSS's source says; one is known.

    ``url`` is the feed's own address, ``link`` that of its site.
    """

    title: str = ""
    url: str | None = None
    link: str | None = None
    guid: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A point in degrees (WGS 84), south and west negative, and what it is called."""

    latitude: float
    longitude: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Episode:
    """An entry as a part of a show; something of it is known.

    ``number`` may be 3.5, for what comes between; ``kind`` is ``full``, ``trailer`` or ``bonus``;
    ``explicit`` is None where the publisher does not say.
    """

    season: int | None = None
    number: float | None = None
    kind: Literal["full", "trailer", "bonus"] | None = None
    season_name: str = ""
    label: str = ""
    duration_seconds: int | None = None
    explicit: bool | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """What is said in an entry's recording, as a file; ``captions`` if it is timed to be shown."""

    url: str
    media_type: str | None = None
    language: str | None = None
    captions: bool = False


@dataclass(frozen=True, slots=True)
class Details:
    """All of that of one entry.

    ``external_link`` is the page that the entry is about, where its own link is another;
    ``banner`` a large picture, ``chapters`` a file of a recording's chapters.
    """

    contributors: tuple[Person, ...] = ()
    comments: Comments | None = None
    in_reply_to: tuple[Reply, ...] = ()
    origin: Origin | None = None
    places: tuple[Place, ...] = ()
    episode: Episode | None = None
    transcripts: tuple[Transcript, ...] = ()
    chapters: str | None = None
    rights: str = ""
    license: str | None = None
    external_link: str | None = None
    banner: str | None = None
