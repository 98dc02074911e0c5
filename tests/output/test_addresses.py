"""Which addresses and ids may stand in an XML feed."""

import pytest
from hypothesis import given

from aggregator.output.addresses import (
    email,
    enclosure_url,
    file_type,
    is_absolute_id,
    media_type,
    uri,
)
from tests.output.hostile import links


@pytest.mark.parametrize(
    "guid",
    [
        "https://news.example/2024/04/22/rabat?id=17#top",
        "http://news.example",
        "tag:news.example,2024-04-22:rabat/17",
        "tag:desk@news.example,2024:17",
        "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
        "urn:aggregator:agnklok57j5h7bj3",
        "urn:ISBN:978-3-16-148410-0",
    ],
)
def test_an_absolute_uri_is_an_id(guid: str) -> None:
    assert is_absolute_id(guid)


@pytest.mark.parametrize(
    "guid",
    [
        "",
        "17",
        "post:17",
        "https://user:secret@news.example/17",
        "/2024/rabat",
        "//news.example/rabat",
        "https:///rabat",
        "https://news.example/été",
        "https://news.example/a b",
        "https://news.example/100%",
        "https://étés.example/",
        "https://news.example/\n",
        "tag:news.example:17",
        "tag:news.example,24:17",
        "urn:uuid:17",
        "urn:x:17",
        "urn:news:",
        "URL of the article: https://news.example/",
    ],
)
def test_anything_else_is_no_id(guid: str) -> None:
    assert not is_absolute_id(guid)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://news.example/a?b=c&d=%20#e", "https://news.example/a?b=c&d=%20#e"),
        ("https://news.example/a b|c", "https://news.example/a%20b%7Cc"),
        ("https://news.example/été", "https://news.example/%C3%A9t%C3%A9"),
        ("https://bücher.example:81/", "https://xn--bcher-kva.example:81/"),
        ("https://news.example/100%#a#b", "https://news.example/100%25#a%23b"),
        ("https://user:secret@news.example/", "https://news.example/"),
        ("http://[::1]:8000/x", None),
        ("HTTP://news.example", "HTTP://news.example"),
        ("mailto:desk@news.example", "mailto:desk@news.example"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("/rabat", None),
        ("http://", None),
        ("http:///rabat", None),
        ("http://[broken/", None),
        ("http://..é/", None),
        ("", None),
        (None, None),
    ],
)
def test_a_link_is_written_in_ascii_or_left_out(link: str | None, expected: str | None) -> None:
    assert uri(link) == expected


@given(links)
def test_a_written_link_is_ascii_and_stays_as_it_is(link: str) -> None:
    address = uri(link)
    if address is not None:
        assert address.isascii()
        assert address.isprintable()
        assert not set(address) & set(' <>"{}|\\^`')
        assert uri(address) == address


def test_an_enclosure_needs_a_dotted_host() -> None:
    assert enclosure_url("https://files.example/a b.mp3") == "https://files.example/a%20b.mp3"
    assert enclosure_url("https://localhost/a.mp3") is None
    assert enclosure_url("ftp://files.example/a.mp3") is None
    assert enclosure_url("nonsense") is None


def test_a_media_type_loses_its_parameters() -> None:
    assert media_type("audio/mpeg; codecs=mp3") == "audio/mpeg"
    assert media_type("mp3") is None
    assert media_type("audio/") is None
    assert media_type(None) is None


@pytest.mark.parametrize(
    ("told", "url", "expected"),
    [
        ("audio/ogg", "https://a.example/1.mp3", "audio/ogg"),
        (None, "https://a.example/1.MP3?session=7.jpg", "audio/mpeg"),
        ("image", "https://a.example/picture.jpeg", "image/jpeg"),
        (None, "https://a.example/file", "application/octet-stream"),
        (None, "https://[::1", "application/octet-stream"),
    ],
)
def test_a_file_without_a_type_has_that_of_its_name(
    told: str | None, url: str, expected: str
) -> None:
    assert file_type(told, url) == expected


def test_a_mail_address_is_one_or_nothing() -> None:
    assert email("desk@news.example") == "desk@news.example"
    assert email("desk@news") is None
    assert email("Desk <desk@news.example>") is None
    assert email("") is None
