"""What every format says alike of an entry."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.output.channel import channel_id
from aggregator.output.publication import (
    NEVER,
    category_scheme,
    credit,
    publications,
    source_id,
    source_name,
    source_url,
    updated_at,
    without_copies,
)
from tests.builders import NOW, dated, entry, source, tagged

HOUR = timedelta(hours=1)
GUID = "https://news.example/17"


def test_an_absolute_guid_is_kept() -> None:
    (one,) = publications([tagged(entry(guid=GUID))])
    assert one.id == GUID


@pytest.mark.parametrize("guid", [None, "17", "post:17"])
def test_without_an_absolute_guid_our_id_is_used(guid: str | None) -> None:
    (one,) = publications([tagged(entry(id="aaaabbbbccccdddd", guid=guid))])
    assert one.id == "urn:aggregator:aaaabbbbccccdddd"


def test_two_entries_never_share_an_id() -> None:
    later = tagged(entry("One", guid=GUID), seen_at=NOW + timedelta(hours=1))
    first = tagged(entry("Two", guid=GUID))
    ids = [publication.id for publication in publications([later, first])]
    assert ids == [f"urn:aggregator:{later.entry.id}", GUID], "it stays that of the first seen"


def test_an_id_that_was_given_before_stays() -> None:
    subject, other = tagged(entry("One", guid=GUID)), tagged(entry("Two", guid=GUID))
    ids = {other.entry.id: GUID}
    assert [one.id for one in publications([subject, other], ids)] == [
        f"urn:aggregator:{subject.entry.id}",
        GUID,
    ]


def test_a_guid_that_is_the_urn_of_another_entry_here_is_not_kept() -> None:
    original = entry("One", id="aaaabbbbccccdddd", guid=None)
    copy = entry("Two", id="eeeeffffgggghhhh", guid="urn:aggregator:aaaabbbbccccdddd")
    ids = [publication.id for publication in publications([tagged(original), tagged(copy)])]
    assert ids == ["urn:aggregator:aaaabbbbccccdddd", "urn:aggregator:eeeeffffgggghhhh"]


def test_an_entry_given_twice_is_published_once() -> None:
    assert len(publications([tagged(), tagged()])) == 1


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"title": "  A\n title\x00 "}, "A title"),
        ({"title": "\x00 ", "summary": "The summary."}, "The summary."),
        ({"title": "", "summary": "", "content": "word " * 40}, "word " * 15 + "word…"),
        ({"title": "", "summary": "", "content": "x" * 500}, "x" * 80 + "…"),
        ({"title": "", "summary": ""}, "https://news.example/a"),
        ({"title": "", "summary": "", "link": None}, "Untitled"),
    ],
)
def test_a_missing_title_has_a_readable_stand_in(texts: dict[str, object], expected: str) -> None:
    values = {"link": "https://news.example/a", **texts}
    (one,) = publications([tagged(entry(**values))])  # type: ignore[arg-type]
    assert one.title == expected


def test_updated_is_the_revision_that_we_saw() -> None:
    (one,) = publications([tagged(entry(updated=dated(NOW - HOUR)), revised_at=NOW + HOUR)])
    assert one.modified_at == one.updated_at == NOW + HOUR


def test_updated_is_else_what_the_publisher_says() -> None:
    (one,) = publications([tagged(entry(updated=dated(NOW - HOUR, element="updated")))])
    assert one.modified_at == one.updated_at == NOW - HOUR


def test_an_entry_dated_by_its_update_was_modified_then() -> None:
    date = dated(NOW - HOUR, element="updated")
    (one,) = publications([tagged(entry(published=date))])
    assert (one.date, one.modified_at) == (date, NOW - HOUR)


def test_updated_is_else_the_publication() -> None:
    (one,) = publications([tagged(entry(published=dated(NOW - HOUR)))])
    assert (one.modified_at, one.updated_at) == (None, NOW - HOUR)


def test_updated_is_else_when_we_first_saw_it() -> None:
    (one,) = publications([tagged(entry(published=None))])
    assert (one.date, one.modified_at, one.updated_at) == (None, None, NOW)


def test_nothing_changes_later_than_it_was_seen() -> None:
    future = dated(NOW + 1000 * HOUR)
    (one,) = publications([tagged(entry(published=future))])
    assert (one.date, one.updated_at) == (future, NOW)
    (one,) = publications([tagged(entry(updated=dated(NOW + HOUR, element="updated")))])
    assert one.modified_at == NOW


def test_an_output_changed_when_its_latest_entry_did() -> None:
    older, newer = tagged(entry("One")), tagged(entry("Two"), revised_at=NOW + HOUR)
    assert updated_at(publications([newer, older])) == NOW + HOUR
    assert updated_at(()) == NEVER


def test_the_credit_is_the_feeds_title_or_the_next_best() -> None:
    assert credit(source(title="News", name="wire")) == "News"
    assert credit(source(title=" ", name="wire")) == "wire"
    assert credit(source(title="", name="", link="https://a.example/")) == "https://a.example/"
    assert credit(source(title="", name="")) == "Unknown source"


def test_the_path_of_a_file_is_not_told() -> None:
    file = source(key="inbox/secret.xml")
    assert source_url(file) is None
    assert source_id(file).startswith("urn:aggregator:feed:")
    assert "secret" not in source_id(file)
    assert source_id(file) != source_id(source(key="inbox/other.xml"))


def test_credentials_in_an_address_are_not_told() -> None:
    private = source(key="https://user:secret@news.example/rss")
    assert source_url(private) == source_id(private) == "https://news.example/rss"
    unnamed = replace(private, name=private.key, title="")
    assert source_name(unnamed) == credit(unnamed) == "https://news.example/rss"
    assert source_name(source(name="https://named@so/")) == "https://named@so/"


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("https://news.example/terms", "https://news.example/terms"),
        ("tag:news.example,2024:terms", "tag:news.example,2024:terms"),
        ("terms", "urn:aggregator:publisher-category"),
        (None, "urn:aggregator:publisher-category"),
        ("urn:aggregator:tag", "urn:aggregator:publisher-category"),
    ],
)
def test_a_publishers_category_never_takes_our_scheme(scheme: str | None, expected: str) -> None:
    assert category_scheme(scheme) == expected


def test_an_output_is_identified_by_its_address_or_its_name() -> None:
    assert channel_id("sahel", "https://a.example/sahel.atom") == "https://a.example/sahel.atom"
    assert channel_id("sahel") == "urn:aggregator:output:sahel"
    assert channel_id("le sahel: été") == "urn:aggregator:output:le%20sahel%3A%20%C3%A9t%C3%A9"


def test_a_copy_is_left_out_and_the_first_seen_stays() -> None:
    first = tagged(entry("Talks", guid=GUID))
    copy = tagged(
        entry("Talks", feed="https://copy.example/", guid=GUID), seen_at=NOW + timedelta(1)
    )
    other = tagged(entry("Another page", guid=GUID), seen_at=NOW + timedelta(1))
    assert without_copies([copy, other, first]) == (other, first)
    assert without_copies([copy], {"archived": GUID}) == ()
    assert without_copies([copy], {copy.entry.id: GUID}) == (copy,)
