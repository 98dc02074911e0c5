"""Tests of which hosts are asked by https alone."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.fetch.exchange import Response
from aggregator.fetch.strict import LONGEST, StrictHosts, read_strict
from aggregator.model.fetching import Strict
from tests.builders import NOW

URL = "https://feeds.example/feed"
HOUR = timedelta(hours=1)


def heard(*lines: bytes, url: str = URL) -> Strict | None:
    headers = tuple((b"Strict-Transport-Security", line) for line in lines)
    return read_strict(Response(url, 200, headers), NOW)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"max-age=3600", Strict("feeds.example", NOW + HOUR)),
        (b' MAX-AGE = "3600" ; includeSubDomains ', Strict("feeds.example", NOW + HOUR, True)),
        (b"max-age=3600; preload; x=y;;", Strict("feeds.example", NOW + HOUR)),
        (b"max-age=0", Strict("feeds.example", NOW)),
        (b"max-age=" + b"9" * 40, Strict("feeds.example", NOW + LONGEST)),
        (b"includeSubDomains", None),
        (b"max-age=-1", None),
        (b"max-age=3600; max-age=0", None),
        (b"max-age 3600", None),
        (b"", None),
    ],
)
def test_row_45_a_header_is_read_by_its_grammar(line: bytes, expected: Strict | None) -> None:
    assert heard(line) == expected


def test_row_45_the_first_of_several_headers_counts() -> None:
    assert heard(b"max-age=3600", b"max-age=0") == Strict("feeds.example", NOW + HOUR)


@pytest.mark.parametrize("url", ["http://feeds.example/", "https://192.0.2.1/", "https://[::1]/"])
def test_row_45_only_a_name_asked_by_https_is_heard(url: str) -> None:
    assert heard(b"max-age=3600", url=url) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://feeds.example/feed?a#b", "https://feeds.example/feed?a#b"),
        ("HTTP://FEEDS.example:80", "https://FEEDS.example"),
        ("http://feeds.example:8080/feed", "https://feeds.example:8080/feed"),
        ("http://a.b.feeds.example./feed", "https://a.b.feeds.example./feed"),
        ("http://deep.other.example/", "http://deep.other.example/"),
        ("http://other.example/", "https://other.example/"),
        ("http://old.example/", "http://old.example/"),
        ("http://xfeeds.example/", "http://xfeeds.example/"),
        ("http://192.0.2.1/", "http://192.0.2.1/"),
        ("https://feeds.example/", "https://feeds.example/"),
    ],
)
def test_row_45_https_is_asked_where_a_host_or_one_above_it_wants_that(
    url: str, expected: str
) -> None:
    hosts = StrictHosts(
        [
            Strict("feeds.example", NOW + HOUR, subdomains=True),
            Strict("other.example", NOW + HOUR),
            Strict("old.example", NOW),
            Strict("192.0.2.1", NOW + HOUR),
        ]
    )
    assert hosts.upgraded(url, NOW) == expected


def test_row_45_the_last_word_counts() -> None:
    hosts = StrictHosts([Strict("feeds.example", NOW + HOUR)])
    hosts.learn(Strict("feeds.example", NOW))
    assert hosts.upgraded("http://feeds.example/", NOW) == "http://feeds.example/"


@settings(max_examples=50)
@given(st.binary(max_size=40))
def test_no_header_is_too_strange(line: bytes) -> None:
    found = heard(line)
    assert found is None or found.until <= NOW + LONGEST
