"""The ``publish:`` section → `PublishSettings`."""

import os
from pathlib import Path

from aggregator.config.keys import PUBLISH
from aggregator.config.reading import Problems, Section, section
from aggregator.config.settings import PublishSettings
from aggregator.config.tree import Value


def read_publish(value: Value, base: Path, problems: Problems) -> PublishSettings:
    """Read the section; ``base`` is the absolute directory of paths."""
    built_in = PublishSettings()
    keys = section(value, PUBLISH, problems)
    if keys is None:
        return built_in
    return PublishSettings(
        title=keys.text("title") or built_in.title,
        gzip=keys.flag("gzip"),
        index=_file("index", base, keys),
        subscriptions=_file("subscriptions", base, keys),
        outputs=_file("outputs", base, keys),
    )


def _file(key: str, base: Path, keys: Section) -> Path | None:
    written = keys.text(key)
    if written is None:
        return None
    path = Path(os.path.normpath(base / written))
    if os.path.isdir(path):
        keys.wrong(key, f"{written} is a directory: name the file to write in it.")
    return path
