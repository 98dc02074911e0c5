"""What travels in a poll: the requests that were made, and what came back."""

from dataclasses import dataclass

from aggregator.fetch.headers import Headers
from aggregator.model.fetching import FetchRequest

REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""The statuses that lead elsewhere (RFC 9110 §15.4)."""

DELTA = 226
"""The status of an answer that holds only what is new (RFC 3229 §10.4.1)."""

SUCCESSES = frozenset({200, 203, DELTA})
"""The statuses whose body may be a document; 203 is one that a proxy has touched."""


@dataclass(frozen=True, slots=True)
class Response:
    """What came back from one hop. ``body`` is decoded, and empty where nobody needs it.

    ``admitted`` says that it came from an address that only the config admits.
    """

    url: str
    status: int
    headers: Headers = ()
    body: bytes = b""
    admitted: bool = False
    address: str | None = None
    wire_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Trail:
    """The requests that one poll made, each but the first on a redirect's word.

    ``permanent`` is where the permanent redirects at the beginning of the trail lead, None if
    there were none: a candidate for the feed's new address, never more than that. ``plain`` is
    the request as it would have been, where the host's own word made https of it.
    """

    hops: tuple[FetchRequest, ...]
    permanent: str | None = None
    plain: FetchRequest | None = None

    @property
    def wanted(self) -> FetchRequest:
        """The request for the feed's own address, whether or not just that was made."""
        return self.plain or self.hops[0]
