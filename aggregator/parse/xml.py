"""RSS, RDF and Atom → `RawFeed`; the only place that knows feedparser.

feedparser is used for what nobody else has: twenty years of knowledge of how publishers write
these formats. Its two parsers are fed here by hand, because `feedparser.parse` opens a local file
when the content names one, takes the whole document for another encoding after one bad byte,
raises on some document types, and hands the text to libexpat in pieces (quadratic before 2.6).
"""

import pyexpat
import re
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import Any, Literal
from xml.sax import SAXException, SAXParseException
from xml.sax.expatreader import ExpatParser
from xml.sax.handler import feature_external_ges, feature_namespaces
from xml.sax.xmlreader import InputSource

import feedparser.api

from aggregator.errors import NotAFeedError, ParserFailedError
from aggregator.model import Category, Enclosure, Person, RawEntry, RawFeed, RawText
from aggregator.parse import hints
from aggregator.parse.mending import mend

_OLDEST_EXPAT = (2, 4, 1)

_Found = Mapping[str, Any]
"""A dictionary of feedparser's. Only ever asked by ``in``: its ``get("updated")`` answers
``published``. An element with a made-up name can put a value of any type in it."""

_ENDED_EARLY = frozenset({3, 5, 6, 20})
"""libexpat's codes for a document that breaks off: no element, unclosed token, part of a
character, unclosed CDATA section (expat.h). What came before it was read by the rules."""

_JUNK_AFTER_ROOT = 9
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_INLINE_HTML = re.compile(
    r"</?(?:a|abbr|b|big|br|cite|code|del|em|font|i|img|ins|kbd|mark|p|q|s|small|span|strike"
    r"|strong|sub|sup|tt|u|var|wbr)\b[^<>]*>|&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z]\w*);",
    re.IGNORECASE,
)
_WEB_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


def refuse_old_expat(version: tuple[int, int, int] = pyexpat.version_info) -> None:
    """Raise `ParserFailedError` if this libexpat does not bound what entities expand to.

    libexpat 2.4.1 brought the protection (CVE-2013-0340) in a form that holds.
    """
    if version < _OLDEST_EXPAT:
        has, needs = (".".join(map(str, one)) for one in (version, _OLDEST_EXPAT))
        raise ParserFailedError(
            f"Python was built with libexpat {has}, which hostile feeds can exhaust:"
            f" install a Python with libexpat {needs} or newer."
        )


def read_xml(text: str, url: str) -> tuple[RawFeed, tuple[str, ...]]:
    """Read a document whose root is that of a feed, and clauses on what is wrong with it.

    ``url`` is the base of what is relative. Raises `NotAFeedError` if nothing of a feed is in it,
    `ParserFailedError` if feedparser gives up.
    """
    refuse_old_expat()
    mended = mend(text)
    parser, remarks = _parse(mended.text, url)
    form = parser.version or "rss"
    entries = tuple(filter(_says_something, (_entry(one, form, url) for one in parser.entries)))
    if not parser.version and not entries:
        raise NotAFeedError(f"{url} is XML, but neither RSS nor Atom.")
    return _feed(parser.feeddata, form, url, entries, mended.text), (*mended.remarks, *remarks)


# --- driving feedparser --------------------------------------------------------------------------


class _Ours:
    """What both of feedparser's parsers shall do otherwise.

    A guid is compared and never followed, so it is not resolved. The description of a picture or
    a podcast stands beside the entry's own, where feedparser would make it the entry's content.
    """

    can_be_relative_uri = feedparser.api.StrictFeedParser.can_be_relative_uri - {"id"}
    resolve_relative_uris = False
    sanitize_html = False

    version: str
    entries: list[_Found]
    feeddata: _Found
    push_content: Callable[[str, _Found, str, int], None]
    pop_content: Callable[[str], str | None]

    def _start_media_description(self, attributes: _Found) -> None:
        self.push_content("media_description", attributes, "text/plain", 1)

    def _end_media_description(self) -> None:
        self.pop_content("media_description")

    def _start_itunes_summary(self, attributes: _Found) -> None:
        self.push_content("itunes_summary", attributes, "text/plain", 1)

    def _end_itunes_summary(self) -> None:
        self.pop_content("itunes_summary")


class _Strict(_Ours, feedparser.api.StrictFeedParser):  # type: ignore[misc]  # untyped library
    """For well-formed documents."""


class _Loose(_Ours, feedparser.api.LooseFeedParser):  # type: ignore[misc]  # untyped library
    """For all others: reads tags where it finds them."""


def _parse(text: str, url: str) -> tuple[_Ours, tuple[str, ...]]:
    """Return the feedparser that read most of ``text``, and clauses on why it was not all."""
    strict = _Strict(url, None, "utf-8")
    error = _failure(lambda: _drive(strict, text))
    if error is None:
        return strict, ()
    remark = f"it is not well-formed ({_told(error)}) and was read as far as possible"
    if _read_to_the_end(error):
        return strict, (remark,)
    loose = _Loose(url, None, "utf-8", {})
    gave_up = _failure(lambda: loose.feed(text))
    best: _Ours = max(loose, strict, key=lambda parser: len(parser.entries))
    if gave_up is not None and not best.entries:
        raise ParserFailedError(f"{url} cannot be read: {_told(error)}.")
    return best, (remark,)


def _failure(read: Callable[[], None]) -> Exception | None:
    """Run a parser of feedparser's and return what it stumbled over.

    It raises whatever comes along, by accident rather than by contract; only lack of memory is
    no property of the document.
    """
    try:
        read()
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - see above
        return error
    return None


def _drive(parser: _Strict, text: str) -> None:
    """Feed the strict parser through libexpat, in one piece."""
    body = text.encode()
    expat = ExpatParser(namespaceHandling=1, bufsize=len(body) + 1)
    expat.setFeature(feature_namespaces, True)
    expat.setFeature(feature_external_ges, False)
    expat.setContentHandler(parser)
    expat.setErrorHandler(parser)
    source = InputSource()
    source.setEncoding("utf-8")
    source.setByteStream(BytesIO(body))
    expat.parse(source)


def _told(error: Exception) -> str:
    if isinstance(error, SAXParseException):
        return f"{error.getMessage()} in line {error.getLineNumber():,}"
    if isinstance(error, SAXException):
        return error.getMessage()
    return f"feedparser stumbled over it with {type(error).__name__}"


def _read_to_the_end(error: Exception) -> bool:
    """Say whether the strict parser has read all there is to read."""
    cause = error.getException() if isinstance(error, SAXException) else None
    code = getattr(cause, "code", None)
    return code in _ENDED_EARLY or code == _JUNK_AFTER_ROOT


# --- what feedparser found → our values ----------------------------------------------------------


def _feed(found: _Found, form: str, url: str, entries: tuple[RawEntry, ...], text: str) -> RawFeed:
    title = _text(found, "title", form)
    skipped = hints.read_skipped(text)
    return RawFeed(
        format=form,
        entries=entries,
        title=title,
        description=_text(found, "subtitle", form),
        link=_link(found),
        language=_string(found, "language"),
        base=(title and title.base) or url,
        authors=_authors(found),
        ttl=hints.read_ttl(_string(found, "ttl") or ""),
        update_period=hints.read_update_period(
            _string(found, "sy_updateperiod") or "", _string(found, "sy_updatefrequency") or "1"
        ),
        skip_hours=skipped.hours,
        skip_days=skipped.days,
    )


def _entry(found: _Found, form: str, url: str) -> RawEntry:
    texts = tuple(
        _text(found, name, form) for name in ("summary", "itunes_summary", "media_description")
    )
    title, content = _text(found, "title", form), _content(found)
    own_summary = texts[0] if "summary_detail" in found else None  # else a copy of the content
    summary = own_summary or texts[1] or texts[2]
    spoken = tuple(text for text in (content, title, summary) if text)
    published, updated = _dates(found, form)
    return RawEntry(
        guid=_string(found, "id"),
        link=_link(found),
        title=title,
        summary=summary,
        content=content,
        published=published,
        updated=updated,
        authors=_authors(found),
        categories=_categories(found),
        enclosures=_enclosures(found),
        image=_image(found),
        language=next(
            (text.language for text in spoken if text.language), _string(found, "language")
        ),
        base=next((text.base for text in spoken if text.base), url),
    )


def _says_something(entry: RawEntry) -> bool:
    return any((entry.guid, entry.link, entry.title, entry.summary, entry.content))


def _string(found: _Found, name: str) -> str | None:
    value = found[name] if name in found else None  # noqa: SIM401 - see _Found
    return value.strip() or None if isinstance(value, str) else None


def _list(found: _Found, name: str) -> Iterator[_Found]:
    values = found[name] if name in found else ()  # noqa: SIM401 - see _Found
    if isinstance(values, list):
        yield from (value for value in values if isinstance(value, Mapping))


def _text(found: _Found, name: str, form: str) -> RawText | None:
    value = _string(found, name)
    if value is None:
        return None
    detail = found[f"{name}_detail"] if f"{name}_detail" in found else {}  # noqa: SIM401
    about = detail if isinstance(detail, Mapping) else {}
    declared = _string(about, "type") in _HTML_TYPES
    assumed = form.startswith("rss") and bool(_INLINE_HTML.search(value))
    return RawText(
        value=value,
        kind="html" if declared or assumed else "text",
        base=_string(about, "base"),
        language=_string(about, "language"),
    )


def _content(found: _Found) -> RawText | None:
    """Return the entry's content: HTML rather than plain text, then the longest."""
    best = max(
        (one for one in _list(found, "content") if _is_text(one) and _string(one, "value")),
        key=lambda one: (_kind(one) == "html", len(one["value"])),
        default=None,
    )
    if best is None:
        return None
    return RawText(
        value=best["value"].strip(),
        kind=_kind(best),
        base=_string(best, "base"),
        language=_string(best, "language"),
    )


def _is_text(content: _Found) -> bool:
    """Say whether it can be shown; Atom allows content of any media type (RFC 4287 §4.1.3)."""
    declared = _string(content, "type") or "text/plain"
    return declared in _HTML_TYPES or declared.startswith("text/")


def _kind(content: _Found) -> Literal["text", "html"]:
    return "html" if _string(content, "type") in _HTML_TYPES else "text"


def _dates(found: _Found, form: str) -> tuple[str | None, str | None]:
    """Return when the entry was published and updated, as written.

    In RSS a dc:date, which feedparser calls ``updated``, is the only date of many entries.
    """
    published = _string(found, "published") or _string(found, "created")
    updated = _string(found, "updated")
    if published is None and form.startswith("rss"):
        return updated, None
    return published, updated


def _link(found: _Found) -> str | None:
    """Return the page's address; a guid stands in only if it is a whole web address."""
    link = _string(found, "link")
    if link is None or (link == _string(found, "id") and not _WEB_ADDRESS.fullmatch(link)):
        alternates = (one for one in _list(found, "links") if _string(one, "rel") == "alternate")
        return next(filter(None, (_string(one, "href") for one in alternates)), None)
    return link


def _authors(found: _Found) -> tuple[Person, ...]:
    people = (
        Person(
            name=_string(one, "name") or "",
            email=_string(one, "email") or "",
            url=_string(one, "href") or "",
        )
        for one in _list(found, "authors")
    )
    return tuple(dict.fromkeys(person for person in people if person != Person()))


def _categories(found: _Found) -> tuple[Category, ...]:
    return tuple(
        Category(term=term, scheme=_string(one, "scheme"), label=_string(one, "label"))
        for one in _list(found, "tags")
        if (term := _string(one, "term") or _string(one, "label"))
    )


def _enclosures(found: _Found) -> tuple[Enclosure, ...]:
    """Return RSS's enclosures, Atom's links to them, and Media RSS's content; each address once."""
    linked = (one for one in _list(found, "links") if _string(one, "rel") == "enclosure")
    files = [
        *(_enclosure(one, "href", "length") for one in linked),
        *(_enclosure(one, "url", "filesize") for one in _list(found, "media_content")),
    ]
    return tuple({file.url: file for file in reversed(files) if file.url}.values())[::-1]


def _enclosure(found: _Found, address: str, length: str) -> Enclosure:
    claimed = _string(found, length) or ""
    return Enclosure(
        url=_string(found, address) or "",
        media_type=_string(found, "type"),
        length_bytes=int(claimed) if re.fullmatch("[0-9]{1,18}", claimed) else None,
    )


def _image(found: _Found) -> str | None:
    """Return the entry's picture: a thumbnail, else iTunes's image, else an enclosed one."""
    thumbnails = (_string(one, "url") for one in _list(found, "media_thumbnail"))
    image = found["image"] if "image" in found else None  # noqa: SIM401 - see _Found
    by_itunes = _string(image, "href") if isinstance(image, Mapping) else None
    by_medium = (
        _string(one, "url")
        for one in _list(found, "media_content")
        if _string(one, "medium") == "image"
    )
    enclosed = (
        file.url for file in _enclosures(found) if (file.media_type or "").startswith("image/")
    )
    return next(filter(None, (*thumbnails, by_itunes, *by_medium, *enclosed)), None)
