"""What a document is, judged by its first element or brace alone; the Content-Type is not asked.

Publishers serve feeds as ``text/html`` and error pages as ``application/rss+xml``.
"""

import re
from dataclasses import dataclass

from aggregator.parse.mending import prolog

_ROOT = re.compile(r"<(?:(?P<prefix>[\w.-]+):)?(?P<name>[\w.-]+)")
_FEEDS = frozenset({"rss", "rdf", "feed", "entry", "channel"})
_PAGES = frozenset(
    {
        "a",
        "article",
        "body",
        "br",
        "center",
        "div",
        "font",
        "form",
        "frameset",
        "h1",
        "head",
        "html",
        "iframe",
        "img",
        "link",
        "main",
        "meta",
        "nav",
        "noscript",
        "p",
        "script",
        "section",
        "span",
        "style",
        "table",
        "title",
    }
)
_DOCTYPE_OF_PAGE = re.compile(r"<!DOCTYPE\s+html\b", re.IGNORECASE)
_BURIED = re.compile(r"<(?:rss|feed|rdf:RDF)\s[^<>]*\b(?:version|xmlns)\b", re.IGNORECASE)
"""A feed behind a scripting language's warnings or a stray line."""

_WINDOW = 65_536


@dataclass(frozen=True, slots=True)
class XmlFeed:
    """A feed in XML that begins at character ``start``; what stands before is not part of it."""

    start: int = 0


@dataclass(frozen=True, slots=True)
class JsonObject:
    """An object in JSON, whether a feed or not."""


@dataclass(frozen=True, slots=True)
class WebPage:
    """HTML, or a piece of it."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No characters, or only white space."""


@dataclass(frozen=True, slots=True)
class Other:
    """Something else; ``what`` completes "it is …"."""

    what: str


Sniffed = XmlFeed | JsonObject | WebPage | Nothing | Other


def sniff(text: str) -> Sniffed:
    """Say what ``text`` is; total, in linear time."""
    match text.lstrip()[:1]:
        case "":
            return Nothing()
        case "{":
            return JsonObject()
        case "[":
            return Other("a JSON list")
        case _:
            return _markup(text)


def _markup(text: str) -> XmlFeed | WebPage | Other:
    before = prolog(text)
    root = _ROOT.match(text, before.root)
    name = root["name"].lower() if root else ""
    if name in _FEEDS:
        return XmlFeed()
    if name != "html" and (buried := _BURIED.search(text, 0, _WINDOW)):
        return XmlFeed(buried.start())
    if name in _PAGES or _DOCTYPE_OF_PAGE.match(before.doctype):
        return WebPage()
    if root:
        return Other(f"XML, but its first element <{root[0][1:41]}> is not that of a feed")
    return Other("neither XML nor JSON")
