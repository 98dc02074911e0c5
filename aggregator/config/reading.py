"""The tree of a YAML file → texts, numbers, durations: what is wrong is noted, reading goes on."""

import re
from collections.abc import Iterable
from datetime import timedelta

from aggregator.config.keys import Keys, unknown_key
from aggregator.config.tree import Mapping, Scalar, Sequence, Value
from aggregator.durations import parse_duration
from aggregator.errors import Problem

_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(?:\.[0-9]{1,3})?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Problems:
    """What was found to be wrong so far; files count in the order in which they are opened."""

    def __init__(self) -> None:
        self._files: dict[str, int] = {}
        self._found: list[Problem] = []

    def open(self, path: str) -> None:
        """Note that a file comes next in order."""
        self._files.setdefault(path, len(self._files))

    def add(self, *problems: Problem) -> None:
        """Note problems."""
        self._found.extend(problems)

    def at(self, value: Value, sentence: str) -> None:
        """Note a problem of a value, on the line where it begins."""
        self.add(value.source.problem(value.start, sentence))

    def in_order(self) -> tuple[Problem, ...]:
        """Return all problems in the order of files and lines."""
        return tuple(sorted(self._found, key=lambda found: (self._files[found.path], found.line)))


class Section:
    """A mapping with checked keys; each reader returns None for what is absent or wrong."""

    def __init__(self, value: Mapping, given: dict[str, Value], problems: Problems) -> None:
        self.value = value
        self._given = given
        self._problems = problems

    def __contains__(self, key: str) -> bool:
        """Tell whether the key was written, with a value or without."""
        return any(written.value == key for written, _ in self.value.entries)

    def get(self, key: str) -> Value | None:
        """Return the value of a key as it stands."""
        return self._given.get(key)

    def wrong(self, key: str, sentence: str) -> None:
        """Note a problem of a key's value; of the whole mapping if it has no such key."""
        self._problems.at(self._given.get(key, self.value), sentence)

    def text(self, key: str) -> str | None:
        """Read a text of one line, its ends stripped."""
        value = self._given.get(key)
        return None if value is None else read_text(value, f"`{key}`", self._problems)

    def block(self, key: str) -> str:
        """Read a text of any number of lines as it is; absent is empty."""
        value = self._given.get(key)
        if isinstance(value, Scalar):
            return value.value.strip()
        return "" if value is None else read_text(value, f"`{key}`", self._problems) or ""

    def prose(self, key: str) -> str:
        """Read a text of any number of lines as one; absent is empty."""
        return " ".join(self.block(key).split())

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of texts, repetitions left out."""
        value = self._given.get(key)
        if value is None:
            return ()
        read = (
            read_text(item, f"each of `{key}`", self._problems)
            for item in items(value, f"`{key}`", self._problems)
        )
        return tuple(dict.fromkeys(text for text in read if text is not None))

    def text_or_texts(self, key: str) -> tuple[str, ...]:
        """Read one text, or a list of them."""
        if isinstance(self._given.get(key), Scalar):
            text = self.text(key)
            return () if text is None else (text,)
        return self.texts(key)

    def flag(self, key: str) -> bool:
        """Read true or false; absent is false."""
        text = self.text(key)
        if text is None or text.lower() in {"true", "false"}:
            return text is not None and text.lower() == "true"
        self.wrong(key, f"`{key}` must be true or false, not {text!r}.")
        return False

    def whole(self, key: str, least: int, most: int) -> int | None:
        """Read a whole number between two bounds, both inclusive."""
        text = self.text(key)
        if text is None:
            return None
        if text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most:
            return int(text)
        self.wrong(key, f"`{key}` must be a whole number from {least} to {most}, not {text!r}.")
        return None

    def number(self, key: str, most: int) -> float | None:
        """Read a number of three decimals at most, not beyond ``most`` on either side of 0."""
        text = self.text(key)
        if text is None:
            return None
        if _NUMBER.fullmatch(text) and abs(float(text)) <= most:
            return float(text)
        self.wrong(key, f"`{key}` must be a number like 3 or -1.5, not {text!r}.")
        return None

    def duration(self, key: str, least: timedelta = timedelta(0)) -> timedelta | None:
        """Read a duration like ``30m``."""
        text = self.text(key)
        if text is None:
            return None
        try:
            duration = parse_duration(text)
        except ValueError as error:
            self.wrong(key, f"`{key}`: {error}")
            return None
        if duration < least:
            self.wrong(key, f"`{key}` must be at least {least.total_seconds():.0f}s, not {text}.")
            return None
        return duration


def section(value: Value, keys: Keys, problems: Problems) -> Section | None:
    """Check the keys of a mapping; None if it is none."""
    if not isinstance(value, Mapping):
        wanted = ", ".join(keys.accepted)
        problems.at(value, f"{_name(keys.of)} is written as `key: value` lines, with: {wanted}.")
        return None
    given: dict[str, Value] = {}
    seen: dict[str, Scalar] = {}
    for key, of_key in value.entries:
        if key.value in seen:
            first = seen[key.value]
            problems.at(
                key,
                f"`{key.value}` is given twice, first in line {first.source.line(first.start)}.",
            )
        elif key.value not in keys.accepted:
            problems.at(key, unknown_key(key.value, keys))
        elif isinstance(of_key, Scalar) and of_key.empty():
            problems.at(key, f"`{key.value}` has no value: give it one, or take the line out.")
        else:
            given[key.value] = of_key
        seen.setdefault(key.value, key)
    return Section(value, given, problems)


def items(value: Value, of: str, problems: Problems) -> Iterable[Value]:
    """Return the items of a list; none, and a problem, if it is no list."""
    if isinstance(value, Sequence):
        return value.items
    hint = f": write [{value.value}]" if isinstance(value, Scalar) and value.value else ""
    problems.at(value, f"{_name(of)} must be a list{hint}.")
    return ()


def named(value: Value, of: str, problems: Problems) -> Iterable[tuple[Scalar, Value]]:
    """Return the entries of a mapping whose keys are names; a problem if it is no mapping."""
    if not isinstance(value, Mapping):
        problems.at(value, f"{_name(of)} must be a mapping: one `name:` a line, its keys below.")
        return ()
    first: dict[str, Scalar] = {}
    for key, _ in value.entries:
        earlier = first.setdefault(key.value.casefold(), key)
        if earlier is not key:
            line = earlier.source.line(earlier.start)
            problems.at(key, f"{key.value!r} is given twice, first in line {line}.")
    return [entry for entry in value.entries if first[entry[0].value.casefold()] is entry[0]]


def read_text(value: Value, of: str, problems: Problems) -> str | None:
    """Read a text of one line, its ends stripped; None, and a problem, if it is none."""
    if not isinstance(value, Scalar):
        kind = "list" if isinstance(value, Sequence) else "mapping"
        problems.at(value, f"{_name(of)} must be a text, not a {kind}.")
        return None
    text = value.value.strip()
    if not text or value.empty():
        problems.at(value, f"{_name(of)} must not be empty.")
        return None
    if _CONTROL.search(text):
        problems.at(value, f"{_name(of)} must be one line, without control characters.")
        return None
    return text


def _name(of: str) -> str:
    return of[:1].upper() + of[1:]
