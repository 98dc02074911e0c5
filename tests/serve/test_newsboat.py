"""A reader of others', newsboat, subscribes to what we serve."""

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path

import httpx
import pytest

from aggregator.store.sqlite import SqliteStore
from tests.builders import entry, full_entry, subscription, tag, tagged
from tests.empty import empty_database
from tests.serve.site import serving
from tests.store.steps import poll, subscribe

pytestmark = pytest.mark.tools

TITLES = {"Everything at once", "قمة في باماكو", "Fish & <b>chips</b> in Mali", "Étoile d’Afrique"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[httpx.Client]:
    """Return a client of pages over entries that carry a tag, and one that does not."""
    path = empty_database(tmp_path / "aggregator.db")
    with closing(SqliteStore(path)) as store:
        subscribe(store, subscription(name="Example News"))
        carrying = (full_entry(), *map(entry, sorted(TITLES - {"Everything at once"})))
        tags = (tag("mali"),)
        poll(store, new=(*(tagged(each, tags=tags) for each in carrying), tagged(entry("Other"))))
    with serving(path) as client:
        yield client


def reload(feed: str, home: Path) -> sqlite3.Connection:
    """Let newsboat read a feed, into a cache that stays, and return that cache."""
    program = shutil.which("newsboat")
    assert program, "these tests need newsboat: install it, or leave out `-m tools`"
    (home / "urls").write_text(f"{feed}\n", encoding="utf-8")
    (home / "config").touch()
    files = ("-u", home / "urls", "-c", home / "cache.db", "-C", home / "config")
    environment = {"HOME": str(home), "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    ran = subprocess.run(
        [program, *files, "-x", "reload"],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    return sqlite3.connect(home / "cache.db")


# Of several authors it keeps all of Atom, and the last of RSS.
@pytest.mark.parametrize(
    ("form", "author"),
    [("atom", "Awa Traoré, https://awa.example/"), ("rss", "https://awa.example/")],
)
def test_newsboat_shows_the_tagged_entries(
    client: httpx.Client, tmp_path: Path, form: str, author: str
) -> None:
    address = f"/feeds/mali.{form}"
    with closing(reload(str(client.base_url.join(address)), tmp_path)) as cache:
        asked = "SELECT title, url, author, content, pubDate, enclosure_url, unread FROM rss_item"
        rows = cache.execute(asked).fetchall()
        assert cache.execute("SELECT title FROM rss_feed").fetchall() == [("Mali",)]
    # What looks like markup in an RSS title is escaped once more, as most readers decode it.
    assert {unescape(row[0]) for row in rows} == TITLES
    (full,) = (row for row in rows if row[0] == "Everything at once")
    assert full[1] == "https://news.example/everything-at-once"
    assert full[2] == author
    assert "naming <b>Mali</b>" in full[3]
    assert full[4:] == (1772442000, "https://news.example/a.mp3", 1)


def test_newsboat_reads_nothing_twice(client: httpx.Client, tmp_path: Path) -> None:
    address = "/feeds/mali.atom"
    feed = str(client.base_url.join(address))
    reload(feed, tmp_path).close()
    with closing(reload(feed, tmp_path)) as cache:
        assert cache.execute("SELECT count(*) FROM rss_item").fetchone() == (len(TITLES),)
        # It keeps no validators the first time, when it knows no such feed yet.
        ((etag,),) = cache.execute("SELECT etag FROM rss_feed").fetchall()
    assert (
        client.get(address, headers={"If-None-Match": etag, "Accept-Encoding": "gzip"}).status_code
        == 304
    )
