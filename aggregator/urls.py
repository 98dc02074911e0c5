"""Addresses: made absolute, judged, and told.

A link that we show is the publisher's own, repaired only where it is no valid IRI
(RFC 3987): non-ASCII letters stay readable. What is compared instead is `aggregator.canonical`.
"""

import re
from functools import lru_cache
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

MAX_URL = 8_000
"""Longer addresses (characters) are not believed."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufff9-\uffff\ud800-\udfff]")
_ABSOLUTE = re.compile(r"https?://", re.IGNORECASE)
_HOST = re.compile(r"[^\s!\"#$&'()*+,/:;<=>?@\[\\\]^`{|}%\x00-\x20\x7f-\xa0\xad]+")
_IPV6 = re.compile(r"(?:[^\[\]]*@)?\[[0-9A-Fa-f:.]+\](?::[0-9]*)?")
# What RFC 3987 admits in no part after the authority: spaces, delimiters, bidi controls, a
# percent sign that encodes nothing.
_NOT_IN_IRI = re.compile(
    r"[\x00-\x20\"<>\\^`{|}\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
    r"\ufff0-\uffff\ud800-\udfff]|%(?![0-9A-Fa-f]{2})"
)

_CREDENTIALS = re.compile(r"((?:feed:)?(?:[a-z][a-z0-9+.-]*:)?//)[^/?#]*@", re.IGNORECASE)


def resolve(base: str | None, link: str) -> str | None:
    """Return ``link`` as an absolute http or https address, None if it cannot be one.

    Relative links are joined to ``base`` (RFC 3986 §5); without one that has a host, ``//host/``
    means https. Control characters are taken out and characters that no IRI admits are
    percent-encoded; what was valid stays as it was. Never raises.
    """
    link = _CONTROLS.sub("", link).strip()
    if not link or len(link) > MAX_URL:
        return None
    if link.startswith(("//", "\\\\")) and (base is None or not fetchable(base)):
        base = "https://host.invalid/"
    link = _forward_slashes(link)
    try:
        parts = _parts(link if _ABSOLUTE.match(link) else urljoin(base or "", link))
    except ValueError:
        return None
    if parts is None:
        return None
    absolute = urlunsplit(
        parts._replace(
            path=_repair(parts.path),
            query=_repair(parts.query),
            fragment=_repair(parts.fragment).replace("#", "%23"),
        )
    )
    return absolute if len(absolute) <= MAX_URL else None


def as_written(base: str | None, link: str) -> str | None:
    """Return what `resolve` does, but an address that is whole and valid to the letter.

    Whoever hands it back, as a hub's topic, must not have changed a byte (WebSub §4).
    """
    link = link.strip()
    is_whole = _ABSOLUTE.match(link) and len(link) <= MAX_URL and fetchable(link)
    if is_whole and not _NOT_IN_IRI.search(link):
        return link
    return resolve(base, link)


@lru_cache(maxsize=1024)
def host(url: str) -> str | None:
    """Return the host of a web address in lower case, without port or trailing dot.

    A name in other letters than ASCII is given in ASCII (``xn--…``): both spellings are one host.
    """
    parts = _parts(url)
    return ascii_name(parts) if parts else None


def fetchable(url: str) -> bool:
    """Tell whether ``url`` is an absolute http or https address with a host."""
    return _parts(url) is not None


def without_feed_scheme(url: str) -> str:
    """Return the web address that ``feed:https://host/path`` stands for; any other as it is.

    The older ``feed://host/path`` means http.
    """
    scheme, colon, rest = url.partition(":")
    if not colon or scheme.lower() != "feed":
        return url
    return f"http:{rest}" if rest.startswith("//") else rest


def without_credentials(url: str) -> str:
    """Return an address without user name and password, for everybody to see."""
    found = _CREDENTIALS.match(url)
    return found[1] + url[found.end() :] if found else url


def names_a_page(canonical_link: str) -> bool:
    """Tell whether a canonical link says more than which site: the front page names no entry."""
    parts = _parts(canonical_link)
    return parts is not None and bool(parts.path.strip("/") or parts.query or parts.fragment)


def fragment(url: str) -> str:
    """Return what follows the ``#``, unless it tells how the reader came (``#xtor=RSS-1``)."""
    named = url.partition("#")[2]
    return "" if "=" in named or named.startswith((":~:", "!", "/")) else named


def ascii_name(parts: SplitResult) -> str:
    """Return the host of a split address in lower case and ASCII, without trailing dot."""
    return ".".join(map(_ascii_label, _hostname(parts).split(".")))


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        port = parts.port  # raises ValueError on a port that is none
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or port == 0 or _NOT_IN_IRI.search(parts.netloc):
        return None
    if "[" in parts.netloc:
        return parts if _IPV6.fullmatch(parts.netloc) else None
    return parts if _HOST.fullmatch(_hostname(parts)) else None


def _hostname(parts: SplitResult) -> str:
    return (parts.hostname or "").rstrip(".")


def _forward_slashes(link: str) -> str:
    """Read backslashes before the query as slashes, as browsers do (WHATWG URL §4.4)."""
    end = min((at for at in (link.find("?"), link.find("#")) if at >= 0), default=len(link))
    return link[:end].replace("\\", "/") + link[end:]


def _repair(part: str) -> str:
    return _NOT_IN_IRI.sub(lambda found: quote(found[0], safe="", errors="replace"), part)


def _ascii_label(label: str) -> str:
    """Write a label in ASCII without IDNA's mappings: IDNA 2003 makes ß and ss one name."""
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
