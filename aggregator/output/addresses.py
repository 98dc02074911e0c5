"""Which ids, links, mail addresses and media types may stand in XML feeds.

Readers differ over characters beyond ASCII in addresses (RFC 3987); a URI in ASCII
(RFC 3986) passes everywhere.
"""

import re
from mimetypes import guess_type
from urllib.parse import quote

_PATH = r"(?:[0-9A-Za-z;/?:@&=+$.\-_!~*'(),]|%[0-9A-Fa-f]{2})"
_IDS = re.compile(
    rf"""
      https?://(?![^/?\#]*@)[0-9A-Za-z]{_PATH}*(?:\#{_PATH}*)?                       # RFC 3986
    | tag:(?:[a-z0-9\-._]+@)?[a-z0-9.\-]+,\d{{4}}(?:-\d\d(?:-\d\d)?)?
      :{_PATH}*(?:\#{_PATH}*)?                                        # RFC 4151 §2.1
    | urn:uuid:[0-9A-Fa-f]{{8}}(?:-[0-9A-Fa-f]{{4}}){{3}}-[0-9A-Fa-f]{{12}}  # RFC 9562
    | urn:(?!uuid:)[0-9A-Za-z][0-9A-Za-z-]{{1,31}}
      :(?:[0-9A-Za-z()+,.:=@;$_!*'-]|%[0-9A-Fa-f]{{2}})+              # RFC 2141 §2
    """,
    re.VERBOSE | re.ASCII,
)
_WEB = re.compile(r"(https?|ftp)://([^/?#\\]+)([^#]*)(#.*)?", re.IGNORECASE | re.DOTALL)
_OTHER = re.compile(r"(?:mailto|tel|news|nntp|xmpp):\S+", re.IGNORECASE)
_HOST = re.compile(r"[0-9A-Za-z.\-_~%]+(?::\d*)?")
_DOTTED = re.compile(
    r"https?://(?:[0-9A-Za-z-]+\.)+[0-9A-Za-z][0-9A-Za-z-]*(?::\d+)?(?:/|$)", re.IGNORECASE
)
_MAIL = re.compile(r"[0-9A-Za-z_.+'-]+@(?:[0-9A-Za-z-]+\.)+[0-9A-Za-z][0-9A-Za-z-]*")
_TYPE = re.compile(r"[0-9A-Za-z!#$&^_.+-]+/[0-9A-Za-z!#$&^_.+-]+")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


def is_absolute_id(text: str) -> bool:
    """Say whether a publisher's id is an absolute URI that we may pass on as it is.

    The schemes are those that publishers mint ids in: http, https, tag and urn. ``post:17``
    has the form of a URI, but nobody assigns that scheme.
    """
    return _IDS.fullmatch(text) is not None


def uri(link: str | None) -> str | None:
    """Return an absolute link with its unsafe characters percent-encoded (idempotent).

    None for what is no address that a reader should follow: another scheme, no host, a host
    that cannot be written in ASCII, an address of IPv6 (RFC 2396 has no brackets).
    """
    if link is None:
        return None
    if (web := _WEB.fullmatch(link.strip())) is None:
        other = _OTHER.fullmatch(link.strip())
        return _encoded(other[0]) if other else None
    scheme, authority, path, fragment = web.groups(default="")
    host = _ascii_host(authority.rpartition("@")[2])
    if host is None:
        return None
    return f"{scheme}://{host}{_encoded(path)}{fragment[:1]}{_encoded(fragment[1:])}"


def enclosure_url(link: str) -> str | None:
    """Return the address of a file as RSS wants it: http or https, with a dotted host."""
    address = uri(link)
    return address if address and _DOTTED.match(address) else None


def email(text: str) -> str | None:
    """Return a mail address if it is one (RFC 5322 §3.4.1, without quoting and comments)."""
    return text if _MAIL.fullmatch(text) else None


def media_type(text: str | None) -> str | None:
    """Return ``type/subtype`` (RFC 6838 §4.2) without parameters, None if it is no such thing."""
    essence = (text or "").partition(";")[0].strip()
    return essence if _TYPE.fullmatch(essence) else None


def file_type(told: str | None, url: str) -> str:
    """Return the media type of a file, by its name where its publisher tells none."""
    # Not `urlsplit`, which raises on some addresses.
    by_name, _ = guess_type(url.partition("#")[0].partition("?")[0].rpartition("/")[2])
    return media_type(told) or by_name or "application/octet-stream"


def _ascii_host(host: str) -> str | None:
    """Return host and port in ASCII, names by IDNA; credentials are never passed on."""
    try:
        ascii_host = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return None
    return ascii_host if _HOST.fullmatch(ascii_host) else None


def _encoded(part: str) -> str:
    whole = _STRAY_PERCENT.sub("%25", part)
    return quote(whole, safe=";/?:@&=+$.-_!~*'(),%", errors="replace")
