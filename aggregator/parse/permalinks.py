"""Which of an entry's addresses leads to its page: links, a guid that is one, FeedBurner's."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from aggregator.parse.dictionaries import Found, dictionaries, string
from aggregator.parse.linked import IANA
from aggregator.parse.texts import HTML_TYPES

PERMALINK = "permalink"
_NO = frozenset({"0", "false", "no"})
_WEB_ADDRESS = re.compile(r"https?://[^\s/]+(?:[/?#].*)?", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:(?![0-9])", re.IGNORECASE)
_PATH = re.compile(r"(?:\.{0,2}/|\?)\S+")


class _Parser:
    """What of feedparser's parsers is used here."""

    guidislink: bool
    _start_guid: Callable[[dict[str, Any]], None]
    _get_context: Callable[[], dict[str, Any]]


class GuidHandlers(_Parser):
    """For feedparser's parsers: keeps what a guid says of itself, beside the link.

    A guid is a permalink unless ``isPermaLink`` says no, however that is spelt (RSS 2.0).
    """

    def _start_guid(self, attributes: dict[str, Any]) -> None:
        said = str(attributes.get("ispermalink", "true")).strip().lower()
        told = {**attributes, "ispermalink": "false" if said in _NO else "true"}
        super()._start_guid(told)

    def _end_guid(self) -> None:
        super()._end_guid()  # type: ignore[misc]  # feedparser's, which comes next
        context = self._get_context()
        if self.guidislink and "id" in context:
            context.setdefault(PERMALINK, context["id"])


def page_link(found: Found, form: str) -> str | None:
    """Return the address of the page of an entry or a feed as written, None if none is given.

    FeedBurner's own link only counts the reader, and its note of the publisher's is that link.
    What cannot lead to a page (``mailto:``, ``tag:``) makes way for what can.
    """
    return next((link for link in _candidates(found, form) if not _OTHER_SCHEME.match(link)), None)


def _candidates(found: Found, form: str) -> Iterator[str]:
    original = string(found, "feedburner_origlink")
    if original and _WEB_ADDRESS.fullmatch(original):
        yield original
    alternates = [one for one in dictionaries(found, "links") if _is_alternate(one)]
    yield from _addresses(one for one in reversed(alternates) if "written" not in one)
    yield from _addresses(one for one in alternates if string(one, "type") in HTML_TYPES)
    link, guid = string(found, "link"), string(found, "id")
    if link and link != guid:
        yield link
    yield from _addresses(iter(alternates))
    permalink = string(found, PERMALINK)
    if permalink and (_WEB_ADDRESS.fullmatch(permalink) or _PATH.fullmatch(permalink)):
        yield permalink
    # What Atom's id and RDF's about name is often the page as well.
    if guid and _WEB_ADDRESS.fullmatch(guid) and (link == guid or form in ("rss090", "rss10")):
        yield guid


def _addresses(links: Iterator[Found]) -> Iterator[str]:
    return (href for link in links if (href := string(link, "href")))


def _is_alternate(link: Found) -> bool:
    relation = (string(link, "rel") or "alternate").lower()
    return relation.removeprefix(IANA) == "alternate"
