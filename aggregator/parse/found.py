"""Feedparser's dictionaries → our values, at once: nothing else in the house ever sees one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from aggregator.model.raw import Category, Enclosure, Person, RawEntry, RawFeed, RawText
from aggregator.parse import hints, media
from aggregator.parse.asides import ASIDES, Element
from aggregator.parse.aspects import details
from aggregator.parse.dated import chosen
from aggregator.parse.dictionaries import Found, dictionaries, dictionary, string, value
from aggregator.parse.permalinks import page_link

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


def raw_feed(feed: Found, entries: Sequence[Found], form: str, url: str) -> RawFeed:
    """Return what feedparser found, as ours; ``url`` is the base where the document has none."""
    title = _text(feed, "title", form)
    read = (_entry(one, form, url) for one in entries)
    return RawFeed(
        format=form,
        entries=tuple(entry for entry in read if _says_something(entry)),
        title=title,
        description=_text(feed, "subtitle", form),
        link=page_link(feed, form),
        language=string(feed, "language"),
        base=(title and title.base) or url,
        authors=_authors(feed),
        updated=string(feed, "updated") or string(feed, "published"),
        categories=_categories(feed),
        image=string(dictionary(feed, "image"), "href") or string(feed, "logo"),
        icon=string(feed, "icon"),
        rights=_text(feed, "rights", form),
        generator=string(feed, "generator"),
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
    within = Element("", {}, children=found[ASIDES].whole() if ASIDES in found else ())
    told = details(found, within)
    files = _timed(
        _enclosures(found, within), told.episode.duration_seconds if told.episode else None
    )
    return RawEntry(
        guid=string(found, "id"),
        link=page_link(found, form),
        title=title or _of_the_show(within),
        summary=summary,
        content=content,
        published=published,
        updated=updated,
        authors=_authors(found) or _authors(dictionary(found, "source")),
        categories=_categories(found),
        enclosures=files,
        image=_image(found, within, files),
        language=next(
            (text.language for text in spoken if text.language), string(found, "language")
        ),
        base=next((text.base for text in spoken if text.base), url),
        details=told,
    )


def _of_the_show(within: Element) -> RawText | None:
    """Return the title that stands for an entry's own, in a podcast or beside a video."""
    names = ("itunes:title", "media:title")
    told = (one.text for name in names for one in within.all(name) if one.text)
    title = next(told, None)
    return RawText(title, "text") if title else None


def _says_something(entry: RawEntry) -> bool:
    return any((entry.guid, entry.link, entry.title, entry.summary, entry.content))


def _text(found: Found, name: str, form: str) -> RawText | None:
    written = string(found, name)
    if written is None:
        return None
    detail = value(found, f"{name}_detail")
    about = detail if isinstance(detail, Mapping) else {}
    declared = string(about, "type") in _HTML_TYPES
    assumed = form.startswith("rss") and bool(_INLINE_HTML.search(written))
    return RawText(
        value=written,
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


def _enclosures(found: Found, within: Element) -> tuple[Enclosure, ...]:
    """Return RSS's enclosures, Atom's links to them, and Media RSS's content; each address once."""
    linked = (
        _enclosure(one) for one in dictionaries(found, "links") if string(one, "rel") == "enclosure"
    )
    files: dict[str, Enclosure] = {}
    for file in (*linked, *media.files(within)):
        if file.url:
            known = files.get(file.url)
            files[file.url] = file if known is None else _together(known, file)
    return tuple(files.values())


def _together(first: Enclosure, second: Enclosure) -> Enclosure:
    """Return what two elements say of one file; where they differ the first is believed."""
    return Enclosure(
        first.url,
        first.media_type or second.media_type,
        second.length_bytes if first.length_bytes is None else first.length_bytes,
        title=first.title or second.title,
        duration_seconds=second.duration_seconds,
        medium=second.medium,
        width=second.width,
        height=second.height,
    )


def _enclosure(found: Found) -> Enclosure:
    return Enclosure(
        url=string(found, "href") or "",
        media_type=string(found, "type"),
        length_bytes=media.number(string(found, "length")),
        title=string(found, "title"),
    )


def _timed(files: tuple[Enclosure, ...], seconds: int | None) -> tuple[Enclosure, ...]:
    """Give an episode's duration to its recording, which is the first of its files."""
    if not files or files[0].duration_seconds is not None or not _is_recording(files[0]):
        return files
    return (replace(files[0], duration_seconds=seconds), *files[1:])


def _is_recording(file: Enclosure) -> bool:
    return (file.media_type or "audio/").partition("/")[0] in {"audio", "video"}


def _image(found: Found, within: Element, files: tuple[Enclosure, ...]) -> str | None:
    """Return the entry's picture: a thumbnail, else iTunes's image, else an enclosed one."""
    thumbnails = (
        one.attribute("url") or (one.text if "://" in one.text else None)
        for one in within.all("media:thumbnail")
    )
    by_itunes = string(dictionary(found, "image"), "href")
    by_medium = (file.url for file in files if file.medium == "image")
    enclosed = (file.url for file in files if (file.media_type or "").startswith("image/"))
    return next(filter(None, (*thumbnails, by_itunes, *by_medium, *enclosed)), None)
