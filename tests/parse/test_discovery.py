"""Which feeds a web page names."""

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.parse.discovery import FoundFeed, find_feeds
from tests.parse.documents import document

PAGE = "https://blog.example/about/"


def found(head: str) -> tuple[FoundFeed, ...]:
    body = f"<!DOCTYPE html><html><head>{head}</head><body><p>Words</body></html>"
    return find_feeds(document(body, "text/html", PAGE))


def link(href: str, media_type: str = "application/rss+xml", rest: str = "") -> str:
    return f'<link rel="alternate" type="{media_type}" href="{href}" {rest}>'


def test_feeds_are_found_in_the_order_of_the_page() -> None:
    head = (
        link("/atom", "application/atom+xml", 'title="All  posts &amp; notes"')
        + link("rss", "Application/RSS+XML; charset=utf-8")
        + link("https://other.example/feed.json", "application/feed+json", 'title="JSON"')
    )
    assert found(head) == (
        FoundFeed("https://blog.example/atom", "All posts & notes", "application/atom+xml"),
        FoundFeed("https://blog.example/about/rss", "", "application/rss+xml"),
        FoundFeed("https://other.example/feed.json", "JSON", "application/feed+json"),
    )


def test_the_pages_base_is_honoured() -> None:
    assert found('<base target="x"><base href="/de/">' + link("rss"))[0].url == (
        "https://blog.example/de/rss"
    )
    assert found('<base href="https://cdn.example/x/y">' + link("rss"))[0].url == (
        "https://cdn.example/x/rss"
    )


def test_a_base_that_is_no_address_is_ignored() -> None:
    assert found('<base href="javascript:1">' + link("rss"))[0].url == (
        "https://blog.example/about/rss"
    )


def test_an_address_is_named_once_under_its_first_title() -> None:
    feeds = found(link("/rss", rest='title="One"') + link("/rss", rest='title="Two"'))
    assert [feed.title for feed in feeds] == ["One"]


def test_other_links_are_no_feeds() -> None:
    head = """<link rel="stylesheet" type="text/css" href="a.css">
        <link rel="alternate" hreflang="fr" href="/fr">
        <link rel="alternate" type="text/html" href="/m">
        <link type="application/rss+xml" href="/norel">
        <link rel="alternate" type="application/rss+xml">
        <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
        <!-- <link rel="alternate" type="application/rss+xml" href="/commented"> -->
        <link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/7">"""
    assert found(head) == ()


def test_rel_may_name_several_relations() -> None:
    head = '<link rel="home ALTERNATE" type="text/xml" href="/rss">'
    assert found(head)[0].url == "https://blog.example/rss"


def test_plain_json_counts_if_it_is_called_a_feed() -> None:
    assert found(link("/feed.json", "application/json"))[0].url == "https://blog.example/feed.json"


def test_links_in_the_body_count_too() -> None:
    body = f"<p>Hello</p>{link('/rss')}"
    assert [feed.url for feed in find_feeds(document(body, None, PAGE))] == [
        "https://blog.example/rss"
    ]


def test_titles_are_read_in_the_pages_encoding() -> None:
    body = f'<head><meta charset="windows-1251">{link("/rss", rest=chr(116) + "itle=Новости")}'
    feeds = find_feeds(document(body.encode("cp1251"), "text/html", PAGE))
    assert feeds[0].title == "Новости"


def test_a_document_that_is_no_page_names_nothing() -> None:
    for body in ("", " ", "words", '{"a": 1}', "<rss version='2.0'><channel/></rss>"):
        assert find_feeds(document(body, None, PAGE)) == ()


def test_deep_nesting_is_no_trouble() -> None:
    assert find_feeds(document("<div>" * 100_000 + link("/rss"), None, PAGE)) == ()


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [link("/rss"), "<base href='", "<link", " rel=alternate", ">", "<!--", "\0"]
        )
        | st.text(max_size=5),
        max_size=15,
    ).map("".join)
)
def test_finding_is_total_and_finds_absolute_addresses(body: str) -> None:
    for feed in find_feeds(document(body, None, PAGE)):
        assert feed.url.startswith(("https://", "http://"))
