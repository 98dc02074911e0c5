"""What the user asked for, and what is known of a feed before it is asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from aggregator.model.boilerplate import Fingerprints


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed that the configuration names.

    ``url`` is its key, as written; ``location`` is what to request: the same for http and
    https, the absolute ``file:`` URL for a path. ``interval`` is a promise to the publisher
    that replaces the learned rhythm; ``weight`` is how much its entries matter beside those of
    other feeds: four times as much means polled twice as often. ``insecure`` waives the check of
    its server's certificate.
    """

    url: str
    location: str
    name: str | None = None
    labels: tuple[str, ...] = ()
    interval: timedelta | None = None
    paused: bool = False
    weight: float = 1.0
    insecure: bool = False


@dataclass(frozen=True, slots=True)
class Validators:
    """The validators of the last whole answer, byte for byte (RFC 9110 §8.8): never parsed.

    ``url`` is the address that issued them where a redirect led there, None for the feed's own:
    they mean nothing to any other.
    """

    etag: bytes | None = None
    last_modified: bytes | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What polling has learned of a feed; absent knowledge is None.

    ``events`` and ``days`` are decayed sums (bursts of new entries, days observed); ``failures``
    counts consecutive failures since ``failing_since``; ``gone`` counts 410s since the last
    success; ``penalty`` multiplies the floor after 429s. ``ttl`` and ``update_period`` are the
    publisher's wishes, ``skip_hours`` (0-23, GMT) and ``skip_days`` (0 is Monday) when it wants
    no request; they are kept here because a 304 repeats none of them. ``fresh_until`` and
    ``not_before`` are the server's last word on freshness and Retry-After. ``validated`` says
    whether the server gives validators, ``unchanged_bytes`` what an unchanged answer costs.
    ``hours`` are decayed counts of events by the hour of the day in UTC: 24 numbers, or none yet.
    """

    events: float = 0.0
    days: float = 0.0
    observed_at: datetime | None = None
    last_event_at: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    gone: int = 0
    penalty: float = 1.0
    ttl: timedelta | None = None
    update_period: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    fresh_until: datetime | None = None
    not_before: datetime | None = None
    validated: bool = False
    unchanged_bytes: int = 0
    hours: tuple[float, ...] = ()


class Sending(StrEnum):
    """Which of the stored validators a feed's requests carry."""

    BOTH = "both"
    ETAG = "etag"
    MODIFIED = "modified"
    NONE = "none"


class Trial(StrEnum):
    """What the next request tries out: it is repeated until an answer has come to it."""

    ETAG = "etag"
    """The ETag alone, because a 304 named another."""
    MODIFIED = "modified"
    """The date alone, because the ETag is ignored."""
    DOUBT = "doubt"
    """Neither, once, because the ETag alone did not settle it."""
    SILENCE = "silence"
    """Neither, once, because nobody who publishes so often is silent for so long."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How a server wants to be asked, learned from its answers.

    ``sending`` holds for the next requests, until ``sending_until`` (None: for good, or while
    ``trial`` has no result). ``ignored`` counts whole answers in a row that were, validators and
    all, the one of before. ``whole_at`` is when the last whole answer came, ``probed_at`` when
    the last trial without any validator ended. ``profile`` stands for the headers that the
    stored validators were issued to, empty where that is not known.

    ``bare`` is how many classes of optional headers are left out, because the server took
    offence at them; ``refusals`` counts how often it has since it last gave the feed, and
    ``refused_at`` is when it began to. ``pages`` counts web pages in a row that came instead of
    the feed. ``max_age`` is how long the stored answer is fresh each time that it is confirmed.
    """

    sending: Sending = Sending.BOTH
    sending_until: datetime | None = None
    trial: Trial | None = None
    ignored: int = 0
    whole_at: datetime | None = None
    probed_at: datetime | None = None
    profile: str = ""
    bare: int = 0
    refusals: int = 0
    refused_at: datetime | None = None
    pages: int = 0
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Moving:
    """Where permanent redirects lead, on how many polls in a row they have, and since when.

    ``polls`` is negative where they lead to another feed.
    """

    target: str
    polls: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Pushed:
    """Since when a hub tells us of a feed's news without a gap, and until when it promised to."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """A registrable domain is left alone until then, every feed of it; ``reason`` is in words."""

    domain: str
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class FeedState:
    """All that the store knows of one feed when it is claimed for a poll.

    ``key`` is the subscription's first url, ``url`` that of today; ``name`` is what people call
    the feed (the configured name, else its title, else the url). ``token`` proves the claim:
    applying a refresh with another token does nothing. ``admitted`` says that it was last
    fetched from a network that ``poll.allow_addresses`` admits (or a file), where no floor is
    owed to anybody. ``due_reason`` says in words why it is due. ``pushed`` is there while a hub
    tells us of the feed's news; ``pause`` is the last one of its site, if there was one.
    ``insecure`` is the subscription's. ``fingerprints`` are those of the last entries read.
    """

    key: str
    fetch_url: str
    name: str
    labels: tuple[str, ...]
    token: str
    rhythm: Rhythm
    due_at: datetime
    interval: timedelta | None = None
    title: str | None = None
    link: str | None = None
    validators: Validators = Validators()
    body_hash: str | None = None
    last_poll_at: datetime | None = None
    last_success_at: datetime | None = None
    admitted: bool = False
    url: str = ""
    weight: float = 1.0
    due_reason: str = ""
    manners: Manners = Manners()
    moving: Moving | None = None
    pushed: Pushed | None = None
    pause: Pause | None = None
    insecure: bool = False
    fingerprints: tuple[Fingerprints, ...] = ()
