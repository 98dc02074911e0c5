"""Text that is nearly XML is put right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.parse.mending import mend, prolog


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<a>x &amp; y &lt; &#233; &#xE9;</a>", "<a>x &amp; y &lt; &#233; &#xE9;</a>"),
        ("<a>AT&T & co</a>", "<a>AT&amp;T &amp; co</a>"),
        ("<a href='?x=1&y=2'/>", "<a href='?x=1&amp;y=2'/>"),
        ("<a>&nbsp;&eacute;</a>", "<a>\xa0é</a>"),
        ("<a>&LT;b&QUOT;</a>", "<a>&amp;LT;b&amp;QUOT;</a>"),
        ("<a>&nothing;</a>", "<a>&amp;nothing;</a>"),
        ("<a>&#0;&#xFFFE;&#1114112;</a>", "<a>\ufffd\ufffd\ufffd</a>"),
        ("<a>&#99999999999999999999999;</a>", "<a>\ufffd</a>"),
        ("<a>&#000000000065;</a>", "<a>&#000000000065;</a>"),
        ("<a><![CDATA[&nbsp; & &#0;]]>&nbsp;</a>", "<a><![CDATA[&nbsp; & &#0;]]>\xa0</a>"),
        ("<a><!-- R&D\n-- < -->&nbsp;<?p &\n?></a>", "<a>\n\xa0\n</a>"),
        ("<a>x<!-- y</a>", "<a>x&lt;!-- y</a>"),
        ("<a>x<? y</a>", "<a>x&lt;? y</a>"),
        ("<a>x<!DOCTYPE html\n>y</a>", "<a>x\ny</a>"),
        ("<a>&#146;&#x93;&#150;</a>", "<a>\u2019\u201c\u2013</a>"),
        ("<a>&#226;&#128;&#166; &#xc3;&#xA9;&#233;</a>", "<a>… é&#233;</a>"),
        ("<a>&acirc;&#128;&#153;&Atilde;&copy;</a>", "<a>’é</a>"),
        ("<a>&#233;&#232;&#128;</a>", "<a>&#233;&#232;€</a>"),
        ("<a>x]]>y</a>", "<a>x]]&gt;y</a>"),
        ("<a><![cdata[x & y]]></a>", "<a><![CDATA[x & y]]></a>"),
        ("<a><! [CDATA[x]]></a>", "<a><! [CDATA[x]]&gt;</a>"),
        ("<a><![CDATA[x</a><a><![CDATA[y]]></a>", "<a><![CDATA[x]]></a><a><![CDATA[y]]></a>"),
        ("<a><![CDATA[x]></a><b>&</b>", "<a><![CDATA[x]]></a><b>&amp;</b>"),
        ("<a><![CDATA[x <![CDATA[y]]> z]]></a>", "<a><![CDATA[x y z]]></a>"),
        ("<a><![CDATA[x</b>", "<a><![CDATA[x</b>"),
    ],
)
def test_references_that_xml_cannot_read_are_put_right(written: str, read: str) -> None:
    assert mend(written).text == read


def test_each_kind_of_mistake_is_told_once() -> None:
    assert mend("<a>& & &nbsp;&eacute;&what; &#0;&#1;</a>").remarks == (
        "it has ampersands not escaped (line 1)",
        "it has entities that it does not declare (line 1)",
        "it refers to characters that do not exist (line 1)",
    )


def test_the_prolog_goes_and_its_lines_stay() -> None:
    text = '\n<?xml version="1.1"?>\n<!-- > -->\n<!DOCTYPE a [\n<!ENTITY b "]>">\n]>\n<a/>'
    assert mend(text).text == "\n" * 6 + "<a/>"


def test_a_declared_entity_that_is_short_plain_text_is_read() -> None:
    entities = """<!ENTITY co "Acme Ltd"><!ENTITY dash '&#8212;'><!ENTITY d2 "&#38;#x2014;">"""
    mended = mend(f"<!DOCTYPE a [{entities}]><a>&co; &dash; &d2;</a>")
    assert (mended.text, mended.remarks) == ("<a>Acme Ltd — —</a>", ())


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY x SYSTEM "file:///etc/passwd">',
        '<!ENTITY x PUBLIC "a" "https://evil.example/">',
        '<!ENTITY x "&y;&y;">',
        '<!ENTITY x "<b>">',
        '<!ENTITY x "&#60;b&#62;">',
        '<!ENTITY x "&#60;">',
        '<!ENTITY x "%y;">',
        f'<!ENTITY x "{"long " * 10}">',
    ],
)
def test_no_other_entity_is_ever_expanded(declaration: str) -> None:
    assert mend(f"<!DOCTYPE a [{declaration}]><a>&x;</a>").text == "<a>&amp;x;</a>"


def test_xmls_own_names_cannot_be_declared_anew() -> None:
    text = '<!DOCTYPE a [<!ENTITY amp "x"><!ENTITY lt "y">]><a>&amp;&lt;</a>'
    assert mend(text).text == "<a>&amp;&lt;</a>"


def test_a_document_type_that_lies_elsewhere_may_declare_htmls_names() -> None:
    text = '<!DOCTYPE rss PUBLIC "-//N//DTD" "http://n.example/rss.dtd"><rss>&eacute;&odd;</rss>'
    assert mend(text).remarks == ("it has entities that it does not declare (line 1)",)
    assert mend(text.replace("&odd;", "")).remarks == ()


@pytest.mark.parametrize("text", ["", "x", "<!DOCTYPE", "<!DOCTYPE a [ <!-- ", "<!--", "<?xml"])
def test_a_prolog_that_does_not_end_is_no_trouble(text: str) -> None:
    assert prolog(text).root <= len(text)


@given(st.text(alphabet="<>![]CDATA-&;#x19ab?\n\"'", max_size=60))
def test_mending_is_total_and_keeps_the_number_of_lines(text: str) -> None:
    mended = mend(text).text
    assert mended.count("\n") == text.count("\n")
    assert "<!DOCTYPE" not in mended[: prolog(text).root]
