"""The file on disk is replaced whole, by one writer at a time."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from aggregator.config.write import edit_file
from aggregator.errors import ConfigError, UsageError


def test_the_text_is_replaced_and_the_mode_stays(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("a")
    path.chmod(0o640)
    assert edit_file(path, lambda text: text + "b")
    assert path.read_text() == "ab"
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["feeds.yaml"]


def test_a_file_that_does_not_change_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("a")
    before = path.stat().st_ino
    assert not edit_file(path, lambda text: text)
    assert path.stat().st_ino == before


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    target = tmp_path / "real" / "feeds.yaml"
    target.parent.mkdir()
    target.write_text("a")
    link = tmp_path / "feeds.yaml"
    link.symlink_to(target)
    edit_file(link, str.upper)
    assert link.is_symlink()
    assert target.read_text() == "A"


def test_line_ends_and_the_byte_order_mark_stay(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_bytes(b"\xef\xbb\xbfa\r\nb\n")
    edit_file(path, lambda text: text.replace("b", "c"))
    assert path.read_bytes() == b"\xef\xbb\xbfa\r\nc\n"


def test_a_failing_edit_leaves_the_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("a")

    def refuse(text: str) -> str:
        raise UsageError(f"not {text}")

    with pytest.raises(UsageError, match="not a"):
        edit_file(path, refuse)
    with pytest.raises(UnicodeEncodeError):
        edit_file(path, lambda _: "\ud800")
    assert path.read_text() == "a"
    assert os.listdir(tmp_path) == ["feeds.yaml"]


def test_a_file_that_is_not_there_or_not_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.yaml cannot be edited: No such file"):
        edit_file(tmp_path / "nowhere.yaml", str.upper)
    path = tmp_path / "feeds.yaml"
    path.write_bytes(b"\xff\xfea\x00")
    with pytest.raises(ConfigError, match="UTF-8"):
        edit_file(path, str.upper)


def test_many_writers_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: edit_file(path, lambda text: f"{text}{n}\n"), range(40)))
    assert sorted(map(int, path.read_text().split())) == list(range(40))
