"""A password in a feed's URL is the reader's: no sentence shows it to whoever looks on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import Said, command
from tests.cli.newsroom import newsroom, page, rss
from tests.publisher import Publisher, Reply


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as running:
        yield running


def add(path: Path, *arguments: object) -> Said:
    return command("--config", path, "feeds", "add", *arguments)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (Reply(rss("", "A")), "Added http://127.0.0.1"),
        (Reply(status=410), "/own is gone, says its publisher"),
        (page(), "/own is a web page; its feed is"),
    ],
    ids=["a feed without a title", "gone", "a page"],
)
def test_what_is_found_behind_a_password_tells_none(
    tmp_path: Path, publisher: Publisher, found: Reply, told: str
) -> None:
    publisher.serve("/own", found)
    publisher.serve("/feed", Reply(rss("Guessed", "A")))
    secret = publisher.url("/own").replace("://", "://ada:s3cret@")
    said = add(newsroom(tmp_path, publisher), secret)
    assert told in said.output + said.errors
    assert "s3cret" not in said.output + said.errors


def test_two_feeds_of_one_name_are_told_apart_without_their_passwords(
    tmp_path: Path, publisher: Publisher
) -> None:
    feeds = "".join(
        f"  - name: Wire\n    url: {publisher.url(where).replace('://', '://ada:s3cret@')}\n"
        for where in ("/a", "/b")
    )
    path = newsroom(tmp_path, publisher)
    path.write_text(path.read_text("utf-8").replace("feeds: []", f"feeds:\n{feeds}"), "utf-8")
    said = command("--config", path, "feeds", "pause", "wire")
    assert f"Wire ({publisher.url('/a')})" in said.errors
    assert "s3cret" not in said.errors
    moved = publisher.url("/c").replace("://", "://ada:s3cret@")
    said = command("--config", path, "feeds", "move", publisher.url("/a"), moved)
    assert "s3cret" not in said.output + said.errors
