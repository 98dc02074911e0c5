"""The demo's sample feeds are what the demo says they are."""

from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from lxml import etree

DEMO = Path(str(files("aggregator.demo")))
CONFIG = yaml.safe_load((DEMO / "feeds.yaml").read_text(encoding="utf-8"))
BROKEN = "gulfmonitor.example/feed.xml"


def documents(edition: str) -> set[str]:
    root = DEMO / edition
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def test_every_feed_of_the_config_has_its_document_and_none_is_left_over() -> None:
    urls = [urlsplit(feed["url"]) for feed in CONFIG["feeds"]]
    assert {f"{url.netloc}{url.path}" for url in urls} == documents("first")


def test_the_second_edition_changes_documents_of_the_first() -> None:
    changed = documents("second")
    assert changed
    assert changed < documents("first")
    for name in changed:
        assert (DEMO / "second" / name).read_bytes() != (DEMO / "first" / name).read_bytes()


@pytest.mark.parametrize("edition", ["first", "second"])
def test_one_feed_alone_is_broken(edition: str) -> None:
    for name in documents(edition):
        body = (DEMO / edition / name).read_bytes()
        if name == BROKEN:
            with pytest.raises(etree.XMLSyntaxError):
                etree.fromstring(body)
        elif not name.endswith(".json"):
            etree.fromstring(body)


def test_no_publisher_exists() -> None:
    assert all(urlsplit(feed["url"]).netloc.endswith(".example") for feed in CONFIG["feeds"])


def test_one_publisher_writes_windows_1252() -> None:
    body = (DEMO / "first" / "depeches.example" / "rss.xml").read_bytes()
    assert "Dépêches d’Afrique".encode("cp1252") in body
    with pytest.raises(UnicodeDecodeError):
        body.decode()


def test_one_story_stands_under_one_link_in_two_feeds() -> None:
    link = b"<link>http://sahelwire.example/2024/04/22/rabat-visit</link>"
    first = DEMO / "first"
    told = [name for name in documents("first") if link in (first / name).read_bytes()]
    assert sorted(told) == ["sahelwire.example/rss.xml", "savannapost.example/feed.rss"]


def test_one_entry_is_corrected_under_its_guid() -> None:
    name = "sahelwire.example/rss.xml"
    first = (DEMO / "first" / name).read_text(encoding="utf-8")
    second = (DEMO / "second" / name).read_text(encoding="utf-8")
    guid = "sahelwire-20240422-17"
    assert guid in first
    assert guid in second
    assert "Eleven migrants" in first
    assert "Eleven migrants" not in second


def test_every_tag_has_examples_of_both_kinds() -> None:
    for tag in CONFIG["tags"].values():
        assert tag["examples"]["match"]
        assert tag["examples"]["no_match"]
