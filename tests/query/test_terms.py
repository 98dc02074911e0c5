"""In which forms a term is looked for."""

import pytest

from aggregator.query.nodes import Phrase, Prefix, Word
from aggregator.query.terms import MAX_FORMS, Pattern, pattern
from aggregator.text import fold


def forms(text: str) -> set[str]:
    """Return the sequences of a phrase without alternatives."""
    return {" ".join(place[0] for place in each) for each in pattern(Phrase(text)).sequences}


def test_a_word_without_marks_has_one_form() -> None:
    assert pattern(Word("SAHÉL")) == Pattern(((("sahel",),),))
    assert pattern(Prefix("Militar")) == Pattern(((("militar",),),), is_prefix=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("N’Djamena", {"n djamena", "ndjamena"}),
        ("anti-terrorism", {"anti terrorism", "antiterrorism"}),
        ("a-b-c", {"a b c", "ab c", "a bc", "abc"}),
        ("'Ndrangheta'", {"ndrangheta"}),
        ("a--b", {"a b"}),
        ("U.S.-led", {"u s led"}),
        ("中-国", {"中 国"}),
        ("צה״ל", {"צה ל", "צהל"}),
        ("a-b c-d e-f g-h", {"a b c d e f g h", "ab cd ef gh"}),
    ],
)
def test_inner_marks_are_split_and_joined(text: str, expected: set[str]) -> None:
    assert forms(text) >= expected
    assert len(forms(text)) <= MAX_FORMS


def test_an_arabic_word_may_stand_behind_particles() -> None:
    (((alternatives,),)) = pattern(Word("مالي")).sequences
    assert alternatives[0] == fold("مالي")
    expected = ["ومالي", "فمالي", "بمالي", "كمالي", "لمالي", "سمالي", "المالي", "والمالي"]
    assert set(map(fold, [*expected, "بالمالي", "للمالي", "وللمالي"])) < set(alternatives)
    assert fold("لالمالي") not in alternatives


def test_the_article_of_an_arabic_word_joins_the_particle_before_it() -> None:
    (((alternatives,),)) = pattern(Word("النيجر")).sequences
    assert {"للنيجر", "وللنيجر", "بالنيجر", "والنيجر"} < set(alternatives)
    assert not {"الالنيجر", "نيجر"} & set(alternatives)


@pytest.mark.parametrize("word", ["ما", "ماء", "Mali", "Мали", "١٢٣"])
def test_short_words_and_other_scripts_stand_alone(word: str) -> None:
    assert pattern(Word(word)).sequences == (((fold(word),),),)
