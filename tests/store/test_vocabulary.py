"""Wildcards are looked up among the words of the index, if that does not take too long."""

import pytest

from aggregator.query.globs import Glob
from aggregator.query.syntax import parse
from aggregator.store import sql
from aggregator.store.sqlite import SqliteStore
from aggregator.store.vocabulary import Vocabulary
from tests.builders import NOW, entry, tagged
from tests.store.steps import poll, subscribe

TEXT = "Women woman womb military militaires milady Sahel \U0001d173 \U00020000\U00020001"


@pytest.fixture
def vocabulary(store: SqliteStore) -> Vocabulary:
    subscribe(store)
    poll(store, new=(tagged(entry(TEXT)), tagged(entry("Other", content="woman wooed"))))
    return Vocabulary(store.database)


@pytest.mark.parametrize(
    ("forms", "words"),
    [
        (("wom?n",), {"women", "woman"}),
        (("mil*ary", "mil*ady"), {"military", "milady"}),
        (("wo*",), {"women", "woman", "womb", "wooed"}),
        (("*itary",), {"military"}),
        (("zzz?",), set()),
    ],
)
def test_the_words_that_fit_are_those_of_the_index(
    vocabulary: Vocabulary, forms: tuple[str, ...], words: set[str]
) -> None:
    found = vocabulary.fitting(Glob(forms))
    assert found is not None
    assert set(found) == words
    assert len(found) == len(words)


def test_it_gives_up_after_many_questions(vocabulary: Vocabulary) -> None:
    answers = [vocabulary.fitting(Glob((f"wo{number}?",))) for number in range(101)]
    assert answers == [()] * 100 + [None]


def test_it_gives_up_sooner_where_it_reads_the_whole_index(vocabulary: Vocabulary) -> None:
    assert vocabulary.fitting(Glob(("*ary", "mil?ry"))) == ("military",)
    assert vocabulary.fitting(Glob(("*ary", "m?ry"))) is None


def test_it_gives_up_where_too_many_words_fit(store: SqliteStore) -> None:
    subscribe(store)
    words = " ".join(f"word{number}" for number in range(1_001))
    poll(store, new=(tagged(entry("Many", content=words)),))
    assert Vocabulary(store.database).fitting(Glob(("wor?0*",))) is not None
    assert Vocabulary(store.database).fitting(Glob(("wor?*",))) is None


def test_it_does_not_trust_words_that_the_index_has_cut_off(store: SqliteStore) -> None:
    subscribe(store)
    poll(store, new=(tagged(entry("Long", content=f"abc{40_000 * 'd'}xyz")),))
    assert Vocabulary(store.database).fitting(Glob(("abc*xyz",))) is None


@pytest.mark.parametrize("query", ["wom?n", "NOT wom?n", '"mil* women"', "mil*ry OR wo?en"])
def test_what_is_looked_up_needs_no_proof(vocabulary: Vocabulary, query: str) -> None:
    assert not sql.compile(parse(query), NOW).exact
    assert sql.compile(parse(query), NOW, vocabulary.fitting).exact
    assert not sql.compile(parse(f"author:({query})"), NOW, vocabulary.fitting).exact


def test_where_no_word_fits_nothing_is_found(vocabulary: Vocabulary) -> None:
    condition = sql.compile(parse('zzz?a OR "zzz?a women"'), NOW, vocabulary.fitting)
    assert (condition.sql.replace("(0) OR (0)", "0"), condition.exact) == ("0", True)
