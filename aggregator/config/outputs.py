"""The ``outputs:`` list → `OutputSettings`."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from aggregator.config.addresses import AddressError, WebAddress, locate
from aggregator.config.keys import OUTPUT
from aggregator.config.queries import Asked, read_query, refuse_unknown_tags
from aggregator.config.reading import Problems, Section, items, section
from aggregator.config.settings import DEFAULT_LIMIT, OutputFormat, OutputSettings
from aggregator.config.tree import Value
from aggregator.config.webhooks import read_webhooks
from aggregator.query.nodes import Node
from aggregator.query.syntax import parse


@dataclass(frozen=True, slots=True)
class Names:
    """What queries may name: all tags, and the lists with what they stand for."""

    tags: tuple[str, ...]
    lists: Mapping[str, Node]


MAX_LIMIT = 10_000
_ARCHIVE = (
    "An `archive` needs the `url` of the output, with the same ending as its `path`: its files lie"
    " in a directory beside it, and each must tell where the others are."
)
_FORMATS: dict[str, OutputFormat] = {name: name for name in get_args(OutputFormat)}


def read_outputs(
    value: Value, base: Path, names: Names, problems: Problems
) -> tuple[OutputSettings, ...]:
    """Read the list; ``base`` is the absolute directory of paths."""
    called: dict[str, Value] = {}
    paths: dict[Path, Value] = {}
    outputs = []
    for item in items(value, "`outputs`", problems):
        keys = section(item, OUTPUT, problems)
        output = None if keys is None else _output(keys, base, names, problems)
        if output is None:
            continue
        _once(f"The output {output.name!r}", called.setdefault(output.name, item), item, problems)
        _once(f"{output.path.name}", paths.setdefault(output.path, item), item, problems)
        outputs.append(output)
    return tuple(outputs)


def _once(what: str, first: Value, this: Value, problems: Problems) -> None:
    if first is not this:
        line = first.source.line(first.start)
        problems.at(this, f"{what} is written by two outputs, the first in line {line}.")


def _output(keys: Section, base: Path, names: Names, problems: Problems) -> OutputSettings | None:
    written, title, name = keys.text("path"), keys.text("title"), keys.text("name")
    asked = _query(keys, names, problems)
    url, limit, form = _web("url", keys), keys.whole("limit", 1, MAX_LIMIT), _format(keys, written)
    evidence, hub = keys.flag("evidence"), _hub(keys)
    archive, tombstones = keys.flag("archive"), keys.flag("tombstones")
    if written is None:
        if "path" not in keys:
            keys.wrong("path", "An output needs a `path`, like public/sahel.atom.")
        return None
    path = Path(os.path.normpath(base / written))
    if os.path.isdir(path):
        keys.wrong("path", f"{written} is a directory: name the file to write in it.")
    if form is None:
        return None
    if archive and not (path.suffix and url and url.endswith(path.suffix)):
        keys.wrong("archive", _ARCHIVE)
    if tombstones and form != "atom":
        keys.wrong("tombstones", "`tombstones` are a part of Atom alone: take them out.")
    return OutputSettings(
        name=name or path.stem,
        path=path,
        format=form,
        title=title or name or path.stem,
        query=None if asked is None else asked.node,
        url=url,
        limit=limit or DEFAULT_LIMIT,
        evidence=evidence,
        hub=hub,
        archive=archive,
        tombstones=tombstones,
        public=keys.flag("public"),
        webhooks=read_webhooks(keys.get("webhooks"), problems),
    )


def _query(keys: Section, names: Names, problems: Problems) -> Asked | None:
    def parse_output(text: str) -> Node:
        return parse(text, names.lists)

    value = keys.get("query")
    asked = None if value is None else read_query(value, parse_output, problems)
    if asked is not None:
        refuse_unknown_tags(asked, names.tags, problems)
    return asked


def _format(keys: Section, path: str | None) -> OutputFormat | None:
    """Read the format, or tell it by the path's suffix; a problem if neither says it."""
    asked = keys.text("format")
    if asked is not None:
        if asked not in _FORMATS:
            keys.wrong("format", f"`format` must be atom, rss or json, not {asked!r}.")
        return _FORMATS.get(asked)
    if path is None or "format" in keys:
        return None
    by_suffix = _FORMATS.get(Path(path).suffix.lower().removeprefix("."))
    if by_suffix is None:
        keys.wrong("path", f"{path} does not end in .atom, .rss or .json: add a `format`.")
    return by_suffix


def _hub(keys: Section) -> str | None:
    """Read where readers can ask to be told of changes: a hub knows a feed by its address."""
    if "hub" in keys and "url" not in keys:
        keys.wrong("hub", "A `hub` needs the `url` of the output, which it knows it by.")
    return _web("hub", keys)


def _web(key: str, keys: Section) -> str | None:
    url = keys.text(key)
    if url is None:
        return None
    try:
        located = locate(url, Path("/"))
    except AddressError as error:
        keys.wrong(key, str(error))
        return None
    if isinstance(located, WebAddress):
        return located.url
    of = "the output" if key == "url" else "the hub"
    keys.wrong(key, f"{url!r} is not a web address: write where readers will find {of}.")
    return None
