"""An entry's page: its texts with the evidence, why and why not, its past, its sightings."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest

from aggregator.model.boilerplate import Boilerplate
from aggregator.model.entries import Evidence, TaggedEntry
from aggregator.serve.noting import NOT_ABOUT_IT
from aggregator.store.sqlite import SqliteStore
from tests.builders import NOW, entry, subscription, tag, tagged
from tests.empty import empty_database
from tests.serve.site import serving
from tests.store.steps import poll, subscribe

OTHER = "https://other.example/rss"
HOUR = timedelta(hours=1)

CONFIG = """\
feeds: []
tags:
  mali: {title: Mali, query: Mali, examples: {match: [Mali]}}
  africa: {title: Africa, query: "Mali AND (talks OR rain)", examples: {match: [Mali talks]}}
  sahel: {title: Sahel, query: "Mali NEAR/1 Niger", examples: {match: [Mali Niger]}}
  drought:
    score: [{when: Mali, weight: 1}, {when: rain, weight: 2}]
    threshold: 2
    examples: {match: [Mali rain]}
"""

TALKS = entry(
    "Talks in Mali <soon>",
    content_html="<p>Delegates met in <b>Mali</b>, far from Niger.</p><p>Read also: more</p>",
    content="Delegates met in Mali, far from Niger.\n\nRead also: more",
    summary="",
    boilerplate=(Boilerplate("content", 40, 55, "marked"),),
)


def evidence(field: str, text: str, word: str) -> Evidence:
    return Evidence(field, text.index(word), text.index(word) + len(word), word)


MALI = evidence("content", TALKS.content, "Mali")
TITLE = (evidence("title", TALKS.title, "Talks"), evidence("title", TALKS.title, "Mali"))


def stored() -> tuple[TaggedEntry, ...]:
    return (
        tagged(TALKS, tags=(tag("mali", evidence=(TITLE[1], MALI)), tag("africa", evidence=TITLE))),
        tagged(
            entry("Only a picture", content_html='<img alt="Mali">', content="Mali", summary=""),
            tags=(tag("mali", evidence=(Evidence("content", 0, 4, "Mali"),)), tag("gone")),
        ),
        tagged(entry("Changed", content="Talks fail.")),
    )


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    path: Path = empty_database(tmp_path_factory.mktemp("entries") / "aggregator.db")
    store = SqliteStore(path)
    subscribe(store, subscription(name="Example News"), subscription(OTHER, name="The Copy"))
    poll(store, new=stored())
    twin = entry("The same on Mali", feed=OTHER, canonical_link=TALKS.canonical_link)
    poll(store, OTHER, new=(tagged(twin, seen_at=NOW - HOUR),))
    later = entry("Changed", content="Talks resume.", content_hash="new")
    poll(store, changed=(tagged(later),), at=NOW + HOUR)
    store.close()
    with serving(path, CONFIG) as client:
        yield client


def page(client: httpx.Client, title: str, query: str = "") -> str:
    """Return the page of an entry by its title, with white space made single."""
    (found,) = re.findall(r'href="(/entries/\w+)">' + title, client.get("/").text)
    answer = client.get(f"{found}{query}")
    assert answer.status_code == 200
    return " ".join(unescape(answer.text).split())


def test_evidence_is_marked_in_the_title_and_the_texts_with_the_tags_it_speaks_for(
    client: httpx.Client,
) -> None:
    answer = client.get("/").text
    (found,) = re.findall(r'href="(/entries/\w+)">Talks', answer)
    text = client.get(found).text
    assert (
        '<h1 dir="auto"><mark class="evidence" title="Africa">Talks</mark> in'
        ' <mark class="evidence" title="Africa, Mali">Mali</mark> &lt;soon&gt;</h1>'
    ) in text
    assert '<b><mark class="evidence" title="Mali">Mali</mark></b>' in text


def test_what_is_not_about_the_entry_is_dimmed(client: httpx.Client) -> None:
    told = f'<span class="boilerplate" title="{NOT_ABOUT_IT}">Read also: more</span>'
    assert told in page(client, "Talks in Mali")


def test_evidence_that_stands_in_no_text_is_shown_below_it(client: httpx.Client) -> None:
    assert '<p class="excerpt" dir="auto"><mark>Mali</mark></p>' in page(client, "Only a picture")


def test_each_tag_says_which_words_speak_for_it(client: httpx.Client) -> None:
    text = page(client, "Talks in Mali")
    assert '<mark class="evidence" dir="auto">Mali</mark> ×2 <span>title, content</span>' in text
    assert "feeds.yaml:3" in text
    assert "No rule in the configuration gives it (any more)." in page(client, "Only a picture")


def test_a_rule_that_was_changed_since_is_said_to_be(client: httpx.Client) -> None:
    assert "<code>aggregator retag mali</code>" in page(client, "Talks in Mali")


def test_it_says_why_a_tag_is_not_there(client: httpx.Client) -> None:
    text = page(client, "Talks in Mali", "?why=sahel")
    assert '<code dir="auto">Mali NEAR/1 Niger</code> is not true' in text
    assert "<mark>Mali</mark>, far from <mark>Niger</mark>" in text
    assert '<option value="sahel" selected>' in text
    assert '<option value="mali"' not in text


def test_it_says_what_a_score_lacks(client: httpx.Client) -> None:
    text = page(client, "Talks in Mali", "?why=drought")
    assert "The clauses that hold come to 1, not 2." in text
    assert "The score, of which 2 is asked for, comes to 1:" in text
    assert '<code>+1</code> <code dir="auto">Mali</code>' in text


@pytest.mark.parametrize("name", ["mali", "nobody", "%00", "<script>"])
def test_there_is_nothing_to_say_of_a_tag_that_is_there_or_that_nothing_gives(
    client: httpx.Client, name: str
) -> None:
    assert 'aria-label="Why not' not in page(client, "Talks in Mali", f"?why={name}")


def test_a_rule_that_would_give_the_tag_today_is_newer_than_the_tags(client: httpx.Client) -> None:
    assert "<code>aggregator retag mali</code>" in page(client, "The same on", "?why=mali")


def test_former_states_are_shown_as_what_went_and_came(client: httpx.Client) -> None:
    text = page(client, "Changed")
    assert "Talks <del>fail.</del> <ins>resume.</ins>" in text
    assert "What was changed" not in page(client, "Talks in Mali")


def test_feeds_that_lead_to_the_same_page_are_named_the_first_first(client: httpx.Client) -> None:
    text = page(client, "Talks in Mali")
    seen = text[text.index("Where it was seen") :]
    assert seen.index("The Copy</bdi></a>") < seen.index("<strong><bdi>Example News")
    assert "Where it was seen" not in page(client, "Only a picture")


def test_an_entry_that_is_not_there_is_said_so(client: httpx.Client) -> None:
    answer = client.get("/entries/aaaaaaaaaaaaaaaa")
    assert answer.status_code == 404
    assert "aaaaaaaaaaaaaaaa" in answer.text
