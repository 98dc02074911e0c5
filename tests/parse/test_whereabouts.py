"""A place is a line, and the entry it lies in."""

from aggregator.parse.whereabouts import offset, place

TEXT = """<rss><!-- <item> -->
<item><title><![CDATA[<item>]]></title></item>
<items/>
<a:entry>
x</a:entry>"""


def test_a_place_outside_of_entries_is_a_line() -> None:
    assert place(TEXT, 0) == "line 1"
    assert place(TEXT, TEXT.index("<items")) == "line 3"


def test_a_place_in_an_entry_says_in_which() -> None:
    assert place(TEXT, TEXT.index("</title>")) == "line 2, entry 1"
    assert place(TEXT, TEXT.index("x</a")) == "line 5, entry 2"


def test_lines_and_columns_are_places() -> None:
    assert TEXT[offset(TEXT, 3, 0) :].startswith("<items")
    assert TEXT[offset(TEXT, 2, 6) :].startswith("<title>")
    assert offset(TEXT, 99, 0) == len(TEXT)
    assert offset(TEXT, 5, 999) == len(TEXT)
