"""What is published beside the outputs, for any web server to hand out."""

import gzip
from pathlib import Path

from lxml import html

from aggregator.config.load import load
from aggregator.config.settings import Config
from aggregator.listings import publish_listings
from aggregator.model.fetching import Document
from aggregator.opml import read_opml
from aggregator.output.publish import write_published
from aggregator.parse.discovery import find_feeds
from tests.builders import NOW

CONFIG = """\
feeds:
  - {url: "https://desk:secret@news.example/feed?a=1", name: News & more, labels: [wire]}
  - {url: ./wire.xml}
outputs:
  - {path: public/sahel.atom, url: "https://newsroom.example/sahel.atom", title: "The <Sahel>"}
  - {path: public/more/all é.json, title: أخبار}
publish:
  title: Feeds & lists
  gzip: true
  index: public/index.html
  subscriptions: public/read.opml
  outputs: public/ours.opml
"""


def configured(directory: Path) -> Config:
    path = directory / "feeds.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return load(path)


def test_everything_that_is_asked_for_is_written_once(tmp_path: Path) -> None:
    config = configured(tmp_path)
    changed = publish_listings(config)
    assert {path.name for path in changed} == {"index.html", "read.opml", "ours.opml"}
    assert publish_listings(config) == ()
    for path in changed:
        packed = path.with_name(f"{path.name}.gz")
        assert gzip.decompress(packed.read_bytes()) == path.read_bytes()


def test_nothing_is_written_that_was_not_asked_for(tmp_path: Path) -> None:
    assert publish_listings(Config(tmp_path / "feeds.yaml", tmp_path / "news.db")) == ()
    assert list(tmp_path.iterdir()) == []


def test_the_list_of_what_is_read_tells_no_password_and_no_path(tmp_path: Path) -> None:
    publish_listings(configured(tmp_path))
    (feed,) = read_opml((tmp_path / "public/read.opml").read_bytes())
    assert (feed.url, feed.title, feed.labels) == (
        "https://news.example/feed?a=1",
        "News & more",
        ("wire",),
    )


def test_the_list_of_outputs_has_those_with_an_address(tmp_path: Path) -> None:
    publish_listings(configured(tmp_path))
    (feed,) = read_opml((tmp_path / "public/ours.opml").read_bytes())
    assert (feed.url, feed.title) == ("https://newsroom.example/sahel.atom", "The <Sahel>")


def test_the_page_names_every_file_and_runs_nothing(tmp_path: Path) -> None:
    publish_listings(configured(tmp_path))
    page = html.fromstring((tmp_path / "public/index.html").read_bytes())
    assert [link.get("href") for link in page.iter("a")] == [
        "https://newsroom.example/sahel.atom",
        "more/all%20%C3%A9.json",
        "ours.opml",
        "read.opml",
    ]
    assert [link.text for link in page.iter("a")][:2] == ["The <Sahel>", "أخبار"]
    assert page.findtext(".//h1") == "Feeds & lists"
    assert not list(page.iter("script", "style", "img", "iframe"))
    assert page.xpath("//meta[@content=\"default-src 'none'\"]")


def test_a_reader_finds_the_feeds_by_the_page(tmp_path: Path) -> None:
    publish_listings(configured(tmp_path))
    body = (tmp_path / "public/index.html").read_bytes()
    found = find_feeds(Document("https://newsroom.example/", body, "hash", NOW, "text/html"))
    assert [feed.url for feed in found] == [
        "https://newsroom.example/sahel.atom",
        "https://newsroom.example/more/all%20%C3%A9.json",
    ]


def test_a_compressed_copy_that_was_left_behind_is_renewed(tmp_path: Path) -> None:
    path = tmp_path / "sahel.atom"
    assert write_published(path, b"new", gzip=False)
    (tmp_path / "sahel.atom.gz").write_bytes(b"old")
    assert not write_published(path, b"new", gzip=True)
    assert gzip.decompress((tmp_path / "sahel.atom.gz").read_bytes()) == b"new"
