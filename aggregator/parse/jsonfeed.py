"""JSON Feed 1 and 1.1 (jsonfeed.org) → `RawFeed`, whatever the JSON holds.

A field of the wrong type is ignored and named. Numbers stay as they are written: publishers use
them as ids, and a number of a thousand digits costs nothing.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from aggregator.errors import NotAFeedError, ParserFailedError, ParserLimitError
from aggregator.model.details import Details, Enclosure, Person
from aggregator.model.raw import Category, RawEntry, RawFeed, RawText
from aggregator.parse.linked import json_links

_VERSION = re.compile(
    r"(?:https?://(?:www\.)?jsonfeed\.org/version/)?(1(?:\.[01])?)/?", re.IGNORECASE
)
_FORMATS = {"1": "json10", "1.0": "json10", "1.1": "json11"}
_SECONDS = re.compile(r"([0-9]{1,18})(?:\.[0-9]+)?")
_SMALL_NUMBER = re.compile(r"[0-9]{1,18}")
_MOST_NAMED = 3

Json = dict[str, "Json"] | list["Json"] | str | bool | None


class _Number(str):
    """A number as the document writes it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class _Fields:
    """One object of the document: what is asked for by name, and where it is of another type."""

    values: dict[str, Json]
    place: str
    wrong: dict[str, None]
    """The fields met so far that have the wrong type, in order; one for the whole document."""

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        if isinstance(value, str) and not isinstance(value, _Number):
            return value.strip() or None
        self._refuse(name, value)
        return None

    def label(self, name: str) -> str | None:
        """Return text or a number, as it is written."""
        value = self.values.get(name)
        if isinstance(value, str):
            return value.strip() or None
        self._refuse(name, value)
        return None

    def size(self, name: str) -> int | None:
        value = self.values.get(name)
        if isinstance(value, _Number) and _SMALL_NUMBER.fullmatch(value):
            return int(value)
        self._refuse(name, value)
        return None

    def duration(self, name: str) -> int | None:
        """Return whole seconds; a fraction is cut off."""
        value = self.values.get(name)
        if isinstance(value, _Number) and (found := _SECONDS.fullmatch(value)):
            return int(found[1])
        self._refuse(name, value)
        return None

    def objects(self, name: str) -> Iterator["_Fields"]:
        for place, value in self._list(name):
            if isinstance(value, dict):
                yield _Fields(value, f"{place}.", self.wrong)
            else:
                self.wrong[place] = None

    def texts(self, name: str) -> Iterator[str]:
        for place, value in self._list(name):
            if isinstance(value, str) and not isinstance(value, _Number):
                yield value.strip()
            else:
                self.wrong[place] = None

    def one(self, name: str) -> Iterator["_Fields"]:
        value = self.values.get(name)
        if isinstance(value, dict):
            yield _Fields(value, f"{self.place}{name}.", self.wrong)
        else:
            self._refuse(name, value)

    def _list(self, name: str) -> Iterator[tuple[str, Json]]:
        value = self.values.get(name)
        if isinstance(value, list):
            yield from ((f"{self.place}{name}[{i}]", one) for i, one in enumerate(value))
        else:
            self._refuse(name, value)

    def _refuse(self, name: str, value: Json) -> None:
        if value is not None:
            self.wrong[f"{self.place}{name}"] = None


def read_json_feed(text: str, url: str) -> tuple[RawFeed, tuple[str, ...]]:
    """Read a JSON object as a feed, and clauses on what is wrong with it.

    Raises `NotAFeedError` if it does not say that it is one (the ``version`` is required),
    `ParserFailedError` if it is not JSON, `ParserLimitError` if it is nested too deeply.
    """
    found = _loaded(text, url)
    version = found.get("version")
    known = _VERSION.fullmatch(version.strip()) if isinstance(version, str) else None
    if known is None:
        raise NotAFeedError(
            f"{url} is JSON, but not a JSON Feed:"
            ' it has no "version" like "https://jsonfeed.org/version/1.1".'
        )
    fields = _Fields(found, "", {})
    feed = RawFeed(
        format=_FORMATS[known[1]],
        entries=tuple(_entry(item, url) for item in fields.objects("items") if item.values),
        title=_plain(fields.text("title"), url),
        description=_plain(fields.text("description"), url),
        link=fields.text("home_page_url"),
        language=fields.text("language"),
        base=url,
        authors=_authors(fields),
        image=fields.text("icon"),
        icon=fields.text("favicon"),
        links=json_links(url, fields.text("feed_url"), fields.text("next_url"), _hubs(fields)),
    )
    return feed, _remarks(fields.wrong)


def _hubs(fields: _Fields) -> Iterator[tuple[str, str]]:
    for hub in fields.objects("hubs"):
        yield hub.text("type") or "", hub.text("url") or ""


def _loaded(text: str, url: str) -> dict[str, Json]:
    try:
        found = json.loads(
            text,
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=lambda _: None,  # NaN and Infinity: Python's own, not JSON
            strict=False,  # tabs and line breaks within strings are a small sin
        )
    except RecursionError:
        raise ParserLimitError(f"{url} is JSON that is nested too deeply.") from None
    except json.JSONDecodeError as error:
        raise ParserFailedError(
            f"{url} is not valid JSON: {error.msg} in line {error.lineno:,},"
            f" column {error.colno:,}."
        ) from None
    return found if isinstance(found, dict) else {}


def _entry(item: _Fields, base: str) -> RawEntry:
    link, elsewhere = item.text("url"), item.text("external_url")
    html, plain = item.text("content_html"), item.text("content_text")
    image, banner = item.text("image"), item.text("banner_image")
    return RawEntry(
        guid=item.label("id"),
        link=link or elsewhere,
        title=_plain(item.text("title"), base),
        summary=_plain(item.text("summary"), base),
        content=RawText(html, "html", base) if html else _plain(plain, base),
        published=item.label("date_published"),
        updated=item.label("date_modified"),
        authors=_authors(item),
        categories=tuple(Category(term) for term in item.texts("tags") if term),
        enclosures=_enclosures(item),
        image=image or banner,
        details=Details(external_link=elsewhere if link else None, banner=banner),
        language=item.text("language"),
        base=base,
    )


def _plain(text: str | None, base: str) -> RawText | None:
    return RawText(text, "text", base) if text else None


def _authors(fields: _Fields) -> tuple[Person, ...]:
    """Return the ``authors`` of version 1.1 and the ``author`` of version 1, each once."""
    people = (
        Person(
            name=one.text("name") or "",
            url=one.text("url") or "",
            avatar=one.text("avatar") or "",
        )
        for one in (*fields.objects("authors"), *fields.one("author"))
    )
    return tuple(dict.fromkeys(person for person in people if person != Person()))


def _enclosures(item: _Fields) -> tuple[Enclosure, ...]:
    files = (
        Enclosure(
            one.text("url") or "",
            one.text("mime_type"),
            one.size("size_in_bytes"),
            title=one.text("title"),
            duration_seconds=one.duration("duration_in_seconds"),
        )
        for one in item.objects("attachments")
    )
    return tuple(file for file in files if file.url)


def _remarks(wrong: dict[str, None]) -> tuple[str, ...]:
    if not wrong:
        return ()
    named = ", ".join(list(wrong)[:_MOST_NAMED])
    more = f" and {len(wrong) - _MOST_NAMED:,} more" if len(wrong) > _MOST_NAMED else ""
    return (f"fields of the wrong type were ignored: {named}{more}",)
