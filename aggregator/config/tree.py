"""YAML text → a plain tree whose every value knows where it stands.

Types are not guessed: every scalar is text, and whoever reads it decides what it must be, so
that ``lang: no`` is Norwegian and ``name: 2024-05-01`` a name. Anchors, aliases, tags and
second documents are refused (they have no use here, and a few lines of them can fill a
machine's memory), and so are values nested more than twenty deep.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import yaml

from aggregator.config.sayings import QUOTE_IT, translate
from aggregator.config.source import Source
from aggregator.errors import ConfigError

MAX_CHARACTERS = 20_000_000
"""A larger file is refused: ten thousand feeds with their rules take a tenth of this."""

MAX_DEPTH = 20

Style = Literal["plain", "single", "double", "literal", "folded"]

_STYLES: dict[str, Style] = {
    "": "plain",
    "'": "single",
    '"': "double",
    "|": "literal",
    ">": "folded",
}


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text. ``start:end`` is what stands in the source, quotes and header included."""

    source: Source = field(repr=False)
    start: int
    end: int
    value: str
    style: Style

    def empty(self) -> bool:
        """Return whether nothing was given: ``key:``, ``key: ~`` or ``key: null``."""
        return self.style == "plain" and self.value in {"", "~", "null", "Null", "NULL"}


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list. ``end`` is behind the last character that belongs to it; ``flow`` means ``[…]``."""

    source: Source = field(repr=False)
    start: int
    end: int
    items: tuple["Value", ...]
    flow: bool


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their values, in order, repeated keys included; ``flow`` means ``{…}``."""

    source: Source = field(repr=False)
    start: int
    end: int
    entries: tuple[tuple[Scalar, "Value"], ...]
    flow: bool


Value = Scalar | Sequence | Mapping


def read_yaml(source: Source) -> Value | None:
    """Read the one document of a file; None if it holds nothing but comments.

    Raises `ConfigError` with the one problem that keeps it from being read.
    """
    if len(source.text) > MAX_CHARACTERS:
        raise _refusal(source, 0, "The file is too large: 20 million characters at most.")
    try:
        return _document(source, yaml.parse(source.text, Loader=yaml.CSafeLoader))
    except yaml.YAMLError as error:
        raise ConfigError((translate(source, error),)) from error


def _document(source: Source, events: Iterator[yaml.Event]) -> Value | None:
    tree: Value | None = None
    documents = 0
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _refusal(
                    source,
                    _at(event),
                    "A second document begins here: join the two, without `---`.",
                )
        elif not isinstance(
            event, yaml.StreamStartEvent | yaml.StreamEndEvent | yaml.DocumentEndEvent
        ):
            tree = _value(source, event, events, 1)
    return tree


def _value(source: Source, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Value:
    _refuse_the_needless(source, event)
    if depth > MAX_DEPTH:
        raise _refusal(source, _at(event), f"Values are nested more than {MAX_DEPTH} deep here.")
    if isinstance(event, yaml.SequenceStartEvent):
        return _sequence(source, event, events, depth)
    if isinstance(event, yaml.MappingStartEvent):
        return _mapping(source, event, events, depth)
    if not isinstance(event, yaml.ScalarEvent):  # an alias, which has been refused
        raise TypeError(event)
    return Scalar(source, _at(event), _end(event), event.value, _STYLES[event.style or ""])


def _sequence(
    source: Source, start: yaml.SequenceStartEvent, events: Iterator[yaml.Event], depth: int
) -> Sequence:
    items = []
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            break
        items.append(_value(source, event, events, depth + 1))
    flow = bool(start.flow_style)
    end = _end(event) if flow or not items else items[-1].end
    return Sequence(source, _at(start), end, tuple(items), flow)


def _mapping(
    source: Source, start: yaml.MappingStartEvent, events: Iterator[yaml.Event], depth: int
) -> Mapping:
    entries = []
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            break
        key = _value(source, event, events, depth + 1)
        if not isinstance(key, Scalar):
            raise _refusal(source, key.start, "A key must be a word, not a list or a mapping.")
        entries.append((key, _value(source, next(events), events, depth + 1)))
    flow = bool(start.flow_style)
    end = _end(event) if flow or not entries else _end_of_entry(*entries[-1])
    return Mapping(source, _at(start), end, tuple(entries), flow)


def _end_of_entry(key: Scalar, value: Value) -> int:
    if not isinstance(value, Scalar) or value.start < value.end:
        return value.end
    # A value left out is marked where the next token stands, with comments in between.
    return max(key.end, key.source.text.find(":", key.end, value.start) + 1)


def _refuse_the_needless(source: Source, event: yaml.Event) -> None:
    at = _at(event)
    if isinstance(event, yaml.AliasEvent):
        sentence = f"`*{event.anchor}` is a YAML alias, and aliases are not used here."
    elif isinstance(event, yaml.NodeEvent) and event.anchor is not None:
        sentence = f"`&{event.anchor}` is a YAML anchor, and anchors are not used here."
    elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag is not None:
        sentence = "A value that begins with `!` is a YAML tag, and tags are not used here."
    else:
        return
    raise _refusal(source, at, f"{sentence} {QUOTE_IT}")


def _at(event: yaml.Event) -> int:
    return event.start_mark.index if event.start_mark else 0


def _end(event: yaml.Event) -> int:
    return event.end_mark.index if event.end_mark else 0


def _refusal(source: Source, offset: int, sentence: str) -> ConfigError:
    return ConfigError((source.problem(offset, sentence),))
