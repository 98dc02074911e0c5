"""Tags that do not fit together are put right."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from aggregator.parse.balancing import balance


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<a>x</a>", "<a>x</a>"),
        ("<item><b>x</item>", "<item><b>x</b></item>"),
        ("<title>x</titel>", "<title>x</title>"),
        ("<title>x</b></title>", "<title>x</title>"),
        ("<Title>x</TITLE>", "<Title>x</Title>"),
        ("<a><b>x</a>y</b>", "<a><b>x</b></a>y"),
        ("<a>x < y <3</a>", "<a>x &lt; y &lt;3</a>"),
        ("<a>x <y and z</a>", "<a>x &lt;y and z</a>"),
        ("<a><![CDATA[<b>]]></a>", "<a><![CDATA[<b>]]></a>"),
        ("<a b=c d='e' d=f g/>", '<a b="c" d="e" g="g"/>'),
        ("<a b='1'c='2'/>", '<a b="1" c="2"/>'),
        ("<a b=“1”/>", '<a b="1"/>'),
        ("<a b='x&quot;y&lt;'/>", "<a b='x\"y&lt;'/>"),
        ("<a xmlns:b='' xmlns:xml='c'/>", "<a/>"),
        ("<a>\n<b\nc=d\n></a>", '<a>\n<b c="d">\n\n</b></a>'),
        ("<a><1>x</1></a>", "<a>&lt;1>x&lt;/1></a>"),
        ("<a><b:c:d/></a>", '<a xmlns:b="urn:undeclared:b"><b:c_d/></a>'),
        ("<a><dc:b/></a>", '<a xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:b/></a>'),
        ("<a xmlns:dc='u'><dc:b/></a>", '<a xmlns:dc="u"><dc:b/></a>'),
        ("<a><b xml:lang='c'/></a>", '<a><b xml:lang="c"/></a>'),
    ],
)
def test_tags_are_put_right(written: str, read: str) -> None:
    assert balance(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<item>x<item>y</item>", "<item>x</item><item>y</item>"),
        ("<item><b>x<item>y</item>", "<item><b>x</b></item><item>y</item>"),
        (
            "<item><title>x<link>y</link></item>",
            "<item><title>x</title><link>y</link></item>",
        ),
        (
            "<entry><link href='x'><title>y</title></entry>",
            '<entry><link href="x"></link><title>y</title></entry>',
        ),
        (
            "<item><description><b>x<pubDate>y</pubDate></item>",
            "<item><description><b>x</b></description><pubDate>y</pubDate></item>",
        ),
        (
            "<item><description>x<title>y</title></description></item>",
            "<item><description>x<title>y</title></description></item>",
        ),
        (
            "<entry><author><name>x</name></author></entry>",
            "<entry><author><name>x</name></author></entry>",
        ),
        (
            "<rss><channel><item>x</item></channel></rss><item>y</item>",
            "<rss><channel><item>x</item><item>y</item>",
        ),
        ("<rss><description>x<item>y</item>", "<rss><description>x</description><item>y</item>"),
        ("<item>titl>x</title><guid>y</guid></item>", "<item>titl>x<guid>y</guid></item>"),
        ("<item><guid>x</guid<link>y</link></item>", "<item><guid>x</guid><link>y</link></item>"),
        ("<rss><channel><item>x</channel></rss>", "<rss><channel><item>x</item></channel></rss>"),
    ],
)
def test_what_feeds_are_made_of_says_where_elements_end(written: str, read: str) -> None:
    assert balance(written) == read


def test_what_is_open_at_the_end_stays_open() -> None:
    assert balance("<rss><item><title>x") == "<rss><item><title>x"


TAGS = st.sampled_from(
    [
        *(
            "<a>",
            "</a>",
            "<a b=c>",
            "<x:y/>",
            "<item>",
            "</item>",
            "<title>",
            "</title>",
            "</titel>",
        ),
        *("<description>", "<b", "<", ">", '"', "=", "x", "\n", "<rss>", "</rss>"),
        *("<a b='1' b='2'>", "<a x:b=c>", "<é>", "</x:y>", "<a 1=2>", "<a b:=c>", "<:a>", "<a:>"),
        "<![CDATA[y]]>",
    ]
)


@given(st.lists(TAGS, max_size=25).map("".join))
def test_balancing_is_total_keeps_lines_and_leaves_nothing_ill_formed(text: str) -> None:
    balanced = balance(f"<whole>{text}")
    assert balanced.count("\n") == text.count("\n")
    etree.fromstring(f"{balanced}{closing(balanced)}")


def closing(text: str) -> str:
    """Return the end tags of what is open."""
    opened: list[str] = []
    for end, name, alone in re.findall(r"<!\[CDATA\[.*?\]\]>|<(/?)([^\s<>/!]+)[^<>]*?(/?)>", text):
        if end:
            opened.pop()
        elif name and not alone:
            opened.append(name)
    return "".join(f"</{name}>" for name in reversed(opened))
