"""Section I of the polling rules: bodies."""

import pytest

from tests.publisher import (
    Headers,
    Reply,
)
from tests.rows.asking import PAGE, polls
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


def test_row_72_a_web_page_that_calls_itself_a_feed_is_none(newsroom: Newsroom) -> None:
    page = Reply(PAGE, headers=((b"Content-Type", b"application/rss+xml"),))
    (refresh,) = polls(newsroom, page)
    assert refresh.poll.error_code == "not_a_feed"


def declaring(charset: str, title: str) -> str:
    return f'<?xml version="1.0" encoding="{charset}"?>{rss(title).decode()}'


@pytest.mark.parametrize(
    ("body", "named", "title"),
    [
        pytest.param(
            "\ufeff".encode("utf-16-le") + declaring("utf-8", "Café").encode("utf-16-le"),
            "iso-8859-1",
            "Café",
            id="1: a mark, whatever is named",
        ),
        pytest.param(
            declaring("iso-8859-1", "Café").encode(), "koi8-r", "Café", id="2: valid UTF-8"
        ),
        pytest.param(
            declaring("iso-8859-1", "Мали").encode("koi8-r"), "koi8-r", "Мали", id="3: HTTP"
        ),
        pytest.param(
            declaring("koi8-r", "Мали").encode("koi8-r"), None, "Мали", id="4: the declaration"
        ),
        pytest.param(
            declaring("utf-8", "é" * 19).encode().replace(b"<title>\xc3", b"<title>\xff\xc3"),
            "utf-8",
            "\ufffd" + "é" * 19,
            id="5: UTF-8 where over nine in ten are valid",
        ),
        pytest.param(
            declaring("utf-8", "Café “noir”").encode("cp1252"),
            "utf-8",
            "Café “noir”",
            id="6: windows-1252",
        ),
    ],
)
def test_row_73_the_charset_is_found_in_the_stated_order(
    newsroom: Newsroom, body: bytes, named: str | None, title: str
) -> None:
    kind = b"text/xml" if named is None else f"text/xml; charset={named}".encode()
    polls(newsroom, Reply(body, headers=((b"Content-Type", kind),)))
    assert newsroom.titles() == [title]


def test_row_73_another_charset_for_the_same_text_revises_nothing(newsroom: Newsroom) -> None:
    text = rss("Café").decode()
    kind = (b"Content-Type", b"text/xml; charset=iso-8859-1")
    latin = Reply(text.encode("latin-1"), headers=(kind,))
    marked = Reply(b"\xef\xbb\xbf" + text.encode())
    for refresh in polls(newsroom, latin, Reply(text.encode(), headers=(kind,)), marked):
        assert refresh.feed is not None
    assert newsroom.titles() == ["Café"]
    assert newsroom.store.figures().revisions == 0
