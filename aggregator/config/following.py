"""Tells when a configuration was edited: the files it was read from, and what stands for each."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from aggregator.config.load import Loaded, load_written
from aggregator.config.settings import Config
from aggregator.errors import ConfigError

_Stamp = tuple[int, int, int] | None
"""What changes when a file is edited or replaced; None while it is not there."""


class ConfigFile:
    """A configuration's files, read now and again."""

    def __init__(self, path: Path) -> None:
        self._path = Path(os.path.abspath(path))
        self._shown_path = path
        self._stamps: dict[Path, _Stamp] = {}

    def load(self) -> Config:
        """Return the configuration as it is now. Raises `ConfigError`."""
        return self.load_written().config

    def load_written(self) -> Loaded:
        """Return the configuration as it is now, and how it is written. Raises `ConfigError`.

        Files that are known already are looked at before they are read: what is written
        meanwhile counts as an edit. Where there are mistakes, the files that they are in are
        known from then on.
        """
        before = _stamps({self._path, *self._stamps})
        self._stamps = before
        try:
            loaded = load_written(self._shown_path)
        except ConfigError as error:
            mistaken = {Path(os.path.abspath(problem.path)) for problem in error.problems}
            self._stamps = _stamps(mistaken) | before
            raise
        self._stamps = {
            path: before.get(path, stamp) for path, stamp in _stamps(loaded.config.watched).items()
        }
        return loaded

    def is_edited(self) -> bool:
        """Tell whether any of the files is other than when it was last read, well or badly."""
        return _stamps(self._stamps) != self._stamps


class LastGood:
    """The configuration as it is when asked for; while it has mistakes, as it was before.

    ``told`` hears of the mistakes once.
    """

    def __init__(self, path: Path, told: Callable[[ConfigError], object]) -> None:
        """Read it. Raises `ConfigError`."""
        self._file = ConfigFile(path)
        self._config = self._file.load()
        self._told = told

    def __call__(self) -> Config:
        """Return it."""
        if self._file.is_edited():
            try:
                self._config = self._file.load()
            except ConfigError as error:
                self._told(error)
        return self._config


def _stamps(paths: Iterable[Path]) -> dict[Path, _Stamp]:
    return {path: _stamp(path) for path in paths}


def _stamp(path: Path) -> _Stamp:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino, status.st_size
