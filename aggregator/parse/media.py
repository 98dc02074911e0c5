"""Media RSS 1.5 in an entry: files, alone or as alternatives in a group, pictures and credits."""

import re
from collections.abc import Iterator
from typing import Literal

from aggregator.model.details import Enclosure, Person
from aggregator.parse.asides import Element
from aggregator.parse.podcasts import seconds

_Medium = Literal["image", "audio", "video", "document", "executable"]
_MEDIA: tuple[_Medium, ...] = ("image", "audio", "video", "document", "executable")
_SMALL_NUMBER = re.compile(r"[0-9]{1,18}")


def files(within: Element) -> Iterator[Enclosure]:
    """Yield the files of an entry's asides; title and player may stand around the file."""
    for one in within.all("media:content"):
        player = next((each.attribute("url") for each in one.all("media:player")), None)
        url = one.attribute("url") or player
        if url is None:
            continue
        title = next((each.text for each in one.all("media:title") if each.text), None)
        yield Enclosure(
            url,
            one.attribute("type"),
            number(one.attribute("filesize")),
            title=title,
            duration_seconds=seconds(one.attribute("duration") or ""),
            medium=next((kind for kind in _MEDIA if kind == one.attribute("medium")), None),
            width=number(one.attribute("width")),
            height=number(one.attribute("height")),
        )
    for one in within.all("media:peerlink"):
        if url := one.attribute("href"):
            yield Enclosure(url, one.attribute("type"))


def license_page(within: Element) -> str | None:
    """Return where the terms stand under which an entry's files may be used."""
    return next((one.attribute("href") for one in within.all("media:license")), None)


def credited(within: Element) -> Iterator[Person]:
    """Yield who is credited, with the role that is told."""
    for one in within.all("media:credit"):
        if one.text:
            yield Person(name=one.text, role=one.attribute("role") or "")


def number(written: str | None) -> int | None:
    """Read a whole number that is not negative."""
    return int(written) if written and _SMALL_NUMBER.fullmatch(written) else None
