"""What goes to servers and comes from them: requests, hops, whole answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.model.feeds import Sending, Validators


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """One conditional GET to be made, or a POST of ``content``; headers in order, as bytes.

    ``headers`` are complete for ``url``; ``validators`` are what a redirect may lead back to,
    and ``sending`` says which of them are sent. ``delta`` allows an answer that holds only what
    is new. ``profile`` stands for all that an answer may depend on beside the address.
    ``max_age`` is how long the stored answer is fresh each time that it is confirmed.
    ``insecure`` waives the check of the server's certificate; no other origin inherits it.
    """

    url: str
    headers: tuple[tuple[bytes, bytes], ...] = ()
    validators: Validators = Validators()
    sending: Sending = Sending.BOTH
    delta: bool = False
    profile: str = ""
    content: bytes = b""
    insecure: bool = False
    max_age: timedelta | None = None

    @property
    def method(self) -> str:
        """The method of the request."""
        return "POST" if self.content else "GET"


@dataclass(frozen=True, slots=True)
class Link:
    """A link that a document or its headers (RFC 8288) declare; ``url`` is absolute.

    ``relation`` is one registered name in lower case: ``self``, ``hub``, ``next`` …
    """

    relation: str
    url: str
    media_type: str | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Hub:
    """A WebSub hub, and the ``topic``: the address by which it knows the document."""

    url: str
    topic: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Who would tell us of a document's news: a hub, or an rssCloud (which we never ask)."""

    hub: Hub | None = None
    cloud: str | None = None


@dataclass(frozen=True, slots=True)
class Distrust:
    """A hub is not relied on until then, for a reason in words."""

    until: datetime
    sentence: str


@dataclass(frozen=True, slots=True)
class Strict:
    """A host that wants to be asked by https alone, until then (RFC 6797 §6.1).

    ``subdomains`` says that it speaks for all below it as well. An ``until`` that is past takes
    back what was said before.
    """

    host: str
    until: datetime
    subdomains: bool = False


@dataclass(frozen=True, slots=True)
class Hop:
    """One request and what came back, whatever it was: for the ledger, and for its host's turns.

    ``url`` carries no credentials; ``conditional`` says that validators were sent. ``status`` is
    None where no answer came. ``seconds`` is from the first look-up to the end of the body;
    ``address`` is whom it reached; ``error`` is the code of what went wrong.
    """

    url: str
    at: datetime
    seconds: float
    conditional: bool = False
    status: int | None = None
    wire_bytes: int = 0
    address: str | None = None
    method: str = "GET"
    strict: Strict | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A whole answer. ``url`` is where it came from after redirects; ``body`` is decoded.

    ``lifetime`` is how long the server calls it fresh (RFC 9111 §4.2.1), ``max_age`` how long each
    time that it confirms it; ``retry_after`` is how long it asks us to stay away. ``body_hash`` is
    the hex sha256 of ``body``. ``admitted`` says that it came from a file or an address outside
    the public internet that the config admits.
    ``permanent`` is where the permanent redirects lead that began the way to it, None if there
    were none; ``links`` are its Link headers.
    ``partial`` says that it holds only what is new (RFC 3229 §10.5.3: a feed delta).
    ``profile`` is that of the request.
    """

    url: str
    body: bytes
    body_hash: str
    fetched_at: datetime
    content_type: str | None = None
    validators: Validators = Validators()
    lifetime: timedelta | None = None
    retry_after: timedelta | None = None
    status: int = 200
    admitted: bool = False
    permanent: str | None = None
    links: tuple[Link, ...] = ()
    partial: bool = False
    profile: str = ""
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True)
class NotModified:
    """A 304. ``validators`` are those to keep from now on; else as in `Document`.

    ``named`` is the ETag that came with it, which may be of another document.
    """

    fetched_at: datetime
    validators: Validators
    lifetime: timedelta | None = None
    retry_after: timedelta | None = None
    admitted: bool = False
    permanent: str | None = None
    named: bytes | None = None
    max_age: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """A 410: the publisher says that the feed will not come back (RFC 9110 §15.5.11)."""

    fetched_at: datetime
    admitted: bool = False
    lifetime: timedelta | None = None
    retry_after: timedelta | None = None


Fetched = Document | NotModified | Gone
