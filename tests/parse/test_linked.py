"""What a document says of its own place, in each format."""

import pytest

from aggregator.model.fetching import Link
from aggregator.model.raw import RawFeed
from aggregator.parse.document import parse_document
from aggregator.parse.linked import MOST_LINKS
from tests.data.feeds import URL
from tests.parse.documents import document, rss

ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"{}><title>x</title>{}</feed>'
IN_RSS = 'xmlns:a="http://www.w3.org/2005/Atom"'


def read(text: str) -> RawFeed:
    return parse_document(document(text))


def pairs(text: str) -> list[tuple[str, str]]:
    return [(link.relation, link.url) for link in read(text).links]


LINKS = (
    '<{0}link {1} rel="self" href="https://t.example?"/>'
    '<{0}link {1} rel="hub" href="https://h.example/"/>'
    '<{0}link {1} rel="HUB" href="https://i.example/"/>'
    '<{0}link {1} rel="next" href="?page=2"/>'
    '<{0}link {1} rel="http://www.iana.org/assignments/relation/prev-archive" href="/2023"/>'
    '<{0}link {1} rel="alternate" href="/"/><{0}link {1} rel="next"/>'
    '<{0}link {1} rel="self" href="javascript:alert(1)"/>'
)
FOUND = [
    ("self", "https://t.example?"),
    ("hub", "https://h.example/"),
    ("hub", "https://i.example/"),
    ("next", f"{URL}?page=2"),
    ("prev-archive", "https://example.org/2023"),
]
ENTRY = '<entry><id>1</id><link rel="next" href="/of-an-entry"/></entry>'


@pytest.mark.parametrize(
    "text",
    [
        ATOM.format("", LINKS.format("", "") + ENTRY),
        ATOM.format("", ENTRY + LINKS.format("", "")),
        rss("<item><title>t</title></item>", LINKS.format("a:", IN_RSS)),
        rss("", LINKS.format("atom10:", 'xmlns:atom10="http://www.w3.org/2005/Atom"')),
    ],
)
def test_the_links_of_a_document_are_those_in_its_head(text: str) -> None:
    assert pairs(text) == FOUND


def test_a_link_is_relative_to_the_base_in_scope() -> None:
    text = ATOM.format(' xml:base="https://b.example/x/"', '<link rel="next" href="2"/>')
    assert pairs(text) == [("next", "https://b.example/x/2")]


@pytest.mark.parametrize(
    ("cloud", "url"),
    [
        (
            'domain="rpc.example" port="80" path="/RPC2" registerProcedure="p" protocol="soap"',
            "http://rpc.example:80/RPC2",
        ),
        ('domain="rpc.example"', "http://rpc.example:80/"),
        ('domain="rpc.example" port="8443" protocol="https-post"', "https://rpc.example:8443/"),
        ('domain="rpc.example" port="x"', None),
        ('path="/"', None),
    ],
)
def test_a_cloud_is_recorded(cloud: str, url: str | None) -> None:
    assert pairs(rss("", f"<title>t</title><cloud {cloud}/>")) == ([("cloud", url)] if url else [])


def test_json_feeds_name_hubs_and_pages_too() -> None:
    text = (
        '{"version": "https://jsonfeed.org/version/1.1", "feed_url": "https://t.example/f",'
        ' "next_url": "?2", "hubs": [{"type": "WebSub", "url": "https://h.example/"},'
        ' {"type": "rssCloud", "url": "/cloud"}, {"type": "WebSub"}, {"url": 1}, 2]}'
    )
    assert pairs(text) == [
        ("self", "https://t.example/f"),
        ("next", f"{URL}?2"),
        ("hub", "https://h.example/"),
        ("cloud", "https://example.org/cloud"),
    ]


def test_of_very_many_links_the_first_are_kept() -> None:
    many = "".join(f'<link rel="hub" href="https://h{n}.example/"/>' for n in range(MOST_LINKS + 9))
    links = read(ATOM.format("", many)).links
    assert len(links) == MOST_LINKS
    assert links[0] == Link("hub", "https://h0.example/")


HISTORY = 'xmlns:{0}="http://purl.org/syndication/history/1.0"'


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        (ATOM.format("", f"<fh:complete {HISTORY.format('fh')}/>"), True),
        (ATOM.format("", f"<h:complete {HISTORY.format('h')}></h:complete>"), True),
        (rss("", f"<title>t</title><fh:complete {HISTORY.format('fh')}/>"), True),
        (rss("<item><title>t</title><complete>1</complete></item>"), False),
        (rss("", "<title>t</title><complete>1</complete>"), False),
        (rss("", f"<title>t</title><fh:archive {HISTORY.format('fh')}/>"), False),
        (
            ATOM.format("", f"<entry><id>1</id><h:complete {HISTORY.format('h')}/></entry>"),
            False,
        ),
    ],
)
def test_a_feed_says_when_it_is_complete(text: str, complete: bool) -> None:
    found = read(text)
    assert found.complete is complete
    assert found.title is not None or not complete
