"""Notes put into markup: where they stand, and that they change nothing else."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.html.annotating import Note, annotated
from aggregator.html.layout import plain
from aggregator.html.sanitising import sanitise
from tests.test_html import MARKUP

NOTED = re.compile(r'<(mark|span) class="(?:evidence|boilerplate)"[^>]*>(.*?)</\1>', re.DOTALL)


def noted(html: str, *parts: str) -> str | None:
    """Return markup with evidence noted wherever one of the parts stands in its plain text."""
    text = plain(html)
    found = re.finditer("|".join(map(re.escape, parts)), text)
    return annotated(html, text, [Note(*each.span(), "evidence", "sahel") for each in found])


@pytest.mark.parametrize(
    ("html", "part", "told"),
    [
        ("Talks in Mali today", "Mali", "Talks in [Mali] today"),
        ("<p>Mali</p>", "Mali", "<p>[Mali]</p>"),
        ("<p>Ma<b>li</b> x</p>", "Mali", "<p>[Ma]<b>[li]</b> x</p>"),
        ("<p><b>Ma</b>li Mali</p>", "Mali", "<p><b>[Ma]</b>[li] [Mali]</p>"),
        ("<p>a \n  b</p>", "a b", "<p>[a \n  b]</p>"),
        ("<p>Ni\xadger</p>", "Niger", "<p>[Ni\xadger]</p>"),
        ("<p>one</p><p>two</p>", "one\n\ntwo", "<p>[one]</p><p>[two]</p>"),
        ("x<br>Mali &amp; y", "Mali & y", "x<br>[Mali &amp; y]"),
        ("<ul><li>Mali</li></ul>after", "after", "<ul><li>Mali</li></ul>[after]"),
        ("<math><mi>Mali</mi></math> Mali", "Mali", "<math><mi>Mali</mi></math> [Mali]"),
        ("<p>قمة في مالي</p>", "مالي", "<p>قمة في [مالي]</p>"),
    ],
)
def test_evidence_is_noted_where_it_stands(html: str, part: str, told: str) -> None:
    found = noted(html, part)
    assert found is not None
    assert NOTED.sub(r"[\2]", found) == told


def test_a_note_says_what_it_is_of_and_what_is_noted() -> None:
    notes = [Note(0, 4, "evidence", 'the "Sahel"'), Note(5, 9, "boilerplate")]
    assert annotated("Mali more", "Mali more", notes) == (
        '<mark class="evidence" title="the &quot;Sahel&quot;">Mali</mark> '
        '<span class="boilerplate">more</span>'
    )


def test_a_text_that_was_cut_is_noted_as_far_as_it_goes() -> None:
    found = annotated("<p>Mali and Niger</p>", "Mali and", [Note(0, 4, "evidence")])
    assert found == '<p><mark class="evidence">Mali</mark> and Niger</p>'


def test_markup_of_which_the_text_is_another_cannot_be_noted() -> None:
    assert annotated('<img src="http://x.example/a" alt="Mali">', "Mali", []) is None


def test_what_a_publisher_marked_is_not_evidence() -> None:
    html = sanitise('<mark class="evidence">Mali</mark><span class="boilerplate">x</span>', None)
    assert annotated(html, plain(html), []) == "<mark>Mali</mark><span>x</span>"


@given(MARKUP, st.data())
def test_notes_change_no_text_and_hold_what_they_are_of(markup: str, data: st.DataObject) -> None:
    html = sanitise(markup, None)
    text = plain(html)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = annotated(html, text, [Note(start, end, "evidence")])
    if found is None:
        return
    assert plain(found) == text
    if "<math" not in html:
        within = "".join(unescape(re.sub(r"<[^>]*>", "", hit)) for _, hit in NOTED.findall(found))
        assert _solid(within) == _solid(text[start:end])


def _solid(text: str) -> str:
    return re.sub(r"\s|[\xad\u180e\u200b\u2060\ufeff]", "", text)
