"""Publishers' pictures: links to them, or fetched by us."""

import re
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path

import httpx
import pytest

from aggregator.html.sanitising import sanitise
from aggregator.serve.images import picture_type
from aggregator.store.sqlite import SqliteStore
from tests.builders import entry, subscription, tagged
from tests.empty import empty_database
from tests.publisher import Publisher, Reply
from tests.serve.site import serving
from tests.store.steps import poll, subscribe

PNG = b"\x89PNG\r\n\x1a\n and so on"
PROXIED = "serve: {proxy_images: true}\nfeeds: []\n"
ADMITTED = PROXIED + "poll: {allow_addresses: [127.0.0.0/8]}\n"


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as running:
        running.serve("/a.png", Reply(PNG))
        running.serve("/a.svg", Reply(b"<svg xmlns='http://www.w3.org/2000/svg'/>"))
        running.serve("/big", Reply(PNG + bytes(6 * 2**20)))
        yield running


def stocked(directory: Path, *pictures: str) -> Path:
    """Return a database with an entry that shows these pictures."""
    path = empty_database(directory / "aggregator.db")
    html = "".join(f'<p>Mali <img src="{each}" alt="The river"></p>' for each in pictures)
    with closing(SqliteStore(path)) as store:
        subscribe(store, subscription())
        shown = entry("Pictures", content_html=sanitise(html, None), content="Mali", summary="")
        poll(store, new=(tagged(shown),))
    return path


def page(client: httpx.Client) -> str:
    (found,) = re.findall(r'href="(/here/entries/\w+)">Pictures', client.get("/here/").text)
    return client.get(found).text


def sources(text: str) -> list[str]:
    return [unescape(each) for each in re.findall(r'<img[^>]* src="([^"]*)"', text)]


def test_without_the_key_a_picture_is_a_link(tmp_path: Path, publisher: Publisher) -> None:
    with serving(stocked(tmp_path, publisher.url("/a.png")), "feeds: []\n", "/here") as client:
        text = page(client)
    assert f'<a href="{publisher.url("/a.png")}" rel="noopener noreferrer">[Picture: The' in text
    assert sources(text) == []


def test_with_it_we_fetch_the_picture_and_say_nothing_of_the_reader(
    tmp_path: Path, publisher: Publisher
) -> None:
    with serving(stocked(tmp_path, publisher.url("/a.png")), ADMITTED, "/here") as client:
        (source,) = sources(page(client))
        answer = client.get(source, headers={"Cookie": "a=b", "Referer": "https://x.example/"})
    assert source.startswith("/here/images/")
    assert (answer.status_code, answer.content) == (200, PNG)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "private, max-age=86400"
    assert answer.headers["x-content-type-options"] == "nosniff"
    (seen,) = publisher.seen("/a.png")
    assert seen.values(b"cookie") == seen.values(b"referer") == ()


@pytest.mark.parametrize(
    ("path", "told"),
    [("/a.svg", "no picture"), ("/none", "404"), ("/big", "bytes")],
)
def test_what_is_no_picture_is_not_shown(
    tmp_path: Path, publisher: Publisher, path: str, told: str
) -> None:
    with serving(stocked(tmp_path, publisher.url(path)), ADMITTED, "/here") as client:
        answer = client.get(sources(page(client))[0])
    assert answer.status_code == 502
    assert told in answer.text or "MiB" in answer.text
    assert answer.headers["content-type"].startswith("text/plain")


def test_nobody_has_us_fetch_what_no_page_shows(tmp_path: Path, publisher: Publisher) -> None:
    with serving(stocked(tmp_path, publisher.url("/a.png")), ADMITTED, "/here") as client:
        (source,) = sources(page(client))
        forged = (source.replace("a.png", "b.png"), source.replace("images/", "images/0"))
        for address in (*forged, "/here/images/x", "/here/images/%C3%A9?url=http://x.example/"):
            assert client.get(address).status_code == 404, address
    assert publisher.seen() == ()


def test_no_private_address_is_asked(tmp_path: Path, publisher: Publisher) -> None:
    with serving(stocked(tmp_path, publisher.url("/a.png")), PROXIED, "/here") as client:
        answer = client.get(sources(page(client))[0])
    assert answer.status_code == 502
    assert publisher.seen() == ()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x20ftypavif", "image/avif"),
        (b"<svg/>", None),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_pictures_are_told_by_how_they_begin(body: bytes, told: str | None) -> None:
    assert picture_type(body) == told
