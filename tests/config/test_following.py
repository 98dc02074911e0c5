"""Whether a configuration was edited: every file that it is read from counts, good or bad."""

import os
from pathlib import Path

import pytest

from aggregator.config.following import ConfigFile
from aggregator.errors import ConfigError


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_what_was_read_is_not_edited(tmp_path: Path) -> None:
    file = ConfigFile(write(tmp_path / "feeds.yaml", "feeds: []\n"))
    assert file.load().subscriptions == ()
    assert not file.is_edited()


def test_an_edit_counts_once(tmp_path: Path) -> None:
    path = write(tmp_path / "feeds.yaml", "feeds: []\n")
    file = ConfigFile(path)
    file.load()
    write(path, "feeds: [{url: https://a.example/rss}]\n")
    assert file.is_edited()
    assert len(file.load().subscriptions) == 1
    assert not file.is_edited()


def test_a_file_in_its_place_and_one_that_went_are_edits(tmp_path: Path) -> None:
    path = write(tmp_path / "feeds.yaml", "feeds: []\n")
    file = ConfigFile(path)
    file.load()
    at = path.stat()
    os.utime(write(tmp_path / "new", "feeds: []\n"), ns=(at.st_atime_ns, at.st_mtime_ns))
    (tmp_path / "new").replace(path)
    assert file.is_edited()
    file.load()
    path.unlink()
    assert file.is_edited()


def test_an_edit_of_the_same_instant_shows_in_the_length(tmp_path: Path) -> None:
    path = write(tmp_path / "feeds.yaml", "feeds: []\n")
    file = ConfigFile(path)
    file.load()
    at = path.stat()
    os.utime(write(path, "feeds: [ ]\n"), ns=(at.st_atime_ns, at.st_mtime_ns))
    assert file.is_edited()


def test_a_bad_edit_counts_once_and_so_does_its_mending(tmp_path: Path) -> None:
    path = write(tmp_path / "feeds.yaml", "feeds: []\n")
    file = ConfigFile(path)
    file.load()
    included = write(tmp_path / "more.yaml", "tags: 7\n")
    write(path, "include: [more.yaml]\n")
    with pytest.raises(ConfigError, match=r"more\.yaml:1:"):
        file.load()
    assert not file.is_edited()
    write(included, "tags: {}\n")  # never part of a good configuration before
    assert file.is_edited()
    file.load()
    assert not file.is_edited()


def test_a_new_file_among_the_included_is_an_edit(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    write(tmp_path / "rules" / "a.yaml", "tags: {mali: {query: Mali}}\n")
    file = ConfigFile(write(tmp_path / "feeds.yaml", "include: [rules/*.yaml]\n"))
    assert len(file.load().rules) == 1
    write(tmp_path / "rules" / "b.yaml", "tags: {oslo: {query: Oslo}}\n")
    assert file.is_edited()
    assert len(file.load().rules) == 2
    assert not file.is_edited()
