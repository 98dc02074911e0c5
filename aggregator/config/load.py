"""``feeds.yaml`` and the files it includes → a `Config`, or every problem at once."""

import glob
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from aggregator.config.feeds import Feeds, read_feeds
from aggregator.config.keys import INCLUDED, TOP, Keys
from aggregator.config.lists import TermList, nodes_of, read_lists
from aggregator.config.outputs import Names, read_outputs
from aggregator.config.poll import read_poll
from aggregator.config.publish import read_publish
from aggregator.config.queries import Asked
from aggregator.config.reading import Problems, Section, items, read_text, section
from aggregator.config.serve import read_serve
from aggregator.config.settings import (
    Config,
    OutputSettings,
    PollSettings,
    PublishSettings,
    ServeSettings,
)
from aggregator.config.source import decode
from aggregator.config.tags import read_rules, tag_names
from aggregator.config.tree import Value, read_yaml
from aggregator.errors import ConfigError, Problem

DEFAULT_DATABASE = "aggregator.db"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration, and how its rules (by name) and lists are written, each with its place.

    ``files`` are the paths that it was read from, as people are told them, in order.
    """

    config: Config
    files: tuple[str, ...]
    asked: Mapping[str, tuple[Asked, ...]]
    lists: tuple[TermList, ...]


def load(path: Path) -> Config:
    """Read a configuration; paths in it are relative to its directory.

    Raises `ConfigError` with every problem of every file, in the order of files and lines.
    """
    return load_written(path).config


def load_written(path: Path) -> Loaded:
    """Read a configuration like `load`, with what is to be told of how it is written."""
    problems = Problems()
    here = Path(os.path.abspath(path))
    top = _open(path, TOP, problems)
    if top is None:
        raise ConfigError(problems.in_order())
    patterns = _patterns(top, problems)
    included = tuple(_included(patterns, path, problems))
    parts = (top, *(_open(found, INCLUDED, problems) for found in included))
    sections = _sections("tags", parts)
    lists = read_lists(_sections("terms", parts), problems)
    names = Names(tag_names(sections), nodes_of(lists))
    feeds = _feeds(top, here.parent, problems)
    rules = read_rules(sections, lists, feeds.subscriptions, problems)
    poll = _poll(top, here.parent, problems)
    config = Config(
        path=here,
        database=_database(top, here.parent),
        poll=poll,
        subscriptions=feeds.subscriptions,
        rules=rules.rules,
        outputs=_outputs(top, here.parent, names, problems),
        publish=_publish(top, here.parent, problems),
        serve=_serve(top, poll, problems),
        lists=names.lists,
        watched=(here, *_watched(here.parent, patterns, included), *feeds.directories),
    )
    _refuse_overwriting(top, config, problems)
    if found := problems.in_order():
        raise ConfigError(found)
    return Loaded(config, (str(path), *map(str, included)), rules.asked, lists)


def _open(path: Path, keys: Keys, problems: Problems) -> Section | None:
    """Read a file's keys; None, and its problem, where that is impossible."""
    name = str(path)
    problems.open(name)
    try:
        tree = read_yaml(decode(name, path.read_bytes()))
    except OSError as error:
        problems.add(Problem(name, 1, _unreadable(path, error)))
        return None
    except ConfigError as error:
        problems.add(*error.problems)
        return None
    if tree is None:
        problems.add(Problem(name, 1, f"The file is empty: {_HOW_TO_BEGIN}"))
        return None
    return section(tree, keys, problems)


_HOW_TO_BEGIN = "write one with `aggregator init`."


def _unreadable(path: Path, error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return f"{path} does not exist: {_HOW_TO_BEGIN}"
        case IsADirectoryError():
            return f"{path} is a directory: name the file in it, like {path / 'feeds.yaml'}."
        case _:
            return f"{path} cannot be read: {error.strerror or error}."


# --- included files ---------------------------------------------------------------------------


def _patterns(top: Section, problems: Problems) -> tuple[tuple[str, Value], ...]:
    value = top.get("include")
    if value is None:
        return ()
    read = (
        (read_text(item, "each of `include`", problems), item)
        for item in items(value, "`include`", problems)
    )
    return tuple((pattern, item) for pattern, item in read if pattern is not None)


def _included(
    patterns: Iterable[tuple[str, Value]], path: Path, problems: Problems
) -> Iterator[Path]:
    """Yield each file once, as a path from the working directory, sorted for each pattern."""
    seen = {os.path.abspath(path)}
    for pattern, item in patterns:
        found = sorted(glob.glob(pattern, root_dir=path.parent, recursive=True))
        if not found:
            problems.at(item, f"{pattern!r} names no file.")
        for name in found:
            file = path.parent / name
            if os.path.abspath(file) not in seen:
                seen.add(os.path.abspath(file))
                yield file


def _sections(key: str, parts: Iterable[Section | None]) -> tuple[Value, ...]:
    given = (None if part is None else part.get(key) for part in parts)
    return tuple(value for value in given if value is not None)


def _watched(
    base: Path, patterns: Iterable[tuple[str, Value]], included: Iterable[Path]
) -> Iterator[Path]:
    """Yield the included files, and the directories in which another may come to match."""
    for path in included:
        yield Path(os.path.abspath(path))
    for pattern, _ in patterns:
        if glob.has_magic(pattern):
            fixed = pattern
            while glob.has_magic(fixed):
                fixed = os.path.dirname(fixed)
            yield Path(os.path.normpath(base / fixed))


# --- sections ---------------------------------------------------------------------------------


def _feeds(top: Section, base: Path, problems: Problems) -> Feeds:
    value = top.get("feeds")
    return Feeds() if value is None else read_feeds(value, base, problems)


def _poll(top: Section, base: Path, problems: Problems) -> PollSettings:
    value = top.get("poll")
    return PollSettings() if value is None else read_poll(value, base, problems)


def _serve(top: Section, poll: PollSettings, problems: Problems) -> ServeSettings | None:
    value = top.get("serve")
    return None if value is None else read_serve(value, poll.allow_addresses, problems)


def _outputs(
    top: Section, base: Path, names: Names, problems: Problems
) -> tuple[OutputSettings, ...]:
    value = top.get("outputs")
    return () if value is None else read_outputs(value, base, names, problems)


def _database(top: Section, base: Path) -> Path:
    database = Path(os.path.normpath(base / (top.text("database") or DEFAULT_DATABASE)))
    if os.path.isdir(database):
        top.wrong("database", f"{database} is a directory: name the file in it.")
    return database


def _refuse_overwriting(top: Section, config: Config, problems: Problems) -> None:
    """Note what would be written over what the program reads, or over something written."""
    taken = {config.path, config.database, *config.watched}
    if value := top.get("outputs"):
        for output in config.outputs:
            if output.path in taken:
                name = output.path.name
                problems.at(value, f"The output {output.name!r} would overwrite {name}.")
    taken |= {output.path for output in config.outputs}
    if value := top.get("publish"):
        beside = config.publish
        for path in filter(None, (beside.index, beside.subscriptions, beside.outputs)):
            if path in taken:
                problems.at(value, f"What `publish` names would overwrite {path.name}.")
            taken.add(path)


def _publish(top: Section, base: Path, problems: Problems) -> PublishSettings:
    value = top.get("publish")
    return PublishSettings() if value is None else read_publish(value, base, problems)
