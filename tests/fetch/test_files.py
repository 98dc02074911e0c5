"""Tests of feeds that are files."""

import gzip
import os
from hashlib import sha256
from pathlib import Path

import pytest

from aggregator.errors import EmptyBodyError, FetchError, FileUnreadableError, TooLargeError
from aggregator.fetch.decoding import Sizes
from aggregator.fetch.files import read_file
from aggregator.model.fetching import Document
from tests.builders import NOW

FEED = b"<rss/>"
FEED_HASH = sha256(FEED).hexdigest()


def failed(url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        read_file(url, now=NOW)
    assert str(caught.value).endswith(".")
    return caught.value


@pytest.mark.parametrize("name", ["feed.xml", "mes flux #1?.xml", "été.xml", "100%.xml"])
def test_a_file_is_a_document(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(FEED)
    url = path.as_uri()
    assert read_file(url, now=NOW) == Document(
        url=url, body=FEED, body_hash=FEED_HASH, fetched_at=NOW, admitted=True
    )
    assert read_file(url.replace("///", "//localhost/"), now=NOW).body == FEED


def test_a_gzipped_file_is_unfolded(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml.gz"
    path.write_bytes(gzip.compress(FEED))
    assert read_file(path.as_uri(), now=NOW).body == FEED


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    error = failed(path.as_uri())
    assert isinstance(error, FileUnreadableError)
    assert str(error) == f"{path} cannot be read: No such file or directory."


def test_a_directory_is_an_error(tmp_path: Path) -> None:
    assert isinstance(failed(tmp_path.as_uri()), FileUnreadableError)


def test_a_pipe_is_an_error_and_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "feed.xml"
    os.mkfifo(pipe)
    assert str(failed(pipe.as_uri())) == f"{pipe} is not a regular file."


def test_a_device_is_an_error() -> None:
    assert str(failed("file:///dev/zero")) == "/dev/zero is not a regular file."


def test_an_empty_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(b"\n")
    assert isinstance(failed(path.as_uri()), EmptyBodyError)


def test_a_file_that_is_too_large_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(FEED)
    with pytest.raises(TooLargeError):
        read_file(path.as_uri(), now=NOW, sizes=Sizes(wire_bytes=5))


@pytest.mark.parametrize(
    "url",
    [
        "file://server/share/feed.xml",
        "file:feed.xml",
        "file:///feed%00.xml",
        "file://[",
        "https://news.example/feed",
        "/etc/passwd",
    ],
)
def test_row_71_only_whole_paths_on_this_machine_are_read(url: str) -> None:
    assert isinstance(failed(url), FileUnreadableError)


def test_a_path_cannot_steer_a_terminal() -> None:
    assert "\x1b" not in str(failed("file:///nowhere/%1b[31m"))
