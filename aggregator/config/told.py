"""What a configuration's text tells of its list of feeds, and where each of it stands."""

from dataclasses import dataclass
from typing import assert_never

from aggregator.canonical.form import canonical
from aggregator.config.source import Source
from aggregator.config.tree import Mapping, Scalar, Sequence, Value, read_yaml
from aggregator.errors import ConfigError


@dataclass(frozen=True, slots=True)
class File:
    """The text with what was found in it; ``feeds`` is the entry of that key."""

    text: str
    top: Mapping | None
    feeds: tuple[Scalar, Value] | None

    @property
    def items(self) -> tuple[Value, ...]:
        """The list's items, whatever they are."""
        return self.feeds[1].items if self.feeds and isinstance(self.feeds[1], Sequence) else ()

    @property
    def newline(self) -> str:
        """The file's way to end a line."""
        return "\r\n" if "\r\n" in self.text else "\n"


Plain = str | tuple["Plain", ...]
"""A value of the file without its place and style; a mapping is a tuple of pairs."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the file tells of one feed; ``rest`` are its other keys."""

    url: str
    paused: bool
    rest: frozenset[tuple[str, Plain]]


@dataclass(frozen=True, slots=True)
class State:
    """What an edit is judged by: each feed, and everything beside the list."""

    feeds: tuple[Told, ...]
    others: tuple[tuple[str, Plain], ...]

    def __contains__(self, url: str) -> bool:
        return any(canonical(feed.url) == canonical(url) for feed in self.feeds)


def read_feeds_in(text: str) -> File:
    """Parse a file. Raises `ConfigError` if it is not YAML, or no mapping."""
    source = Source("feeds.yaml", text)
    top = read_yaml(source)
    if top is None:
        return File(text, None, None)
    if isinstance(top, Mapping):
        return File(text, top, entry_of(top, "feeds"))
    raise ConfigError(
        (source.problem(top.start, "The file must begin with a key, like `feeds:`."),)
    )


def entry_of(item: Value, name: str) -> tuple[Scalar, Value] | None:
    """Return a mapping's first key of that name, with its value."""
    entries = item.entries if isinstance(item, Mapping) else ()
    return next((entry for entry in entries if entry[0].value == name), None)


def text_of(item: Value, name: str) -> str:
    """Return the text of a mapping's key; nothing where it has none."""
    found = entry_of(item, name)
    return found[1].value.strip() if found and isinstance(found[1], Scalar) else ""


def state_of(file: File) -> State:
    """Return all that a file tells."""
    entries = file.top.entries if file.top else ()
    others = tuple((key.value, _plain(value)) for key, value in entries if key.value != "feeds")
    return State(tuple(map(told, file.items)), others)


def told(item: Value) -> Told:
    """Return what is told of one feed."""
    entries = item.entries if isinstance(item, Mapping) else ()
    return Told(
        text_of(item, "url"),
        text_of(item, "paused").lower() == "true",
        frozenset(
            (key.value, _plain(value))
            for key, value in entries
            if key.value not in ("url", "paused")
        ),
    )


def _plain(value: Value) -> Plain:
    match value:
        case Scalar():
            return value.value
        case Sequence():
            return tuple(map(_plain, value.items))
        case Mapping():
            return tuple((key.value, _plain(each)) for key, each in value.entries)
        case _:
            assert_never(value)
