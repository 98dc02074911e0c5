"""What an address means to the fetcher: where to connect, what to ask for, what may be shown.

::

    location = ["feed:"] scheme "://" [userinfo "@"] host [":" port] target ["#" fragment]
    scheme   = "http" | "https"
    target   = path ["?" query]

The target is requested as it is written (RFC 3986 §3; nothing is normalised, decoded or added):
only what may not stand in a request line, blanks and everything beyond ASCII, is
percent-encoded. ``feed://x`` means ``http://x``, ``feed:https://x`` means ``https://x``.
"""

import base64
import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from aggregator.errors import UrlUnusableError
from aggregator.fetch.guard import SCHEMES, port_is_blocked
from aggregator.text import visible
from aggregator.urls import without_credentials, without_feed_scheme

_LOCATION = re.compile(r"([a-z][a-z0-9+.-]*)://([^/?#]*)([^#]*)", re.IGNORECASE | re.DOTALL)
_AUTHORITY = re.compile(
    r"(?:([^\\]*)@)?(\[[0-9a-f:.]+\]|[^\[\]:@]+)(?::([0-9]{0,5}))?", re.IGNORECASE | re.DOTALL
)
_HOST = re.compile(r"[^\x00-\x20\x7f\"%<>^`{|}\\\s\ud800-\udfff]+")
_UNFIT = re.compile(r"[^\x21-\x7e]")
_SHOWN_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class Location:
    """An http or https address, taken apart.

    ``url`` is the address without user info and fragment, what a document's own links are
    relative to; ``target`` is the path and query on the request line. ``host`` is in lower case
    and without brackets; ``credentials`` is the user info as written.
    """

    url: str
    scheme: str
    host: str
    port: int
    target: bytes
    credentials: str | None = None

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: whom credentials are for (RFC 6454 §4)."""
        return self.scheme, self.host, self.port

    @property
    def root(self) -> str:
        """The address of the host itself: whom to connect to, and what the Host header names."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}/"

    @property
    def authorization(self) -> bytes | None:
        """The Authorization value that the user info means (RFC 7617 §2), None without any."""
        if self.credentials is None:
            return None
        # A command line may hold bytes that are no UTF-8; they travel as lone surrogates.
        user, _, password = self.credentials.encode("utf-8", "surrogateescape").partition(b":")
        pair = unquote_to_bytes(user) + b":" + unquote_to_bytes(password)
        return b"Basic " + base64.b64encode(pair)


def locate(url: str) -> Location:
    """Take apart what is to be requested.

    Raises UrlUnusableError for anything but http and https, for ports of other protocols and for
    addresses that name no host.
    """
    match = _LOCATION.fullmatch(_without_fragment(without_feed_scheme(url.strip())))
    if match is None:
        raise UrlUnusableError(f"{shown(url)} is not a web address: write https://host/path.")
    scheme = match[1].lower()
    if scheme not in SCHEMES:
        raise UrlUnusableError(
            f"{shown(url)} cannot be fetched: only http and https are, not {shown(scheme)}."
        )
    authority = _AUTHORITY.fullmatch(match[2])
    if authority is None or not _HOST.fullmatch(authority[2]) or authority[2].startswith("."):
        raise UrlUnusableError(f"{shown(url)} names no host that could be asked.")
    port = int(authority[3] or SCHEMES[scheme])
    if port > 65535 or port_is_blocked(port):
        raise UrlUnusableError(
            f"{shown(url)} cannot be fetched: port {port} is never used for the web."
        )
    target = _UNFIT.sub(_percent_encoded, match[3])
    return Location(
        url=f"{scheme}://{match[2].rpartition('@')[2]}{target}",
        scheme=scheme,
        host=authority[2].strip("[]").lower(),
        port=port,
        target=(target if target.startswith("/") else f"/{target}").encode("ascii"),
        credentials=authority[1],
    )


def shown(url: str) -> str:
    """Return an address for people: without user info, control characters made visible."""
    bare = without_credentials(url)
    if len(bare) > _SHOWN_CHARACTERS:
        bare = f"{bare[:_SHOWN_CHARACTERS]}…"
    return visible(bare)


def _without_fragment(url: str) -> str:
    return url.partition("#")[0]


def _percent_encoded(unfit: re.Match[str]) -> str:
    # A Location header may hold bytes that are no UTF-8; they travel as lone surrogates.
    is_raw = "\udc80" <= unfit[0] <= "\udcff"
    octets = unfit[0].encode("utf-8", "surrogateescape" if is_raw else "replace")
    return "".join(f"%{octet:02X}" for octet in octets)
