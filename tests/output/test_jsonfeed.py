"""JSON Feed 1.1: valid whatever comes in, and everything that we know."""

import json
from typing import Any

from hypothesis import given, settings

from aggregator.dates import rfc3339
from aggregator.model.details import Person
from aggregator.model.entries import TaggedEntry
from aggregator.output import jsonfeed
from aggregator.output.channel import Channel
from aggregator.output.publication import publications
from tests.builders import entry, evidence, full_entry, source, tag, tagged
from tests.output.hostile import outputs

CHANNEL = Channel(
    id="https://newsroom.example/sahel.json",
    title="The Sahel",
    description="Everything",
    self_url="https://newsroom.example/sahel.json",
    site_url="https://newsroom.example/",
    version="0.1.0",
)


def read(entries: list[TaggedEntry]) -> Any:
    return json.loads(jsonfeed.render(CHANNEL, entries))


def item(subject: TaggedEntry) -> Any:
    (only,) = read([subject])["items"]
    return only


def repaired(text: str) -> str:
    return "".join("\ufffd" if 0xD800 <= ord(letter) < 0xE000 else letter for letter in text)


@settings(max_examples=60)
@given(outputs)
def test_any_entries_make_a_valid_document(entries: list[TaggedEntry]) -> None:
    document = read(entries)
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    ids = [found["id"] for found in document["items"]]
    assert len(set(ids)) == len(ids)
    for found in document["items"]:
        assert "content_html" in found or "content_text" in found
        assert None not in [value for key, value in found.items() if key != "_aggregator"]
        assert all({"url", "mime_type"} <= set(file) for file in found.get("attachments", ()))
        assert all(file.get("size_in_bytes", 0) >= 0 for file in found.get("attachments", ()))
        assert all(author.get("name") for author in found.get("authors", ()))


@settings(max_examples=60)
@given(outputs)
def test_what_was_written_can_be_read_back(entries: list[TaggedEntry]) -> None:
    for found, one in zip(read(entries)["items"], publications(entries), strict=True):
        subject = one.tagged.entry
        ours = found["_aggregator"]
        assert (found["id"], ours["id"]) == (one.id, subject.id)
        assert ours["guid"] == (None if subject.guid is None else repaired(subject.guid))
        assert found.get("url", "") == repaired(subject.link or "")
        assert found.get("title", "") == repaired(subject.title)
        assert found.get("summary", "") == repaired(subject.summary)
        assert found.get("date_published") == (rfc3339(one.date.at) if one.date else None)
        assert found.get("tags", []) == [tag.name for tag in one.tagged.tags]
        assert [category["term"] for category in ours["categories"]] == [
            repaired(category.term) for category in subject.categories
        ]


@settings(max_examples=60)
@given(outputs)
def test_every_line_is_one_item(entries: list[TaggedEntry]) -> None:
    lines = jsonfeed.render_items(entries).decode().splitlines()
    assert [json.loads(line) for line in lines] == read(entries)["items"]


@settings(max_examples=30)
@given(outputs)
def test_nothing_in_it_acts_on_a_terminal(entries: list[TaggedEntry]) -> None:
    text = jsonfeed.render(CHANNEL, entries).decode()
    assert not [
        letter
        for letter in text
        if letter != "\n"
        and not letter.isprintable()
        and (letter < " " or "\x7f" <= letter <= "\x9f" or letter in "\u202e\u2066\u2028")
    ]


def test_an_author_with_a_page_keeps_the_mail_address_beside_it() -> None:
    subject = tagged(
        entry(
            authors=(
                Person("Awa", "awa@news.example", "https://awa.example/"),
                Person("Boubacar", "boubacar@news.example"),
            )
        )
    )
    assert item(subject)["authors"] == [
        {
            "name": "Awa",
            "url": "https://awa.example/",
            "_aggregator": {"email": "awa@news.example"},
        },
        {"name": "Boubacar", "url": "mailto:boubacar@news.example"},
    ]


TOLD = {
    "contributors": [
        {
            "name": "Salif Keïta",
            "email": "",
            "url": "",
            "avatar": "https://news.example/s",
            "role": "photographer",
        }
    ],
    "comments": {
        "url": "https://news.example/a#talk",
        "feed_url": "https://news.example/a.rss",
        "count": 3,
    },
    "in_reply_to": [{"guid": "urn:example:1", "url": "https://news.example/1"}],
    "origin": {
        "title": "Wire",
        "url": "https://wire.example/rss",
        "link": "https://wire.example/",
        "guid": "urn:wire",
    },
    "places": [{"latitude": 12.65, "longitude": -8.0, "name": "Bamako"}],
    "episode": {
        "season": 2,
        "number": 3.5,
        "kind": "bonus",
        "season_name": "Dry season",
        "label": "3b",
        "duration_seconds": 1805,
        "explicit": False,
    },
    "transcripts": [
        {
            "url": "https://news.example/a.vtt",
            "media_type": "text/vtt",
            "language": "fr",
            "captions": True,
        }
    ],
    "chapters": "https://news.example/a.chapters.json",
    "rights": "© News",
    "license": "https://creativecommons.org/licenses/by/4.0/",
}
"""What `full_details` says, as programs read it."""


def test_everything_that_is_known_is_told() -> None:
    origin = source(link="https://news.example/")
    found = item(tagged(full_entry(), source=origin, tags=(tag("mali", evidence=(evidence(),)),)))
    ours = found.pop("_aggregator")
    assert found == {
        "id": f"urn:aggregator:{full_entry().id}",
        "url": "https://news.example/everything-at-once",
        "title": "Everything at once",
        "content_html": "<p>First block.</p><p>Second block, naming <b>Mali</b>.</p>",
        "content_text": "First block.\n\nSecond block, naming Mali.",
        "summary": "Delegates met on Monday.",
        "external_url": "https://elsewhere.example/report",
        "image": "https://news.example/a.jpg",
        "banner_image": "https://news.example/wide.jpg",
        "date_published": "2026-03-02T09:00:00Z",
        "date_modified": "2026-03-02T12:00:00Z",
        "authors": [
            {"name": "Awa Traoré", "url": "mailto:awa@news.example"},
            {"name": "https://awa.example/", "url": "https://awa.example/"},
        ],
        "tags": ["mali"],
        "language": "en",
        "attachments": [
            {
                "url": "https://news.example/a.mp3",
                "mime_type": "audio/mpeg",
                "title": "Talks, in full",
                "size_in_bytes": 12345,
                "duration_in_seconds": 60,
            }
        ],
    }
    assert ours == {
        "id": full_entry().id,
        "guid": "everything-at-once",
        "first_seen": "2026-03-02T12:00:00Z",
        "withdrawn": None,
        "date_source": "published",
        "date_raw": "2026-03-02T09:00:00+00:00",
        "date_read_as": "rfc3339",
        "date_sure": True,
        "sources": [
            {
                "name": "Example News",
                "title": "News",
                "url": "https://news.example/feed.xml",
                "link": "https://news.example/",
                "labels": ["africa", "wire"],
            }
        ],
        "categories": [
            {"term": "africa", "scheme": "https://news.example/terms", "label": "Africa"},
            {"term": "sahel", "scheme": None, "label": None},
        ],
        **TOLD,
        "evidence": {"mali": [{"field": "title", "start": 16, "end": 22, "value": "Bamako"}]},
    }


def test_what_is_unknown_is_left_out_or_null() -> None:
    found = item(tagged(entry("", guid=None, link=None, summary="", published=None, language=None)))
    ours = found.pop("_aggregator")
    assert found == {"id": f"urn:aggregator:{ours['id']}", "content_text": "Untitled"}
    assert (ours["guid"], ours["date_source"], ours["evidence"]) == (None, None, {})


def test_a_summary_stands_in_for_the_content() -> None:
    found = item(tagged(entry(summary="Short.", summary_html="<p>Short.</p>")))
    assert (found["content_html"], found["content_text"]) == ("<p>Short.</p>", "Short.")


def test_the_channel_is_told() -> None:
    assert read([]) == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Sahel",
        "home_page_url": "https://newsroom.example/",
        "feed_url": "https://newsroom.example/sahel.json",
        "description": "Everything",
        "_aggregator": {
            "id": "https://newsroom.example/sahel.json",
            "generator": "aggregator 0.1.0",
            "updated": None,
        },
        "items": [],
    }


def test_a_document_fits_on_one_line() -> None:
    line = jsonfeed.render_line(CHANNEL, [tagged(full_entry())]).decode()
    assert line.count("\n") == 1
    assert json.loads(line) == read([tagged(full_entry())])


def test_no_entries_are_no_lines() -> None:
    assert jsonfeed.render_items([]) == b""


def test_every_script_stays_readable() -> None:
    assert "زيارة إلى الرباط" in jsonfeed.render_items([tagged(entry("زيارة إلى الرباط"))]).decode()
