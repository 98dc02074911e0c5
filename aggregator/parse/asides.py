"""Elements of other namespaces in an entry, as small trees: feedparser flattens or drops them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

NAMESPACES = {
    "http://purl.org/syndication/thread/1.0": "thr",
    "https://podcastindex.org/namespace/1.0": "podcast",
    "http://podcastindex.org/namespace/1.0": "podcast",
    "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast",
    "http://www.w3.org/2003/01/geo/wgs84_pos": "geo",
    "http://www.opengis.net/gml/3.2": "gml",
    "http://www.google.com/schemas/play-podcasts/1.0": "googleplay",
}
"""Those that feedparser does not know, by the prefixes that are used here."""

_KEPT = frozenset({"geo", "georss", "gml", "itunes", "media", "podcast", "thr"})
ASIDES = "asides found"
"""Under which key feedparser's dictionary keeps them; no element's name has a space."""

_MOST = 500
_MOST_DEEP = 10


@dataclass(frozen=True, slots=True)
class Element:
    """An element, its name like ``media:content``, its attributes' names in small letters."""

    name: str
    attributes: Mapping[str, str]
    text: str = ""
    children: tuple["Element", ...] = ()

    def attribute(self, name: str) -> str | None:
        """Return an attribute without white space around it, None if it is empty."""
        return self.attributes.get(name, "").strip() or None

    def all(self, name: str) -> Iterator["Element"]:
        """Yield the elements of that name within this one, in document order."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.all(name)


@dataclass(slots=True)
class _Open:
    name: str
    attributes: Mapping[str, str]
    pieces: list[str] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)


@dataclass(slots=True)
class Recorder:
    """Takes an entry's elements as they come; what is not closed when it ends is closed then.

    ``heard`` says that there was any text or attribute, whether anybody understands it or not.
    """

    found: list[Element] = field(default_factory=list)
    heard: bool = False
    _open: list[_Open] = field(default_factory=list)
    _taken: int = 0

    def start(self, name: str, attributes: Sequence[tuple[str, str]]) -> None:
        """Take the beginning of an element."""
        wanted = bool(self._open) or name.partition(":")[0] in _KEPT
        if wanted and self._taken < _MOST and len(self._open) < _MOST_DEEP:
            self._taken += 1
            self._open.append(_Open(name, dict(attributes)))

    def text(self, text: str) -> None:
        """Take text that stands in the element that is open."""
        if self._open:
            self._open[-1].pieces.append(text)

    def end(self, name: str) -> None:
        """Take the end of an element, and of all that was left open in it."""
        if any(one.name == name for one in self._open):
            while self._close() != name:
                pass

    def whole(self) -> tuple[Element, ...]:
        """Return what was taken, at the entry's end."""
        while self._open:
            self._close()
        return tuple(self.found)

    def _close(self) -> str:
        one = self._open.pop()
        inside = self._open[-1].children if self._open else self.found
        text = "".join(one.pieces).strip()
        inside.append(Element(one.name, one.attributes, text, tuple(one.children)))
        return one.name
