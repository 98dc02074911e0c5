"""The text of a configuration → the same with one feed otherwise; every other byte stays.

A feed is added, taken out, paused, resumed or given another url. An edit changes characters where
the parsed tree says they stand. The result is then read back: if it does not say what was asked
for, and of everything else what it said before, nothing is changed and the user is told what to
write.
"""

import re
from collections.abc import Callable
from collections.abc import Sequence as Series
from dataclasses import dataclass, replace
from datetime import timedelta

from aggregator.canonical.form import canonical
from aggregator.config.told import (
    File,
    Plain,
    State,
    Told,
    entry_of,
    read_feeds_in,
    state_of,
    text_of,
    told,
)
from aggregator.config.tree import Mapping, Scalar, Sequence
from aggregator.errors import ConfigError, UsageError
from aggregator.model.feeds import Subscription
from aggregator.urls import without_credentials

_PLAIN = re.compile(r"[^\W_](?:[\w /.()&=+%~;'?,-]|:(?=[^\s:])|(?<!\s)#)*(?<!\s)")
"""What YAML surely reads back as it is written, without quotes and outside of brackets."""

_WORDS_OF_YAML = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_UNITS = (("w", 604800), ("d", 86400), ("h", 3600), ("m", 60), ("s", 1))
_DASH = re.compile(r"^[ ]*-(?=\s)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Change:
    """Characters ``start:end`` of the text give way to ``new``."""

    start: int
    end: int
    new: str = ""


def add_feeds(text: str, feeds: Series[Subscription]) -> str:
    """Return the text with feeds added at the end of the list.

    Raises `UsageError` if one is there already, or if the list is written in a way that only a
    person can extend; `ConfigError` if the text is not YAML.
    """
    file = read_feeds_in(text)
    state = state_of(file)
    present = {canonical(feed.url) for feed in state.feeds}
    for feed in feeds:
        if canonical(feed.url) in present:
            address = without_credentials(feed.url)
            raise UsageError(f"{address} is in the list of feeds already.")
        present.add(canonical(feed.url))
    if not feeds:
        return text
    wanted = replace(state, feeds=(*state.feeds, *map(_told_of, feeds)))
    by_hand = "add below `feeds:`\n" + _blocks(feeds, "  ", "\n").rstrip()
    return _applied(file, _additions(file, feeds), wanted, by_hand)


def remove_feed(text: str, url: str) -> str:
    """Return the text without the feed whose ``url`` is written so.

    Raises `UsageError` if there is none, or if only a person can take it out.
    """
    file = read_feeds_in(text)
    index = _find(file, url)
    wanted = _with(file, index)
    return _applied(file, _removal(file, index), wanted, f"take out the lines of {url}.")


def set_paused(text: str, url: str, *, paused: bool) -> str:
    """Return the text with a feed paused or resumed; the same text if it is so already.

    Raises `UsageError` if there is no such feed, or if only a person can edit it.
    """
    file = read_feeds_in(text)
    index = _find(file, url)
    item = file.items[index]
    wanted = _with(file, index, replace(told(item), paused=paused))
    change = _pausing(file, item, paused) if isinstance(item, Mapping) else ()
    by_hand = f"write `paused: {str(paused).lower()}` below {url}."
    return _applied(file, change, wanted, by_hand)


def move_feed(text: str, url: str, to: str) -> str:
    """Return the text with a feed's ``url`` written as ``to``.

    Raises `UsageError` if there is no such feed, if there is another at that address, or if only
    a person can edit it.
    """
    file = read_feeds_in(text)
    index = _find(file, url)
    item = file.items[index]
    others = _with(file, index)
    if to in others:
        raise UsageError(f"{without_credentials(to)} is in the list of feeds already.")
    wanted = _with(file, index, replace(told(item), url=to))
    found = entry_of(item, "url")
    written = _single_quoted(to) if isinstance(item, Mapping) and item.flow else _quoted(to)
    change = (_Change(found[1].start, found[1].end, written),) if found else ()
    return _applied(file, change, wanted, f"write `url: {to}` instead of {url}.")


# --- the feed that is meant, and the proof --------------------------------------------------------


def _told_of(feed: Subscription) -> Told:
    """Return what a file tells of a feed that is written as `_keys` writes it."""
    rest: dict[str, Plain | None] = {
        "name": feed.name,
        "labels": feed.labels,
        "interval": _written(feed.interval) if feed.interval else None,
    }
    return Told(
        feed.url, feed.paused, frozenset((key, value) for key, value in rest.items() if value)
    )


def _with(file: File, index: int, *instead: Told) -> State:
    """Return the state with something else, or nothing, in one feed's place."""
    state = state_of(file)
    return replace(state, feeds=(*state.feeds[:index], *instead, *state.feeds[index + 1 :]))


def _find(file: File, url: str) -> int:
    for index, item in enumerate(file.items):
        if text_of(item, "url") == url:
            return index
    raise UsageError(
        f"{url} is not in the configuration's list of feeds (a file of a directory is taken out"
        " of the directory)."
    )


def _applied(file: File, changes: Series[_Change], wanted: State, by_hand: str) -> str:
    text = file.text
    for change in sorted(changes, key=lambda change: change.start, reverse=True):
        text = text[: change.start] + change.new + text[change.end :]
    try:
        done = state_of(read_feeds_in(text)) == wanted
    except ConfigError:
        done = False
    if not done:
        raise UsageError(
            f"The list of feeds is written in a way that cannot be edited safely: {by_hand}"
        )
    return text


# --- adding ---------------------------------------------------------------------------------------


def _additions(file: File, feeds: Series[Subscription]) -> tuple[_Change, ...]:
    newline = file.newline
    if file.feeds is None:
        new = f"feeds:{newline}{_blocks(feeds, '  ', newline)}"
        return (_lines(file, len(file.text), new),)
    key, value = file.feeds
    if isinstance(value, Sequence) and value.items:
        if value.flow:
            added = "".join(f", {_in_brackets(feed)}" for feed in feeds)
            return (_Change(value.items[-1].end, value.items[-1].end, added),)
        indent = file.text[_line_start(file.text, value.start) : value.start]
        return (_lines(file, value.end, _blocks(feeds, indent, newline)),)
    nothing = value.empty() if isinstance(value, Scalar) else isinstance(value, Sequence)
    if not nothing or "#" in file.text[value.start : value.end]:
        return ()
    # `feeds:`, `feeds: ~` and `feeds: []` make way for a list in lines below the key.
    colon = file.text.index(":", key.end) + 1
    end = value.end if value.end > value.start else colon
    indent = " " * (key.start - _line_start(file.text, key.start)) + "  "
    return (_Change(colon, end), _lines(file, end, _blocks(feeds, indent, newline)))


def _lines(file: File, after: int, lines: str) -> _Change:
    """Insert whole lines below the line on which a value ends."""
    at = _line_after(file.text, after)
    if at > 0 and file.text[at - 1] != "\n":
        lines = file.newline + lines.removesuffix(file.newline)
    return _Change(at, at, lines)


def _blocks(feeds: Series[Subscription], indent: str, newline: str) -> str:
    return "".join(
        f"{indent}{'  ' if number else '- '}{line}{newline}"
        for feed in feeds
        for number, line in enumerate(_keys(feed, _quoted))
    )


def _in_brackets(feed: Subscription) -> str:
    return "{" + ", ".join(_keys(feed, _single_quoted)) + "}"


def _keys(feed: Subscription, quoted: Callable[[str], str]) -> tuple[str, ...]:
    labels = ", ".join(
        _single_quoted(label) if "," in label else quoted(label) for label in feed.labels
    )
    return (
        f"url: {quoted(feed.url)}",
        *((f"name: {quoted(feed.name)}",) if feed.name else ()),
        *((f"labels: [{labels}]",) if labels else ()),
        *((f"interval: {_written(feed.interval)}",) if feed.interval else ()),
        *(("paused: true",) if feed.paused else ()),
    )


def _quoted(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS_OF_YAML
    return text if plain else _single_quoted(text)


def _single_quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _written(duration: timedelta) -> str:
    seconds = int(duration.total_seconds())
    return next(f"{seconds // size}{unit}" for unit, size in _UNITS if seconds % size == 0)


# --- taking out -----------------------------------------------------------------------------------


def _removal(file: File, index: int) -> tuple[_Change, ...]:
    key, feeds = file.feeds or (None, None)
    if key is None or not isinstance(feeds, Sequence):
        return ()
    if feeds.flow:
        return (_removal_in_brackets(feeds, index),)
    previous = _line_after(file.text, feeds.items[index - 1].end) if index else key.end
    dash = _DASH.search(file.text, previous)
    if dash is None:
        return ()
    removal = _without_lines(
        file.text, dash.start(), _line_after(file.text, feeds.items[index].end)
    )
    if len(feeds.items) > 1:
        return (removal,)
    colon = file.text.index(":", key.end) + 1
    return (removal, _Change(colon, colon, " []"))


def _removal_in_brackets(feeds: Sequence, index: int) -> _Change:
    item = feeds.items[index]
    if index + 1 < len(feeds.items):
        return _Change(item.start, feeds.items[index + 1].start)
    return _Change(feeds.items[index - 1].end if index else item.start, item.end)


def _without_lines(text: str, start: int, end: int) -> _Change:
    """Take out whole lines; if the last has no line end, the one before gives up its own."""
    if end == len(text) and text[end - 1] != "\n" and start > 0:
        start -= 2 if text[start - 2 : start] == "\r\n" else 1
    return _Change(start, end)


# --- pausing --------------------------------------------------------------------------------------


def _pausing(file: File, item: Mapping, paused: bool) -> tuple[_Change, ...]:
    entry, url = entry_of(item, "paused"), entry_of(item, "url")
    if entry is None and paused and url is not None:
        if item.flow:
            return (_Change(url[1].end, url[1].end, ", paused: true"),)
        column = item.start - _line_start(file.text, item.start)
        return (_lines(file, url[1].end, f"{' ' * column}paused: true{file.newline}"),)
    if entry is None or (text_of(item, "paused").lower() == "true") == paused:
        return ()
    key, value = entry
    start, end = _line_start(file.text, key.start), _line_after(file.text, value.end)
    if not paused and file.text[start:end].strip() == "paused: true":
        return (_without_lines(file.text, start, end),)
    return (_Change(value.start, value.end, str(paused).lower()),)


def _line_start(text: str, offset: int) -> int:
    return text.rfind("\n", 0, offset) + 1


def _line_after(text: str, offset: int) -> int:
    """Return where the next line begins after a value that ends at ``offset``."""
    if offset > 0 and text[offset - 1] == "\n":
        return offset
    newline = text.find("\n", offset)
    return len(text) if newline < 0 else newline + 1
