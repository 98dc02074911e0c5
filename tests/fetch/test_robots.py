"""What a robots.txt lets us ask for, by RFC 9309."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.robots import MOST_BYTES, allows


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        ("", True),
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow:", True),
        ("\ufeffUSER-AGENT : *  # all\r\nDISALLOW : /feed # x", False),
        ("User-agent: *\rDisallow: /fee", False),
        ("Disallow: /", True),
        ("User-agent: other\nDisallow: /", True),
        ("User-agent: aggregator\nDisallow: /feed", False),
        ("User-agent: Aggregator\nUser-agent: other\nDisallow: /feed", False),
        ("User-agent: *\nDisallow: /\nUser-agent: aggregator\nDisallow: /x", True),
        ("User-agent: *\nDisallow: /\nUser-agent: aggregator\nDisallow:", True),
        ("User-agent: aggregator\nAllow: /\nUser-agent: *\nDisallow: /", True),
        ("User-agent: aggregator\nDisallow: /x\nUser-agent: aggregator\nDisallow: /feed", False),
        ("User-agent: *\nDisallow: /feed\nAllow: /feed.xml", True),
        ("User-agent: *\nAllow: /feed.xml\nDisallow: /feed.xml", True),
        ("User-agent: *\nAllow: /\nDisallow: /feed.xml", False),
        ("User-agent: *\nDisallow: /*.xml$", False),
        ("User-agent: *\nDisallow: /*.xml$\nAllow: /f*d.xml$", True),
        ("User-agent: *\nDisallow: /feed$", True),
        ("User-agent: *\nDisallow: *xml", False),
        ("User-agent: *\nDisallow: /feed.xml*l$", True),
        ("User-agent: *\nDisallow: /%66eed", False),
        ("User-agent: *\nCrawl-delay: ²\nSitemap: x\nDisallow: /feed", False),
        ("<html>User-agent: *</html>", True),
    ],
)
def test_the_longest_pattern_of_our_group_decides(robots: str, allowed: bool) -> None:
    assert allows(robots.encode(), "https://news.example/feed.xml") is allowed


def test_the_query_counts_too() -> None:
    robots = b"User-agent: *\nDisallow: /*?feed="
    assert not allows(robots, "https://news.example/?feed=rss2")
    assert allows(robots, "https://news.example")


@given(st.binary(max_size=200) | st.text("*$/a\n: disallow").map(str.encode))
def test_any_file_has_a_meaning(robots: bytes) -> None:
    assert allows(b"User-agent: *\n" + robots, "https://news.example/feed") in (True, False)


def test_a_large_file_takes_no_time() -> None:
    robots = b"User-agent: *\n" + b"Disallow: /" + b"*a" * MOST_BYTES + b"\nDisallow: /"
    began = time.process_time()
    assert allows(robots, "https://news.example/aaaaaaaaaaaaaaab")
    assert time.process_time() - began < 0.5
