"""Feedparser's dictionaries → our values, at once: nothing else in the house ever sees one."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from aggregator.model.details import Enclosure, Person
from aggregator.model.raw import Category, RawEntry, RawFeed, RawText
from aggregator.parse import hints, media
from aggregator.parse.asides import ASIDES, Element
from aggregator.parse.aspects import details
from aggregator.parse.dated import chosen
from aggregator.parse.dictionaries import BASE, Found, dictionaries, dictionary, string
from aggregator.parse.modules import INSTEAD_OF_DESCRIPTION, INSTEAD_OF_TITLE
from aggregator.parse.permalinks import page_link
from aggregator.parse.texts import content, text
from aggregator.urls import fetchable

_MAIL = r"(?:mailto:)?(?P<email>[^\s()<>@]+@[^\s()<>@]+)"
_NAMED = ("id", "link")
"""What the tag of an entry may say by itself, in RDF."""

_IDENTIFIERS = ("id", "dc_identifier", "dcterms_identifier")
_PEOPLE = tuple(
    re.compile(form, re.DOTALL)
    for form in (
        rf"{_MAIL}\s*\((?P<name>.*)\)",
        rf"(?P<name>[^<>]*)<{_MAIL}>",
        rf"(?P<name>[^()]*)\({_MAIL}\)",
        rf"{_MAIL}(?P<name>)",
    )
)


def raw_feed(feed: Found, entries: Sequence[Found], form: str) -> RawFeed:
    """Return what feedparser found, as ours."""
    read = (_entry(one, form) for one in entries if _says_something(one))
    return RawFeed(
        format=form,
        entries=tuple(read),
        title=_first_text(feed, ("title", *INSTEAD_OF_TITLE), form),
        description=_first_text(feed, ("subtitle", *INSTEAD_OF_DESCRIPTION), form),
        link=page_link(feed, form),
        language=string(feed, "language"),
        base=_whole_base(feed),
        authors=_authors(feed) or _in_charge(feed),
        updated=string(feed, "updated") or string(feed, "published"),
        categories=_categories(feed),
        image=string(dictionary(feed, "image"), "href") or string(feed, "logo"),
        icon=string(feed, "icon"),
        rights=text(feed, "rights", form),
        generator=string(feed, "generator"),
        ttl=hints.read_ttl(string(feed, "ttl") or ""),
        update_period=hints.read_update_period(
            string(feed, "sy_updateperiod") or "", string(feed, "sy_updatefrequency") or "1"
        ),
    )


def _entry(found: Found, form: str) -> RawEntry:
    title, body = text(found, "title", form), content(found, form)
    summary = text(found, "summary", form) if "summary_detail" in found else None  # else a copy
    summary = summary or _first_text(found, INSTEAD_OF_DESCRIPTION, form)
    spoken = tuple(one for one in (body, title, summary) if one)
    published, updated = chosen(found, form)
    within = Element("", {}, children=found[ASIDES].whole() if ASIDES in found else ())
    told = details(found, within)
    files = _timed(
        _enclosures(found, within), told.episode.duration_seconds if told.episode else None
    )
    return RawEntry(
        guid=next(filter(None, (string(found, name) for name in _IDENTIFIERS)), None),
        link=page_link(found, form),
        title=title or _of_the_show(within) or _first_text(found, INSTEAD_OF_TITLE, form),
        summary=summary,
        content=body,
        published=published,
        updated=updated,
        authors=_authors(found) or _authors(dictionary(found, "source")),
        categories=_categories(found),
        enclosures=files,
        image=_image(found, within, files),
        language=next((one.language for one in spoken if one.language), string(found, "language")),
        base=_whole_base(found),
        details=told,
    )


def _first_text(found: Found, names: Iterable[str], form: str) -> RawText | None:
    return next(filter(None, (text(found, name, form) for name in names)), None)


def _of_the_show(within: Element) -> RawText | None:
    """Return the title that stands for an entry's own, in a podcast or beside a video."""
    names = ("itunes:title", "media:title")
    told = (one.text for name in names for one in within.all(name) if one.text)
    title = next(told, None)
    return RawText(title, "text") if title else None


def _whole_base(found: Found) -> str | None:
    """Return the base in scope, if it is a whole address: feedparser has joined links to others."""
    base = string(found, BASE)
    return base if base and fetchable(base) else None


def _says_something(found: Found) -> bool:
    """Tell whether an entry is more than a pair of tags: what nobody understands counts too."""
    heard = ASIDES in found and found[ASIDES].heard
    return heard or any(string(found, name) for name in _NAMED)


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


def _in_charge(feed: Found) -> tuple[Person, ...]:
    """Return who owns a podcast, or else who sees to a site: a feed may name nobody else."""
    owner, master = dictionary(feed, "owner"), string(feed, "publisher")
    owning = Person(string(owner, "name") or "", string(owner, "email") or "")
    if owning != Person():
        return (owning,)
    return (_person(master),) if master else ()


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
    links = [one for one in dictionaries(found, "links") if _is_file(one)]
    original = string(found, "feedburner_origenclosurelink") if len(links) == 1 else None
    linked = (_enclosure(one, original) for one in links)
    files: dict[str, Enclosure] = {}
    for file in (*linked, *_contents(found), *media.files(within)):
        if file.url:
            known = files.get(file.url)
            files[file.url] = file if known is None else _together(known, file)
    return tuple(files.values())


def _is_file(link: Found) -> bool:
    """Tell whether a link leads to a file: an empty one feedparser has joined to the base."""
    leads_on = "written" not in link or string(link, "written") is not None
    return leads_on and string(link, "rel") == "enclosure"


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


def _contents(found: Found) -> Iterator[Enclosure]:
    """Yield Atom's content that stands elsewhere (RFC 4287 §4.1.3.2)."""
    for one in dictionaries(found, "content"):
        if url := string(one, "src"):
            yield Enclosure(url, string(one, "type"))


def _enclosure(found: Found, original: str | None) -> Enclosure:
    """Return a file; ``original`` is where it is, if FeedBurner's link only counts it.

    A link that declares no type is text/html for feedparser.
    """
    return Enclosure(
        url=original or string(found, "href") or "",
        media_type=string(found, "declared" if "written" in found else "type"),
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
