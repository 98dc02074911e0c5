"""What a document is, by its first element."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.parse.sniff import JsonObject, Nothing, Other, Sniffed, WebPage, XmlFeed, sniff


@pytest.mark.parametrize(
    ("text", "sniffed"),
    [
        ("", Nothing()),
        (" \n", Nothing()),
        ('  {"a": 1}', JsonObject()),
        ("[1, 2]", Other("a JSON list")),
        ("<rss>", XmlFeed()),
        ("<RSS>", XmlFeed()),
        ("<?xml version='1.0'?><!-- x --><?pi?>\n<rdf:RDF>", XmlFeed()),
        ("<r:RDF>", XmlFeed()),
        ("<a:feed xmlns:a='x'>", XmlFeed()),
        ("<channel>", XmlFeed()),
        ("<!DOCTYPE html><rss>", XmlFeed()),
        ("<!doctype HTML>\n<p>", WebPage()),
        ("<!DOCTYPE html> plain words", WebPage()),
        ("<HTML>", WebPage()),
        ("<html><!-- <rss version='2.0'> --></html>", WebPage()),
        ("<head><title>x</title>", WebPage()),
        ("<br/>Warning<?xml version='1.0'?><rss version='2.0'>", XmlFeed(33)),
        ("stray line\n<feed xmlns='http://www.w3.org/2005/Atom'>", XmlFeed(11)),
        ("a word on <rss> tags", Other("neither XML nor JSON")),
        ("/etc/passwd", Other("neither XML nor JSON")),
        ("<opml version='2'>", Other("XML, but its first element <opml> is not that of a feed")),
        ("<a:b>", Other("XML, but its first element <a:b> is not that of a feed")),
    ],
)
def test_the_first_element_says_what_it_is(text: str, sniffed: Sniffed) -> None:
    assert sniff(text) == sniffed


@given(st.text(alphabet="<>!?-{}[]rsfeedhtmlDOCTYPE \n'=", max_size=60))
def test_everything_is_something(text: str) -> None:
    assert isinstance(sniff(text), XmlFeed | JsonObject | WebPage | Nothing | Other)
