"""Tests of locations: what an address means, taken apart without being rewritten."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import UrlUnusableError
from aggregator.fetch.location import locate, shown


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://news.example", b"/"),
        ("https://news.example/", b"/"),
        ("https://news.example?feed=rss2", b"/?feed=rss2"),
        ("https://news.example/feed?", b"/feed?"),
        ("https://news.example/a/../b/./c//d", b"/a/../b/./c//d"),
        ("https://news.example/%7Euser/%e9?q=%20+a&&b=[1]", b"/%7Euser/%e9?q=%20+a&&b=[1]"),
        ("https://news.example/feed;v=1?a='b'|c", b"/feed;v=1?a='b'|c"),
        ("https://news.example/feed#latest", b"/feed"),
        ("  https://news.example/feed\n", b"/feed"),
        ("https://news.example/Nouvelles du Mali/é?q=é", b"/Nouvelles%20du%20Mali/%C3%A9?q=%C3%A9"),
        ("https://news.example/\udce9", b"/%E9"),
        ("https://news.example/a\r\nX-Evil: 1", b"/a%0D%0AX-Evil:%201"),
    ],
)
def test_row_49_the_target_is_requested_as_it_is_written(url: str, target: bytes) -> None:
    assert locate(url).target == target


@pytest.mark.parametrize(
    ("url", "located"),
    [
        ("feed://news.example/rss", "http://news.example/rss"),
        ("feed:https://news.example/rss", "https://news.example/rss"),
        ("FEED:http://news.example/rss", "http://news.example/rss"),
        ("https://user:secret@news.example/rss#x", "https://news.example/rss"),
        ("HTTPS://News.Example/RSS", "https://News.Example/RSS"),
    ],
)
def test_row_49_the_url_is_kept_but_for_what_is_not_its_address(url: str, located: str) -> None:
    assert locate(url).url == located


@pytest.mark.parametrize(
    ("url", "root"),
    [
        ("http://News.Example/rss", "http://news.example:80/"),
        ("https://news.example:8443/rss", "https://news.example:8443/"),
        ("https://news.example:/rss", "https://news.example:443/"),
        ("http://[2606:4700::1111]:8080/rss", "http://[2606:4700::1111]:8080/"),
        ("http://good.example@evil.example/rss", "http://evil.example:80/"),
    ],
)
def test_the_root_is_whom_to_connect_to(url: str, root: str) -> None:
    assert locate(url).root == root


def test_user_info_becomes_basic_authorization() -> None:
    found = locate("https://j%C3%BCrgen:p%40ss:word@news.example/rss").authorization
    assert found == b"Basic " + base64.b64encode("jürgen:p@ss:word".encode())
    assert locate("https://news.example/rss").authorization is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "news.example/rss",
        "/etc/passwd",
        "file:///etc/passwd",
        "ftp://news.example/rss",
        "gopher://news.example/rss",
        "data:text/xml,<rss/>",
        "javascript:alert(1)",
        "unix:///run/docker.sock",
        "http+unix://%2Frun%2Fdocker.sock/info",
        "http:///rss",
        "http://",
        "http://:80/rss",
        "http://user@/rss",
        "http://news.example:0/rss",
        "http://news.example:25/rss",
        "http://news.example:65536/rss",
        "http://news.example:http/rss",
        "http://news.example:80:80/rss",
        "http://[::1/rss",
        "http://::1/rss",
        "http://.example/rss",
        "http://news example/rss",
        "http://news%2eexample/rss",
        "http://news.example\\@evil.example/rss",
        "http://news.example\x00.evil.example/rss",
        "http://news.example\udce9/rss",
    ],
)
def test_row_71_only_web_addresses_can_be_requested(url: str) -> None:
    with pytest.raises(UrlUnusableError) as caught:
        locate(url)
    assert not caught.value.transient
    assert str(caught.value).endswith(".")


@given(st.text())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        location = locate(f"https://news.example/{text}")
    except UrlUnusableError:
        return
    assert location.target.isascii()
    assert not set(location.target) & set(b" \r\n\t\x00#")
    assert locate(location.url) == location


def test_user_info_of_bytes_that_are_no_utf8_is_sent_as_it_is() -> None:
    found = locate("https://j\udcfc:p@news.example/rss").authorization
    assert found == b"Basic " + base64.b64encode(b"j\xfc:p")


def test_secrets_and_control_characters_are_not_shown() -> None:
    assert shown("https://user:secret@news.example/\x1b[31m") == "https://news.example/␛[31m"
    assert len(shown("https://news.example/" + "a" * 9000)) < 400
    with pytest.raises(UrlUnusableError) as caught:
        locate("ftp://user:secret@news.example/")
    assert "secret" not in str(caught.value)
