"""Lints that ask the stored entries: languages, common words, collisions, hyphens."""

from pathlib import Path

import pytest

from aggregator.config.linting.remark import Lint
from aggregator.config.linting.scripts import script
from aggregator.config.linting.stored import Corpus
from tests.config.linting.remarks import corpus, remarks


def of_rule(directory: Path, query: str, stored: Corpus, terms: str = "") -> tuple[Lint, ...]:
    return remarks(directory, f"{terms}\ntags:\n  a:\n    query: |\n      {query}\n", stored)


ARABIC = {"en": 40, "ar": 12, "ar-EG": 3, "ru": 4}


def test_a_rule_without_a_term_in_the_script_of_many_feeds_is_told(tmp_path: Path) -> None:
    (found,) = of_rule(tmp_path, "Mali OR Niger OR Chad", corpus(languages=ARABIC))
    assert (found.kind, found.owner) == ("language", "a")
    assert "15 in `ar`" in found.sentence
    assert "ru" not in found.sentence


@pytest.mark.parametrize(
    "query",
    [
        "Mali OR Niger OR مالي",
        "Mali OR Niger",
        "(Mali OR Niger OR Chad) AND lang:en",
        "lang:en tag:b",
    ],
)
def test_other_rules_are_not(tmp_path: Path, query: str) -> None:
    text = f"tags:\n  b: {{query: coup}}\n  a:\n    query: |\n      {query}\n"
    assert remarks(tmp_path, text, corpus(languages=ARABIC)) == ()


def test_the_list_is_blamed_where_a_rule_has_nothing_else(tmp_path: Path) -> None:
    terms = "terms: {en: [Mali, Niger, Chad], ar: [مالي, النيجر, تشاد]}"
    (found,) = of_rule(tmp_path, "$en", corpus(languages=ARABIC), terms)
    assert (found.owner, found.kind) == ("$en", "language")
    assert of_rule(tmp_path, "$en OR $ar", corpus(languages=ARABIC), terms) == ()


def test_scripts_are_told_by_the_first_letter() -> None:
    assert [script(text) for text in ("Mali", "123", "مالي", "Мали", "马里", "マリ")] == [
        "LATIN", "LATIN", "ARABIC", "CYRILLIC", "CJK", "CJK",
    ]  # fmt: skip


def test_a_word_of_over_a_fifth_of_the_entries_is_told_where_it_stands_alone(
    tmp_path: Path,
) -> None:
    stored = corpus(words={"government": 201, "mali": 200})
    (found,) = of_rule(tmp_path, "government OR Mali", stored)
    assert found.kind == "common"
    assert "`government` in 201 of 1,000." in found.sentence
    assert of_rule(tmp_path, "government AND Mali", stored) == ()


def test_few_entries_say_nothing(tmp_path: Path) -> None:
    assert of_rule(tmp_path, "government", corpus(99, words={"government": 99})) == ()


def test_a_name_that_a_language_writes_small_is_told(tmp_path: Path) -> None:
    swahili, english = [("sw", "mali")] * 10, [("en", "Mali")] * 90
    stored = corpus(words={"mali": 100}, spellings={"Malí": [*english, *swahili]})
    (found,) = of_rule(tmp_path, "Malí OR Bamako", stored)
    assert found.kind == "collision"
    assert "`Malí` in `sw`" in found.sentence


@pytest.mark.parametrize(
    ("query", "spelt"),
    [
        ("Mali", [("sw", "mali")] * 9),
        ("Mali", [("sw", "mali")] * 10 + [("sw", "Mali")] * 10),
        ("=Mali", [("sw", "mali")] * 20),
        ("mali", [("sw", "mali")] * 20),
        ("Mali AND coup", [("sw", "mali")] * 20),
        ("Mali", [("und", "MALI")] * 20),
    ],
)
def test_other_words_are_no_collisions(
    tmp_path: Path, query: str, spelt: list[tuple[str, str]]
) -> None:
    stored = corpus(words={"mali": 100}, spellings={"Mali": spelt, "mali": spelt})
    assert of_rule(tmp_path, query, stored) == ()


def test_a_word_that_is_also_written_with_a_hyphen_is_told(tmp_path: Path) -> None:
    stored = corpus(words={"anti": 5, "terrorism": 9}, phrases=['"anti terrorism"'])
    (found,) = of_rule(tmp_path, "antiterrorism AND Mali", stored)
    assert found.kind == "hyphen"
    assert "`antiterrorism` (write `anti-terrorism`)" in found.sentence
    assert of_rule(tmp_path, "anti-terrorism AND Mali", stored) == ()
    assert of_rule(tmp_path, "antiques AND Mali", stored) == ()
