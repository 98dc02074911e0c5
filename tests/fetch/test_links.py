"""Link headers (RFC 8288): what they say, and that nothing in them can do harm."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aggregator.fetch.links import MOST_LINKS, read_links
from aggregator.model.fetching import Link
from aggregator.urls import fetchable

URL = "https://news.example/world/feed"


def read(*lines: str) -> tuple[Link, ...]:
    return read_links(tuple((b"Link", line.encode()) for line in lines), URL)


@pytest.mark.parametrize(
    ("line", "links"),
    [
        ("</hub>; rel=hub", [Link("hub", "https://news.example/hub")]),
        ('<?page=2>; REL="Next"', [Link("next", f"{URL}?page=2")]),
        ("<https://h.example>;rel=hub", [Link("hub", "https://h.example")]),
        (
            '<a>;rel="self  hub"',
            [Link(each, "https://news.example/world/a") for each in ("self", "hub")],
        ),
        (
            '<x?a=1,2;3> ; rel = "self" , <y>;rel=next',
            [
                Link("self", "https://news.example/world/x?a=1,2;3"),
                Link("next", "https://news.example/world/y"),
            ],
        ),
        (
            '</f>; title="News, \\"all\\"; of it"; rel="alternate";type="Application/RSS+xml;v=2"',
            [
                Link(
                    "alternate",
                    "https://news.example/f",
                    "application/rss+xml",
                    'News, "all"; of it',
                )
            ],
        ),
        (
            "</f>;rel=alternate;title=Plain;title*=utf-8'fr'L%27%C3%A9t%C3%A9",
            [Link("alternate", "https://news.example/f", None, "L'été")],
        ),
        ("</f>;rel=next;rel=hub", [Link("next", "https://news.example/f")]),
        ("</f>;;;rel=next;", [Link("next", "https://news.example/f")]),
        (f'</f>;rel=hub;anchor="{URL}"', [Link("hub", "https://news.example/f")]),
        ('</f>;rel=hub;anchor="/other"', []),
        ("</f>", []),
        ('</f>; rel=""', []),
        ("<mailto:a@b.example>; rel=hub", []),
        ('<f; rel=hub, </g>; rel="hub', []),
        ("garbage, </f>; rel=hub", [Link("hub", "https://news.example/f")]),
        ("", []),
    ],
)
def test_a_link_header_is_read_by_its_grammar(line: str, links: list[Link]) -> None:
    assert read(line) == tuple(links)


def test_several_lines_are_one_list() -> None:
    assert [link.relation for link in read("<a>;rel=self", "<b>;rel=hub, <a>;rel=self")] == [
        "self",
        "hub",
    ]


def test_what_is_whole_is_kept_to_the_byte() -> None:
    for topic in ("https://T.example?", "HTTPS://t.example/a/../b", "https://t.example"):
        assert read(f"<{topic}>;rel=self")[0].url == topic


HOSTILE = st.one_of(
    st.binary(max_size=200),
    st.lists(st.sampled_from([b"<", b">", b",", b";", b'"', b"\\", b"=", b"rel", b"a", b" "])).map(
        b"".join
    ),
)


@given(HOSTILE)
@example(b"</f>;rel=" + b"\\" * 9 + b'"')
def test_any_header_is_read_without_complaint(line: bytes) -> None:
    for link in read_links(((b"link", line),), URL):
        assert link.relation == link.relation.lower().strip() != ""
        assert fetchable(link.url)


@pytest.mark.parametrize("piece", ["<", "<a>", '<a>;b="', "<a>;", ",", "<a>; rel=x ", '"\\'])
def test_a_header_as_long_as_any_may_be_takes_no_time(piece: str) -> None:
    began = time.process_time()
    assert len(read(piece * (65_536 // len(piece)))) <= MOST_LINKS
    assert time.process_time() - began < 0.5
