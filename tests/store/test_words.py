"""The full-text index: always what the stored texts say, never a ghost."""

import string
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model.details import Person
from aggregator.model.raw import Category
from aggregator.store import words
from aggregator.store.database import Database
from aggregator.store.sqlite import SqliteStore
from aggregator.text import BLOCK_END
from tests.builders import NOW, entry, full_entry, subscription, tagged
from tests.empty import empty_store
from tests.store.steps import poll, subscribe

TEXTS = st.lists(
    st.sampled_from(["Mali", "mali", "Sahél", "النيجر", "x", "¶", '"', "a-b", "\n\n", "🎉"]),
    max_size=4,
).map(" ".join)
STATES = st.tuples(TEXTS, TEXTS, TEXTS, st.booleans())
POLLS = st.lists(
    st.dictionaries(st.sampled_from(string.ascii_lowercase[:4]), STATES, min_size=1, max_size=3),
    min_size=1,
    max_size=5,
)


def index_of(database: Database) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Return every word of the index with its place, and the sizes of the indexed rows."""
    database.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.places"
        " USING fts5vocab('main', 'entry_words', 'instance')"
    )
    places = database.rows('SELECT term, doc, col, "offset" FROM temp.places ORDER BY 1, 2, 3, 4')
    sizes = database.rows("SELECT id, sz FROM entry_words_docsize ORDER BY id")
    return [tuple(row) for row in places], [tuple(row) for row in sizes]


@given(POLLS)
@settings(max_examples=25, deadline=None)
def test_the_index_is_as_if_made_from_scratch_whatever_changed(
    polls: list[dict[str, tuple[str, str, str, bool]]],
) -> None:
    with empty_store() as store:
        subscribe(store)
        for number, states in enumerate(polls):
            entries = tuple(
                tagged(
                    entry(
                        name,
                        title=title,
                        summary=summary,
                        content=content,
                        summary_repeats=repeats,
                        content_hash=f"{title}\n{summary}\n{content}",
                    )
                )
                for name, (title, summary, content, repeats) in states.items()
            )
            poll(store, at=NOW + timedelta(hours=number), changed=entries)
        before = index_of(store.database)
        with store.database.writing():
            words.rebuild(store.database)
        assert before == index_of(store.database)


def test_an_index_of_another_version_is_made_anew_on_opening(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        subscribe(store, subscription(name="Example News"))
        poll(store, new=(tagged(full_entry()), tagged()))
        before = index_of(store.database)
        columns = "SELECT author_words, category_words FROM entry ORDER BY number"
        metadata = [tuple(row) for row in store.database.rows(columns)]
        with store.database.writing():
            store.database.execute("UPDATE words_version SET version = '0'")
            store.database.execute("INSERT INTO entry_words(entry_words) VALUES ('delete-all')")
            store.database.execute("UPDATE entry SET author_words = '', category_words = ''")
            store.database.execute("UPDATE feed SET name_words = ''")
    with closing(SqliteStore(path)) as store:
        assert index_of(store.database) == before
        assert [tuple(row) for row in store.database.rows(columns)] == metadata
        assert store.database.value("SELECT name_words FROM feed") == " example news "


def test_values_are_kept_apart() -> None:
    people = (Person("Awa Traoré"), Person(email="x@y.example"), Person("Li"))
    categories = (Category("mali", None, "Le Mali"), Category("coup"))
    columns = words.metadata_columns(entry(authors=people, categories=categories))
    assert columns["author_words"] == f" awa traore {BLOCK_END} li "
    assert columns["category_words"] == f" mali {BLOCK_END} le mali {BLOCK_END} coup "


@pytest.mark.parametrize("name", ["", " ", "…"])
def test_no_words_are_no_text(name: str) -> None:
    assert words.name_words(name) == ""


def test_a_summary_is_indexed_beside_the_content_or_within_it() -> None:
    summarised = entry("T", summary="S a", content="C", summary_repeats=False)
    assert words.index_row(summarised) == ("t", "c", "s a", "")
    repeating = replace(summarised, summary_repeats=True)
    assert words.index_row(repeating) == ("t", "c", "", "s a")
    # Without a content the summary is the body, whatever it repeats.
    assert words.index_row(replace(repeating, content="")) == ("t", "", "s a", "")
