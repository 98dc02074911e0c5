"""People, files and other details as we keep them: tidy names, absolute links, possible numbers."""

from collections.abc import Iterable
from dataclasses import astuple, replace
from typing import TypeVar

from aggregator.html.tree import printable
from aggregator.language import normalise_tag
from aggregator.model.details import Comments, Details, Enclosure, Episode, Origin, Person, Reply
from aggregator.text import single_line
from aggregator.urls import MAX_URL, resolve

_MAX_NAME = 200
_MAX_RIGHTS = 2_000
_MOST_PARTS = 100
_MOST_NUMBER = 2**63
_Part = TypeVar("_Part")


def name(raw: str | None) -> str:
    """Return a short text on one line."""
    return single_line(printable(raw or ""))[:_MAX_NAME].rstrip()


def first_few(parts: Iterable[_Part]) -> tuple[_Part, ...]:
    """Return each once, and no more than can be shown."""
    return tuple(dict.fromkeys(parts))[:_MOST_PARTS]


def people(written: Iterable[Person], base: str | None) -> tuple[Person, ...]:
    """Return people who have a name, a mail address or a page; who is named twice, once."""
    tidied = (
        Person(
            name(one.name),
            name(one.email),
            resolve(base, one.url) or "",
            resolve(base, one.avatar) or "",
            name(one.role),
        )
        for one in written
    )
    found = first_few(one for one in tidied if one.name or one.email or one.url)
    return tuple(one for one in found if not any(_says_more(other, one) for other in found))


def _says_more(other: Person, one: Person) -> bool:
    told = zip(astuple(other), astuple(one), strict=True)
    return other != one and all(less in ("", more) for more, less in told)


def files(written: Iterable[Enclosure], base: str | None) -> tuple[Enclosure, ...]:
    """Return files that have an address, each address once."""
    tidied: dict[str, Enclosure] = {}
    for file in written:
        if url := resolve(base, file.url):
            tidied.setdefault(url, _file(file, url))
    return first_few(tidied.values())


def _file(file: Enclosure, url: str) -> Enclosure:
    return Enclosure(
        url,
        name(file.media_type).lower() or None,
        _possible(file.length_bytes),
        title=name(file.title) or None,
        duration_seconds=_possible(file.duration_seconds),
        medium=file.medium,
        width=_possible(file.width),
        height=_possible(file.height),
    )


def _possible(number: int | None) -> int | None:
    return number if number is not None and 0 < number < _MOST_NUMBER else None


def details(raw: Details, base: str | None) -> Details:
    """Return what an entry says beside its texts; what cannot be used is left out."""
    return Details(
        contributors=people(raw.contributors, base),
        comments=_comments(raw.comments, base) if raw.comments else None,
        in_reply_to=first_few(
            reply
            for one in raw.in_reply_to
            if (reply := Reply(_id(one.guid), _link(base, one.url))) != Reply()
        ),
        origin=_origin(raw.origin, base) if raw.origin else None,
        places=first_few(replace(place, name=name(place.name)) for place in raw.places),
        episode=_episode(raw.episode) if raw.episode else None,
        transcripts=first_few(
            replace(
                one,
                url=url,
                media_type=name(one.media_type) or None,
                language=normalise_tag(one.language),
            )
            for one in raw.transcripts
            if (url := resolve(base, one.url))
        ),
        chapters=_link(base, raw.chapters),
        rights=single_line(printable(raw.rights))[:_MAX_RIGHTS].rstrip(),
        license=_link(base, raw.license),
        external_link=_link(base, raw.external_link),
        banner=_link(base, raw.banner),
    )


def _comments(raw: Comments, base: str | None) -> Comments | None:
    count = raw.count if raw.count is not None and 0 <= raw.count < _MOST_NUMBER else None
    read = Comments(_link(base, raw.url), _link(base, raw.feed_url), count)
    return None if read == Comments() else read


def _origin(raw: Origin, base: str | None) -> Origin | None:
    read = Origin(name(raw.title), _link(base, raw.url), _link(base, raw.link), _id(raw.guid))
    return None if read == Origin() else read


def _episode(raw: Episode) -> Episode:
    return replace(
        raw,
        season_name=name(raw.season_name),
        label=name(raw.label),
        duration_seconds=_possible(raw.duration_seconds),
    )


def _id(guid: str | None) -> str | None:
    return single_line(printable(guid or ""))[:MAX_URL] or None


def _link(base: str | None, link: str | None) -> str | None:
    return resolve(base, link or "")
