"""Section I of the polling rules: bodies."""

import pytest

from tests.publisher import (
    Headers,
    Reply,
)
from tests.rows.asking import polls
from tests.scenario import Newsroom, rss

JSON = b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "A"}]}'


@pytest.mark.parametrize("body", [rss("A"), JSON], ids=["rss", "json"])
@pytest.mark.parametrize(
    "kind", ["text/html", "text/plain", "application/octet-stream", "application/json", "", None]
)
def test_row_72_the_type_is_a_hint_and_the_root_decides(
    newsroom: Newsroom, body: bytes, kind: str | None
) -> None:
    headers: Headers = () if kind is None else ((b"Content-Type", kind.encode()),)
    polls(newsroom, Reply(body, headers=headers))
    assert newsroom.titles() == ["A"]


def test_row_73_the_charset_is_found_in_the_stated_order(newsroom: Newsroom) -> None:
    text = rss("Café").decode()
    latin = Reply(
        text.encode("latin-1"), headers=((b"Content-Type", b"text/xml; charset=iso-8859-1"),)
    )
    utf_8 = Reply(text.encode(), headers=((b"Content-Type", b"text/xml; charset=iso-8859-1"),))
    marked = Reply(b"\xef\xbb\xbf" + text.encode())
    for refresh in polls(newsroom, latin, utf_8, marked):
        assert refresh.feed is not None
    assert newsroom.titles() == ["Café"]
    assert newsroom.store.figures().revisions == 0
