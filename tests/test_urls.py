import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.canonical.form import canonical
from aggregator.urls import (
    MAX_URL,
    fetchable,
    fragment,
    host,
    names_a_page,
    resolve,
    without_credentials,
    without_feed_scheme,
)

DOCUMENT = "https://news.example/africa/feed.xml"

# Of which addresses are made, and broken.
PIECES = """
http https : / // ? # & = ; % %2f %41 %zz . .. @ [ ] [::1] :80 :443 :8080 :x www. a.example
Ä.example xn--4ca.example /a/ /A /./ /../ utm_source=x a=1 a=2 b= é \\ é #!x #/r #s jsessionid=1
;jsessionid=1 javascript:
"""
BROKEN = ("\x00", "\t", " ", "\ud800", "\u202e")
PIECE = st.sampled_from((*PIECES.split(), *BROKEN))
ADDRESSES = st.one_of(
    st.text(max_size=60),
    st.lists(PIECE, max_size=8).map("".join),
    st.lists(PIECE, max_size=8).map(lambda pieces: "https://a.example" + "".join(pieces)),
)


@pytest.mark.parametrize(
    ("link", "absolute"),
    [
        ("story.html", "https://news.example/africa/story.html"),
        ("/story.html", "https://news.example/story.html"),
        ("../mali?id=1#top", "https://news.example/mali?id=1#top"),
        ("?id=1", "https://news.example/africa/feed.xml?id=1"),
        ("//cdn.example/a.jpg", "https://cdn.example/a.jpg"),
        ("\\images\\a.jpg", "https://news.example/images/a.jpg"),
        ("HTTP://Other.example", "http://Other.example"),
        ("  https://other.example/a\n  b ", "https://other.example/a%20%20b"),
        ("https://other.example/a b?q=c d#e f", "https://other.example/a%20b?q=c%20d#e%20f"),
        ("https://other.example/100%", "https://other.example/100%25"),
        ("https://other.example/%C3%A9", "https://other.example/%C3%A9"),
        ("https://مثال.example/مالي", "https://مثال.example/مالي"),
        ("https://other.example/\u202egpj.exe", "https://other.example/%E2%80%AEgpj.exe"),
        ("https://other.example/a#b#c", "https://other.example/a#b%23c"),
        ("https://[2001:db8::1]:8080/a", "https://[2001:db8::1]:8080/a"),
        ("https://reader:secret@other.example/", "https://reader:secret@other.example/"),
    ],
)
def test_a_link_becomes_absolute_and_stays_the_publishers_own(link: str, absolute: str) -> None:
    assert resolve(DOCUMENT, link) == absolute


@pytest.mark.parametrize(
    "link",
    [
        "",
        " \n ",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,hello",
        "ftp://files.example/a",
        "mailto:desk@news.example",
        "tag:news.example,2026:1",
        "urn:uuid:1",
        "http://[::1",
        "http://",
        "https:///story",
        "http://a b.example/",
        "http://a.example:port/",
        "http://a.example:99999/",
        "http://a.example:0/",
        "http://some body@a.example/",
        "http://ex%41mple.com/",
        "http://a℀b.example/",
        "https://news.example/" + "a" * MAX_URL,
    ],
)
def test_what_is_no_web_address_is_none(link: str) -> None:
    assert resolve(DOCUMENT, link) is None


def test_a_relative_link_needs_a_base_that_is_a_web_address() -> None:
    assert resolve(None, "story.html") is None
    assert resolve(None, "https:///story.html") is None
    assert resolve("file:///srv/feed.xml", "story.html") is None
    assert resolve("http://[::1", "/story.html") is None
    assert resolve("file:///srv/feed.xml", "//cdn.example/a") == "https://cdn.example/a"


@settings(max_examples=200, deadline=None)
@given(st.none() | ADDRESSES, ADDRESSES)
def test_resolving_never_fails_and_resolving_twice_changes_nothing(
    base: str | None, link: str
) -> None:
    absolute = resolve(base, link)
    if absolute is not None:
        assert fetchable(absolute)
        assert resolve(None, absolute) == absolute
        absolute.encode("utf-8")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://News.Example.:8080/a", "news.example"),
        ("http://reader@news.example/", "news.example"),
        ("http://[::1]/", "::1"),
        ("https://Zürich.example/", "xn--zrich-kva.example"),
        ("https://xn--zrich-kva.example/", "xn--zrich-kva.example"),
        ("file:///srv/feed.xml", None),
        ("http://[::1", None),
        ("news.example/a", None),
    ],
)
def test_the_host_is_lower_case_without_port(url: str, expected: str | None) -> None:
    assert host(url) == expected
    assert fetchable(url) == (expected is not None)


def test_the_front_page_names_no_entry() -> None:
    assert not names_a_page(canonical("https://news.example"))
    assert not names_a_page("not an address")
    assert names_a_page(canonical("https://news.example/mali"))
    assert names_a_page(canonical("https://news.example/?p=1"))
    assert names_a_page(canonical("https://news.example/#!mali"))


def test_a_fragment_counts_unless_it_tells_how_the_reader_came() -> None:
    assert fragment("https://a.example/changes#v2") == "v2"
    assert fragment("https://a.example/changes") == ""
    assert fragment("https://a.example/changes#xtor=RSS-1") == ""
    assert fragment("https://a.example/changes#:~:text=Mali") == ""


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:secret@news.example/rss", "https://news.example/rss"),
        ("feed:https://me@news.example:8080/@ana", "feed:https://news.example:8080/@ana"),
        ("https://me:p@ss@news.example?to=//a@b", "https://news.example?to=//a@b"),
        ("https://news.example/@ana//x@y", "https://news.example/@ana//x@y"),
        ("./inbox/a@b.xml", "./inbox/a@b.xml"),
    ],
)
def test_an_address_can_be_told_without_its_credentials(url: str, shown: str) -> None:
    assert without_credentials(url) == shown


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("feed:https://news.example/rss", "https://news.example/rss"),
        ("FEED://news.example/rss", "http://news.example/rss"),
        ("https://news.example/feed:1", "https://news.example/feed:1"),
        ("feed", "feed"),
        ("feeds/a.xml", "feeds/a.xml"),
    ],
)
def test_the_scheme_feed_stands_before_a_web_address(url: str, meant: str) -> None:
    assert without_feed_scheme(url) == meant
