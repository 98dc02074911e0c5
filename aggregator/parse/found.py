"""Feedparser's dictionaries → our values, at once: nothing else in the house ever sees one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from aggregator.model.raw import Category, Enclosure, Person, RawEntry, RawFeed, RawText
from aggregator.parse import hints
from aggregator.parse.dated import chosen

Found = Mapping[str, Any]
"""A dictionary of feedparser's. Only ever asked by ``in``: its ``get("updated")`` answers
``published``. An element with a made-up name can put a value of any type in it."""

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_INLINE_HTML = re.compile(
    r"</?(?:a|abbr|b|big|br|cite|code|del|em|font|i|img|ins|kbd|mark|p|q|s|small|span|strike"
    r"|strong|sub|sup|tt|u|var|wbr)\b[^<>]*>|&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z]\w*);",
    re.IGNORECASE,
)
_MAIL = r"(?:mailto:)?(?P<email>[^\s()<>@]+@[^\s()<>@]+)"
_PEOPLE = tuple(
    re.compile(form, re.DOTALL)
    for form in (
        rf"{_MAIL}\s*\((?P<name>.*)\)",
        rf"(?P<name>[^<>]*)<{_MAIL}>",
        rf"(?P<name>[^()]*)\({_MAIL}\)",
        rf"{_MAIL}(?P<name>)",
    )
)
_WEB_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


def raw_feed(feed: Found, entries: Sequence[Found], form: str, url: str) -> RawFeed:
    """Return what feedparser found, as ours; ``url`` is the base where the document has none."""
    title = _text(feed, "title", form)
    read = (_entry(one, form, url) for one in entries)
    return RawFeed(
        format=form,
        entries=tuple(entry for entry in read if _says_something(entry)),
        title=title,
        description=_text(feed, "subtitle", form),
        link=_link(feed),
        language=string(feed, "language"),
        base=(title and title.base) or url,
        authors=_authors(feed),
        ttl=hints.read_ttl(string(feed, "ttl") or ""),
        update_period=hints.read_update_period(
            string(feed, "sy_updateperiod") or "", string(feed, "sy_updatefrequency") or "1"
        ),
    )


def _entry(found: Found, form: str, url: str) -> RawEntry:
    texts = tuple(
        _text(found, name, form) for name in ("summary", "itunes_summary", "media_description")
    )
    title, content = _text(found, "title", form), _content(found)
    own_summary = texts[0] if "summary_detail" in found else None  # else a copy of the content
    summary = own_summary or texts[1] or texts[2]
    spoken = tuple(text for text in (content, title, summary) if text)
    published, updated = chosen(found, form)
    return RawEntry(
        guid=string(found, "id"),
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
            (text.language for text in spoken if text.language), string(found, "language")
        ),
        base=next((text.base for text in spoken if text.base), url),
    )


def _says_something(entry: RawEntry) -> bool:
    return any((entry.guid, entry.link, entry.title, entry.summary, entry.content))


def _value(found: Found, name: str) -> object:
    """Return what stands under ``name``, None if nothing does."""
    return found[name] if name in found else None  # noqa: SIM401 - see `Found`


def string(found: Found, name: str) -> str | None:
    """Return the text under ``name``, without white space around it; None if it has none."""
    value = _value(found, name)
    return value.strip() or None if isinstance(value, str) else None


def dictionaries(found: Found, name: str) -> Iterator[Found]:
    """Yield the dictionaries in the list under ``name``."""
    values = _value(found, name)
    if isinstance(values, list):
        yield from (value for value in values if isinstance(value, Mapping))


def _text(found: Found, name: str, form: str) -> RawText | None:
    value = string(found, name)
    if value is None:
        return None
    detail = _value(found, f"{name}_detail")
    about = detail if isinstance(detail, Mapping) else {}
    declared = string(about, "type") in _HTML_TYPES
    assumed = form.startswith("rss") and bool(_INLINE_HTML.search(value))
    return RawText(
        value=value,
        kind="html" if declared or assumed else "text",
        base=string(about, "base"),
        language=string(about, "language"),
    )


def _content(found: Found) -> RawText | None:
    """Return the entry's content: HTML rather than plain text, then the longest."""
    best = max(
        (one for one in dictionaries(found, "content") if _is_text(one) and string(one, "value")),
        key=lambda one: (_kind(one) == "html", len(one["value"])),
        default=None,
    )
    if best is None:
        return None
    return RawText(
        value=best["value"].strip(),
        kind=_kind(best),
        base=string(best, "base"),
        language=string(best, "language"),
    )


def _is_text(content: Found) -> bool:
    """Say whether it can be shown; Atom allows content of any media type (RFC 4287 §4.1.3)."""
    declared = string(content, "type") or "text/plain"
    return declared in _HTML_TYPES or declared.startswith("text/")


def _kind(content: Found) -> Literal["text", "html"]:
    return "html" if string(content, "type") in _HTML_TYPES else "text"


def _link(found: Found) -> str | None:
    """Return the page's address; a guid stands in only if it is a whole web address."""
    link = string(found, "link")
    if link is None or (link == string(found, "id") and not _WEB_ADDRESS.fullmatch(link)):
        alternates = (
            one for one in dictionaries(found, "links") if string(one, "rel") == "alternate"
        )
        return next(filter(None, (string(one, "href") for one in alternates)), None)
    return link


def _authors(found: Found) -> tuple[Person, ...]:
    people = (
        Person(
            name=string(one, "name") or "",
            email=string(one, "email") or "",
            url=string(one, "href") or "",
        )
        if (written := string(one, "written")) is None
        else _person(written)
        for one in dictionaries(found, "authors")
    )
    return tuple(dict.fromkeys(person for person in people if person != Person()))


def _person(written: str) -> Person:
    """Read ``mail (Name)`` (RSS 2.0), ``Name <mail>``, ``Name (mail)``, ``mail`` or a name."""
    match = next(filter(None, (form.fullmatch(written) for form in _PEOPLE)), None)
    if match is None:
        return Person(name=written)
    return Person(name=match["name"].strip(" \t\"'"), email=match["email"])


def _categories(found: Found) -> tuple[Category, ...]:
    return tuple(
        Category(term=term, scheme=string(one, "scheme"), label=string(one, "label"))
        for one in dictionaries(found, "tags")
        if (term := string(one, "term") or string(one, "label"))
    )


def _enclosures(found: Found) -> tuple[Enclosure, ...]:
    """Return RSS's enclosures, Atom's links to them, and Media RSS's content; each address once."""
    linked = (one for one in dictionaries(found, "links") if string(one, "rel") == "enclosure")
    files = [
        *(_enclosure(one, "href", "length") for one in linked),
        *(_enclosure(one, "url", "filesize") for one in dictionaries(found, "media_content")),
    ]
    return tuple({file.url: file for file in reversed(files) if file.url}.values())[::-1]


def _enclosure(found: Found, address: str, length: str) -> Enclosure:
    claimed = string(found, length) or ""
    return Enclosure(
        url=string(found, address) or "",
        media_type=string(found, "type"),
        length_bytes=int(claimed) if re.fullmatch("[0-9]{1,18}", claimed) else None,
    )


def _image(found: Found) -> str | None:
    """Return the entry's picture: a thumbnail, else iTunes's image, else an enclosed one."""
    thumbnails = (string(one, "url") for one in dictionaries(found, "media_thumbnail"))
    image = _value(found, "image")
    by_itunes = string(image, "href") if isinstance(image, Mapping) else None
    by_medium = (
        string(one, "url")
        for one in dictionaries(found, "media_content")
        if string(one, "medium") == "image"
    )
    enclosed = (
        file.url for file in _enclosures(found) if (file.media_type or "").startswith("image/")
    )
    return next(filter(None, (*thumbnails, by_itunes, *by_medium, *enclosed)), None)
