"""Pictures, sound and films as links."""

import re

import pytest
from hypothesis import given

from aggregator.html.annotating import Note, annotated
from aggregator.html.media import linked_media
from aggregator.html.sanitising import sanitise
from tests.test_html import MARKUP

PAGE = "https://news.example/"


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ("<p>Mali</p>", "<p>Mali</p>"),
        ('<img src="a.jpg" alt="The river">', '<a href="A/a.jpg" REL>[Picture: The river]</a>'),
        ('x<img src="a.jpg">y', 'x<a href="A/a.jpg" REL>[Picture]</a>y'),
        (
            '<a href="b"><img src="a.jpg" alt="Map"></a>',
            '<a href="A/b" REL><span>[Picture: Map]</span></a>',
        ),
        (
            '<picture><source srcset="b.webp 2x"><img src="a.jpg"></picture>',
            '<a href="A/a.jpg" REL>[Picture]</a>',
        ),
        (
            '<video poster="p.jpg"><source src="v.mp4">Old browser</video>',
            '<a href="A/v.mp4" REL>[Video]</a>',
        ),
        ('<audio src="a.mp3" title="Talks"></audio>', '<a href="A/a.mp3" REL>[Sound: Talks]</a>'),
    ],
)
def test_a_link_stands_where_a_medium_would(html: str, told: str) -> None:
    told = told.replace("A/", PAGE).replace("REL", 'rel="noopener noreferrer"')
    assert linked_media(sanitise(html, PAGE)) == told


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ('<img src="a.jpg" alt="Map">', '<img alt="Map" src="/i?A/a.jpg" loading="lazy">'),
        (
            '<picture><source srcset="b.webp 2x"><img src="a.jpg" srcset="c.jpg 2x"></picture>',
            '<img src="/i?A/a.jpg" loading="lazy">',
        ),
        ('<video src="v.mp4"></video>', '<a href="A/v.mp4" REL>[Video]</a>'),
    ],
)
def test_pictures_stay_where_somebody_shows_them(html: str, told: str) -> None:
    told = told.replace("A/", PAGE).replace("REL", 'rel="noopener noreferrer"')
    found = linked_media(sanitise(html, PAGE), lambda address: f"/i?{address}")
    assert sorted(found.split()) == sorted(told.split())


def test_what_is_noted_stays() -> None:
    html = sanitise('<p>Mali <img src="a.jpg" alt="a"></p>', PAGE)
    noted = annotated(html, "Mali", [Note(0, 4, "evidence", "Sahel")])
    assert noted is not None
    assert '<mark class="evidence" title="Sahel">Mali</mark> <a' in linked_media(noted)


@given(MARKUP)
def test_nothing_is_left_that_a_browser_fetches(markup: str) -> None:
    shown = linked_media(sanitise(markup, PAGE))
    assert not re.search(r"<(?:img|video|audio|picture|source|track|iframe)\b", shown)
