"""YAML text → a plain tree whose every value knows where it stands; only here is YAML known.

Types are not guessed: every scalar is text, and whoever reads it decides what it must be, so
that ``lang: no`` is Norwegian and ``name: 2024-05-01`` a name. Anchors, aliases, tags and
second documents are refused (they have no use here, and a few lines of them can fill a
machine's memory), and so are values nested more than twenty deep.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal

import yaml

from aggregator.errors import ConfigError, Problem, QueryError

MAX_CHARACTERS = 20_000_000
"""A larger file is refused: ten thousand feeds with their rules take a tenth of this."""

MAX_DEPTH = 20
MAX_EXCERPT = 96
"""A longer line is shown in part, around the characters to blame."""

Style = Literal["plain", "single", "double", "literal", "folded"]

_STYLES: dict[str, Style] = {
    "": "plain",
    "'": "single",
    '"': "double",
    "|": "literal",
    ">": "folded",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A file's text, and its path as people are told it."""

    path: str
    text: str = field(repr=False)
    _newlines: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        newlines = tuple(found.start() for found in re.finditer("\n", self.text))
        object.__setattr__(self, "_newlines", newlines)

    def line(self, offset: int) -> int:
        """Return the line (from 1) of a character."""
        return bisect_left(self._newlines, offset) + 1

    def problem(self, offset: int, sentence: str) -> Problem:
        """Return the problem of the line on which a character stands."""
        return Problem(self.path, self.line(offset), sentence)

    def pointed(self, start: int, end: int, sentence: str) -> Problem:
        """Return the problem of some characters, its excerpt their line with carets below."""
        return Problem(self.path, self.line(start), sentence, self._excerpt(start, end))

    def _excerpt(self, start: int, end: int) -> str:
        line_start = self.text.rfind("\n", 0, start) + 1
        line_end = self.text.find("\n", start)
        line_end = len(self.text) if line_end < 0 else line_end
        shown_from, shown_to, before, after = line_start, line_end, "", ""
        if line_end - start > MAX_EXCERPT // 2 and line_end - line_start > MAX_EXCERPT:
            shown_to, after = start + MAX_EXCERPT // 2, "…"
        if start - line_start > MAX_EXCERPT // 2 and line_end - line_start > MAX_EXCERPT:
            shown_from, before = start - MAX_EXCERPT // 2, "…"
        shown = f"{before}{self.text[shown_from:shown_to].rstrip()}{after}"
        at = start - shown_from + len(before)
        until = max(at, min(end - shown_from + len(before), len(shown)))
        return QueryError(shown.replace("\t", " "), at, until, "").caret()


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


def decode(path: str, body: bytes) -> Source:
    """Read a file's bytes as UTF-8, with or without a byte order mark.

    Raises `ConfigError` where they are something else.
    """
    try:
        return Source(path, body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        sentence = "The file is not UTF-8 here: save it with the encoding UTF-8."
        raise ConfigError((Problem(path, line, sentence),)) from None


def read_yaml(source: Source) -> Value | None:
    """Read the one document of a file; None if it holds nothing but comments.

    Raises `ConfigError` with the one problem that keeps it from being read.
    """
    if len(source.text) > MAX_CHARACTERS:
        raise _refusal(source, 0, "The file is too large: 20 million characters at most.")
    try:
        return _document(source, yaml.parse(source.text, Loader=yaml.CSafeLoader))
    except yaml.YAMLError as error:
        raise ConfigError((_translate(source, error),)) from error


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
    raise _refusal(source, at, f"{sentence} {_QUOTE_IT}")


_QUOTE_IT = (
    "If it is text, put it in single quotes; if it is a query, in a block: `query: |`"
    " with the query indented on the next lines."
)


def _at(event: yaml.Event) -> int:
    return event.start_mark.index if event.start_mark else 0


def _end(event: yaml.Event) -> int:
    return event.end_mark.index if event.end_mark else 0


def _refusal(source: Source, offset: int, sentence: str) -> ConfigError:
    return ConfigError((source.problem(offset, sentence),))


# --- what the library says, in our words ----------------------------------------------------------

_SAYINGS: tuple[tuple[str, str], ...] = (
    ("tab character", "A tab is used to indent: YAML wants spaces."),
    ("cannot start any token", "A value cannot begin with this character."),
    (
        "mapping values are not allowed",
        "A `key: value` does not fit here: look at the indentation,"
        " and put a text that contains `: ` in quotes.",
    ),
    ("did not find expected ',' or ']'", "A list that begins with `[` is not closed by `]`."),
    ("did not find expected ',' or '}'", "A mapping that begins with `{` is not closed by `}`."),
    (
        "did not find expected '-' indicator",
        "A list goes on here without `- `: look at the indentation.",
    ),
    ("did not find expected key", "A key is expected here: look at the indentation."),
    (
        "could not find expected ':'",
        "A key without `:` stands here, or the line is indented too little.",
    ),
    (
        "unknown escape character",
        "In double quotes `\\` begins an escape that YAML knows:"
        " use single quotes to write it as it is.",
    ),
    ("unexpected end of stream", "A quoted text is not closed."),
    ("document indicator", "A quoted text is not closed."),
    (
        "expected <document start>",
        "This line stands further left than the first one: look at the indentation.",
    ),
    ("expected node content", "A value is expected here."),
    ("expected comment or line break", "After `|` or `>` the text begins on the next line."),
    (
        "expected alphabetic or numeric",
        "A value that begins with `*` or `&` is a YAML alias or anchor.",
    ),
)
"""What libyaml says (a part of it) and what we say; anything else is passed on in its words."""

_SPECIAL = "\"'*&!%[]{}@`"


def _translate(source: Source, error: yaml.YAMLError) -> Problem:
    if isinstance(error, yaml.MarkedYAMLError):
        return _marked(source, error)
    if isinstance(error, yaml.reader.ReaderError):
        character = error.character
        code = character if isinstance(character, int) else ord(str(character)[:1])
        at = source.text.find(chr(code))
        return source.problem(
            max(0, at), f"The character U+{code:04X} is not allowed in YAML: take it out."
        )
    return source.problem(0, f"The file cannot be read as YAML: {error}.")


def _marked(source: Source, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    # What is not closed is told where it was opened: the end of the file helps nobody.
    context = error.context or ""
    unclosed = any(part in context for part in ("quoted scalar", "flow", "simple key"))
    if unclosed and error.context_mark is not None and "escape" not in (error.problem or ""):
        mark = error.context_mark
    at = int(mark.index) if mark is not None else 0
    said = error.problem or "the YAML is broken"
    if source.text.startswith("\t", at):
        said = "tab character"
    told = next((ours for theirs, ours in _SAYINGS if theirs in said), f"YAML: {said}.")
    hint = _special_value(source, at)
    return source.pointed(at, at + 1, f"{told} {hint}".rstrip())


def _special_value(source: Source, offset: int) -> str:
    """Return a hint if the value on this line, or the one above, begins in a special way."""
    lines = source.text[: source.text.find("\n", offset) % (len(source.text) + 1)].splitlines()
    for line in chain(lines[-1:], lines[-2:-1]):
        _, colon, value = line.partition(": ")
        value = value.lstrip() if colon else line.strip().removeprefix("- ").lstrip()
        if value[:1] and value[0] in _SPECIAL:
            return f"A value that begins with `{value[0]}` is special in YAML. {_QUOTE_IT}"
    return ""
