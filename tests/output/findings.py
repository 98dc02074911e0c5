"""What the W3C feed validator would find in a value, in our own words: nothing of our writer's.

Each rule returns the names of its findings as that program calls them; those in `WARNINGS` do
not make a document invalid.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from html.entities import name2codepoint
from html.parser import HTMLParser
from urllib.parse import urlsplit

from aggregator.output.languages import CODES

Rule = Callable[[str, bool], Iterator[str]]
"""A value, and whether a character in its lines is written by its number → findings."""

WARNINGS = frozenset(
    {
        *("ArchiveIncomplete", "BadCharacters", "ContainsEmail", "ContainsHTML", "ContainsRelRef"),
        *("DangerousStyleAttr", "DuplicateUpdated", "ImplausibleDate", "MissingCurrentInArchive"),
        *("MissingGuid", "MissingSelf", "MissingTextualContent", "NeedDescriptionBeforeContent"),
        *("NonCanonicalURI", "NotBlank", "NotHtml", "ProblematicalRFC822Date", "RelativeSelf"),
        *("SchemeNotIANARegistered", "SecurityRisk", "SelfDoesntMatchLocation", "SelfNotAtom"),
        *("SlashDate", "UnknownNamespace", "UnregisteredAtomLinkRel", "UnsupportedNamespace"),
        *("DuplicateSemantics", "DuplicateEnclosure", "NotSufficientlyUnique", "MisplacedItem"),
    }
)

ALLOWED = frozenset(
    {
        *("UnknownNamespace", "UnsupportedNamespace", "DuplicateUpdated", "NonCanonicalURI"),
        "SelfDoesntMatchLocation",
    }
)
"""The warnings that a document of ours may earn, each for a documented reason."""

_SAFE = r"[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]"
_FULL = re.compile(rf"[a-zA-Z][0-9a-zA-Z+\-.]*:(//)?{_SAFE}+")
_URN = re.compile(
    r"urn:[a-z0-9][a-z0-9-]{1,31}:([a-z0-9()+,.:=@;$_!*'-]|%[0-9a-f]{2})+", re.IGNORECASE
)
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TAG = re.compile(
    r"tag:([a-z0-9\-._]+@)?[a-z0-9.\-]+,\d{4}(-\d\d(-\d\d)?)?:"
    r"[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,]*(#[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,]*)?"
)
_SCHEMES = frozenset(
    {
        *("data", "file", "ftp", "gopher", "http", "https", "info", "mailto", "news", "nntp"),
        *("sip", "tag", "tel", "telnet", "urn", "wais", "xmpp"),
    }
)
_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")
_MAIL = re.compile(r"[A-Z0-9_\-+.']+@([A-Z0-9\-]+\.)+[A-Z0-9][-A-Z0-9]*", re.IGNORECASE)
_MIME = re.compile(r"[^\s()<>,;:\"/\[\]?=]+/[^\s()<>,;:\"/\[\]?=]+")
_HTTP = re.compile(r"https?://([A-Z0-9\-]+\.)+[A-Z0-9][-A-Z0-9]*(:\d+)?(/|$)", re.IGNORECASE)
_ENTITY = re.compile(r"&(#?\w+)")
_END_TAG = re.compile(r"</(\w+)>")
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


def anything(_: str, __: bool) -> Iterator[str]:
    """Ask nothing."""
    yield from ()


def uri(value: str, _: bool = False) -> Iterator[str]:
    """A whole URI (RFC 2396, RFC 2141, RFC 4151)."""
    scheme = value.partition(":")[0].lower()
    if scheme == "tag":
        yield from () if _TAG.fullmatch(value) else ("InvalidTAG",)
    elif value.lower().startswith("urn:uuid:"):
        yield from () if _UUID.fullmatch(value) else ("InvalidUUID",)
    elif scheme == "urn":
        yield from () if _URN.fullmatch(value) else ("InvalidURN",)
    elif not _FULL.fullmatch(value) or not (
        scheme not in {"http", "ftp"} or re.match(r"\w+://[^/]", value)
    ):
        yield "InvalidFullLink"
    elif scheme.isalpha() and scheme not in _SCHEMES:
        yield "SchemeNotIANARegistered"


def canonical(value: str, _: bool = False) -> Iterator[str]:
    """A whole URI in its one form (RFC 3986 §6.2)."""
    found = list(uri(value))
    yield from found
    if not found and value.lower().startswith(("http:", "https:")):
        parts = urlsplit(value)
        default = {"http": ":80", "https": ":443"}[parts.scheme.lower()]
        lowered = value[: len(parts.scheme)].islower() and parts.netloc == parts.netloc.lower()
        if not lowered or parts.netloc.endswith((default, ":")) or not parts.path:
            yield "NonCanonicalURI"


def web_file(value: str, _: bool = False) -> Iterator[str]:
    """The address of an enclosure."""
    if not _HTTP.match(value) or not _FULL.fullmatch(value):
        yield "InvalidURLAttribute"


def blank(value: str, _: bool = False) -> Iterator[str]:
    """Anything but nothing."""
    if not value.strip():
        yield "NotBlank"


def plain(value: str, by_number: bool) -> Iterator[str]:
    """A text in which nobody could suspect HTML."""
    if _END_TAG.search(value):
        yield "ContainsHTML"
    elif not by_number:
        named = _ENTITY.findall(value)
        if any(n in name2codepoint or n == "apos" or not n.isalpha() for n in named):
            yield "ContainsHTML"


def plain_in_rss(value: str, by_number: bool) -> Iterator[str]:
    """The same where readers may take a text for HTML: numbers for ``&`` and ``<``."""
    yield from plain(value, by_number)
    if not by_number and re.search(r"&#[x0-9]|<[/a-zA-Z]", value):
        yield "ContainsHTML"


def name(value: str, by_number: bool) -> Iterator[str]:
    """What a person is called."""
    yield from blank(value)
    yield from plain(value, by_number)
    if re.search(rf"<{_MAIL.pattern}>", value, re.IGNORECASE):
        yield "ContainsEmail"


def mail(value: str, _: bool = False) -> Iterator[str]:
    """A mail address (RFC 5322 §3.4.1)."""
    if not _MAIL.fullmatch(value):
        yield "InvalidAddrSpec"


def media_type(value: str, _: bool = False) -> Iterator[str]:
    """A media type without parameters."""
    if not _MIME.fullmatch(value):
        yield "InvalidMIMEType"


def language(value: str, _: bool = False) -> Iterator[str]:
    """A language of ISO 639."""
    if value.partition("-")[0].lower() not in CODES:
        yield "InvalidLanguage"


def count(value: str, _: bool = False) -> Iterator[str]:
    """A whole number, 0 included."""
    if not re.fullmatch(r"[0-9]+", value):
        yield "InvalidNonNegativeInteger"


def positive(value: str, _: bool = False) -> Iterator[str]:
    """A whole number above 0."""
    if not re.fullmatch(r"0*[1-9][0-9]*", value):
        yield "InvalidPositiveInteger"


def pair(value: str, _: bool = False) -> Iterator[str]:
    """A latitude and a longitude (GeoRSS)."""
    if not re.fullmatch(r"[-+]?\d+\.?\d* [-+]?\d+\.?\d*", value):
        yield "InvalidCoord"


def date_3339(value: str, _: bool = False) -> Iterator[str]:
    """A time (RFC 3339) that something may have been published at."""
    if not _3339.fullmatch(value):
        yield "InvalidRFC3339Date"
    elif not _EARLIEST <= datetime.fromisoformat(value) < datetime.now(UTC) + timedelta(days=1):
        yield "ImplausibleDate"


def date_822(value: str, _: bool = False) -> Iterator[str]:
    """A time in the form of mail, as RSS has it."""
    if not _822.fullmatch(value):
        yield "InvalidRFC2822Date"
        return
    at = datetime.strptime(value[5:-4], "%d %b %Y %H:%M:%S").replace(tzinfo=UTC)
    if f"{date(at.year, at.month, at.day):%a}" != value[:3]:
        yield "IncorrectDOW"
    if not _EARLIEST <= at < datetime.now(UTC) + timedelta(minutes=10):
        yield "ImplausibleDate"


def characters(text: str) -> Iterator[str]:
    """Text in one piece: C1 controls, and UTF-8 that somebody took for Latin-1."""
    if re.search("[\x80-\x9f\ufffd]", text):
        yield "BadCharacters"
    elif re.search("[\xc2\xc3][\x80-\xbf]", text):
        try:
            text.encode("latin-1").decode("utf-8")
        except UnicodeError:
            return
        yield "BadCharacters"


# --- HTML --------------------------------------------------------------------------------------

_RISKY = frozenset(
    {
        *("applet", "base", "body", "embed", "frame", "frameset", "head", "html", "iframe"),
        *("link", "meta", "noframes", "object", "param", "script", "style", "svg", "title"),
    }
)
_VOID = frozenset(
    {
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"),
        *("track", "wbr"),
    }
)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in _RISKY:
            self.found.append("SecurityRisk")
        names = [name for name, _ in attributes]
        if any(name.startswith("on") for name in names):
            self.found.append("SecurityRisk")
        if "style" in names:
            self.found.append("DangerousStyleAttr")
        if len(set(names)) != len(names):
            self.found.append("NotHtml")
        for name, value in attributes:
            if (tag, name) in {("a", "href"), ("img", "src")} and not re.match(
                r"\w+:", value or ""
            ):
                self.found.append("ContainsRelRef")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.found.append("NotHtml")


def html(value: str, _: bool = False) -> Iterator[str]:
    """Harmless HTML with whole addresses, every element closed."""
    reader = _Reader()
    reader.feed(value)
    reader.close()
    yield from reader.found
    if reader.open:
        yield "NotHtml"
