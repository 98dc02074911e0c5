"""An entry as an episode: itunes (Apple) and podcast (Podcasting 2.0).

::

    <itunes:duration>1:02:03 | 62:03 | 3723</…>    <itunes:explicit>yes | true | clean …</…>
    <itunes:season>2</…>                           <podcast:season name="Rains">2</…>
    <itunes:episode>7</…>                          <podcast:episode display="7½">7.5</…>
    <podcast:transcript url= type= language= rel="captions"/>  <podcast:chapters url= type=/>
    <podcast:person role="guest" img= href=>Name</…>
"""

import re
from collections.abc import Iterator
from typing import Literal

from aggregator.model.details import Episode, Person, Transcript
from aggregator.parse.asides import Element

_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?")
_CLOCK = re.compile(r"[0-9]{1,9}(?::[0-9]{1,9}){0,2}(?:\.[0-9]{1,9})?")
_EXPLICIT = {
    **dict.fromkeys(("yes", "true", "explicit"), True),
    **dict.fromkeys(("no", "false", "clean"), False),
}
_KINDS: tuple[Literal["full", "trailer", "bonus"], ...] = ("full", "trailer", "bonus")


def episode(within: Element) -> Episode | None:
    """Return what asides say of an episode, None if nothing."""
    season, number = _first(within, "podcast:season"), _first(within, "podcast:episode")
    told = _decimal(number.text if number else _text(within, "itunes:episode"))
    part = _decimal(season.text if season else _text(within, "itunes:season"))
    kind = _text(within, "itunes:episodetype").lower()
    read = Episode(
        season=None if part is None else int(part),
        number=told,
        kind=next((each for each in _KINDS if each == kind), None),
        season_name=(season and season.attribute("name")) or "",
        label=(number and number.attribute("display")) or "",
        duration_seconds=seconds(_text(within, "itunes:duration")),
        explicit=_EXPLICIT.get(_text(within, "itunes:explicit").lower()),
    )
    return None if read == Episode() else read


def transcripts(within: Element) -> Iterator[Transcript]:
    """Yield the transcripts of an entry."""
    for one in within.all("podcast:transcript"):
        if url := one.attribute("url"):
            captions = one.attribute("rel") == "captions"
            yield Transcript(url, one.attribute("type"), one.attribute("language"), captions)


def chapters(within: Element) -> str | None:
    """Return the address of the file of an entry's chapters."""
    return next((one.attribute("url") for one in within.all("podcast:chapters")), None)


def people(within: Element) -> Iterator[Person]:
    """Yield who took part; the namespace calls whoever has no role a host."""
    for one in within.all("podcast:person"):
        if one.text:
            yield Person(
                name=one.text,
                url=one.attribute("href") or "",
                avatar=one.attribute("img") or "",
                role=(one.attribute("role") or "host").lower(),
            )


def seconds(written: str) -> int | None:
    """Read hours, minutes and seconds, or seconds alone; zero says nothing."""
    if not _CLOCK.fullmatch(written.strip()):
        return None
    total = 0
    for part in written.strip().partition(".")[0].split(":"):
        total = total * 60 + int(part)
    return total or None


def _first(within: Element, name: str) -> Element | None:
    return next(within.all(name), None)


def _text(within: Element, name: str) -> str:
    one = _first(within, name)
    return one.text if one else ""


def _decimal(written: str) -> float | None:
    return float(written) if _DECIMAL.fullmatch(written.strip()) else None
