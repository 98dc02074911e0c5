"""What must be so of every feed and entry that we keep, whatever the document said.

Each law is a sentence; `broken` returns those that do not hold, so that a failure tells which.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import timedelta
from html.parser import HTMLParser

from aggregator.identity import entry_id
from aggregator.model.details import Details, Enclosure, Person
from aggregator.model.entries import Entry, Feed
from aggregator.normalise import MAX_TEXT, content_hash
from aggregator.urls import MAX_URL, fetchable

LONGEST_IDENTITY = 400
MOST_PARTS = 100
ID = re.compile("[a-z2-7]{16}")
HASH = re.compile("[0-9a-f]{64}")
LANGUAGE = re.compile("[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
DANGEROUS_TAGS = frozenset(
    {"script", "style", "form", "input", "button", "object", "embed", "base", "meta", "link"}
)
DANGEROUS_ATTRIBUTES = frozenset({"srcdoc", "formaction", "style"})
RUNS = re.compile(r"[\x00-\x20]*(?:javascript|vbscript|file):", re.IGNORECASE)


class Dangers(HTMLParser):
    """Looks through markup for what could run, or steal what is typed."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at a tag and its attributes."""
        if tag in DANGEROUS_TAGS:
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in DANGEROUS_ATTRIBUTES or RUNS.match(value or ""):
                self.found.append(f"{tag} {name}")


def broken(feed: Feed, entries: tuple[Entry, ...]) -> list[str]:
    """Return a sentence for each law that does not hold of what was normalised."""
    ids = [entry.id for entry in entries]
    return [
        *(["two entries of one document have one id"] if len(set(ids)) < len(ids) else []),
        *(law for law, holds in _of_feed(feed) if not holds),
        *(
            f"{law}: {entry.identity!r}"
            for entry in entries
            for law, holds in _of_entry(entry)
            if not holds
        ),
    ]


def _of_feed(feed: Feed) -> Iterator[tuple[str, bool]]:
    yield "a feed's texts can be stored", all(map(_storable, strings(feed)))
    yield "a feed's title is one line", _one_line(feed.title)
    yield "a feed's link is absolute", feed.link is None or fetchable(feed.link)
    yield "a feed's flaws are one line", feed.problem is None or _one_line(feed.problem)
    yield "a feed's language is a tag", _is_tag(feed.language)


def _of_entry(entry: Entry) -> Iterator[tuple[str, bool]]:
    yield "all texts can be stored", all(map(_storable, strings(entry)))
    yield "its id is that of its identity", entry.id == entry_id(entry.feed, entry.identity)
    yield "its id is sixteen characters of base32", ID.fullmatch(entry.id) is not None
    yield "its identity is short", 0 < len(entry.identity) < LONGEST_IDENTITY
    yield "its hash is that of what it says", entry.content_hash == content_hash(entry)
    yield "its hash is one", HASH.fullmatch(entry.content_hash) is not None
    yield "its title is one line", _one_line(entry.title)
    for text in (entry.title, entry.summary, entry.content):
        yield "its texts are capped", len(text) <= MAX_TEXT
        yield "its texts have no space around them", text == text.strip()
        yield "its texts have no control characters", CONTROL.search(text) is None
    for markup in (entry.summary_html, entry.content_html):
        yield "its markup is harmless", not Dangers(markup).found
    yield "its link is absolute", entry.link is None or _kept(entry.link)
    yield "its link can be compared", (entry.link is None) == (entry.canonical_link is None)
    yield "its image is absolute", entry.image is None or _kept(entry.image)
    yield "its language is a tag", _is_tag(entry.language)
    for dated in (entry.published, entry.updated):
        yield "its dates are in UTC", dated is None or dated.at.utcoffset() == timedelta(0)
    yield "something of its authors is known", all(map(_is_somebody, entry.authors))
    yield "its parts are few", len(entry.authors) <= MOST_PARTS >= len(entry.categories)
    yield "its categories have names", all(one.term for one in entry.categories)
    yield "its files have addresses", all(map(_is_file, entry.enclosures))
    yield "its files are few, each once", _are_few({one.url for one in entry.enclosures}, entry)
    yield "its boilerplate lies in its texts, in order", _is_ordered(entry)
    yield from _of_details(entry.details)


def _of_details(details: Details) -> Iterator[tuple[str, bool]]:
    for place in details.places:
        on_earth = abs(place.latitude) <= 90 and abs(place.longitude) <= 180
        yield "its places are on earth", on_earth
    if episode := details.episode:
        number = episode.number
        yield "its episode has a number", number is None or math.isfinite(number)
        yield "its episode lasts", episode.duration_seconds is None or episode.duration_seconds >= 0
    urls = (details.chapters, details.license, details.external_link, details.banner)
    yield "its further links are absolute", all(url is None or _kept(url) for url in urls)
    yield "its contributors are somebody", all(map(_is_somebody, details.contributors))


def strings(value: object) -> Iterator[str]:
    """Yield every string in a value of ours."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | frozenset):
        for part in value:
            yield from strings(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings(getattr(value, field.name))


def _storable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _one_line(text: str) -> bool:
    return text == " ".join(text.split("\n")) == text.strip() and CONTROL.search(text) is None


def _kept(url: str) -> bool:
    return len(url) <= MAX_URL and _storable(url) and bool(re.match(r"[a-zA-Z][\w+.-]*:", url))


def _is_tag(language: str | None) -> bool:
    return language is None or LANGUAGE.fullmatch(language) is not None


def _is_somebody(person: Person) -> bool:
    return bool(person.name or person.email or person.url)


def _is_file(file: Enclosure) -> bool:
    length = file.length_bytes
    return fetchable(file.url) and (length is None or 0 < length < 2**63)


def _are_few(urls: set[str], entry: Entry) -> bool:
    return len(urls) == len(entry.enclosures) <= MOST_PARTS


def _is_ordered(entry: Entry) -> bool:
    last = ("", 0)
    texts = {"title": entry.title, "summary": entry.summary, "content": entry.content}
    for span in entry.boilerplate:
        here = (span.field, span.start)
        if not 0 <= span.start < span.end <= len(texts[span.field]):
            return False
        if span.field == last[0] and here < last:
            return False
        last = (span.field, span.end)
    return True
