"""In which forms a term is looked for."""

import pytest

from aggregator.query.globs import Glob
from aggregator.query.nodes import Exact, Phrase, Term, Wildcard, Word
from aggregator.query.terms import MAX_FORMS, Pattern, Place, as_written, pattern
from aggregator.text import fold


def forms(text: str) -> set[str]:
    """Return the sequences of a phrase, of each word the first form."""
    return {" ".join(map(first, each)) for each in pattern(Phrase(text)).sequences}


def first(place: Place) -> str:
    return (place.forms if isinstance(place, Glob) else place)[0]


def alternatives(term: Term) -> tuple[str, ...]:
    """Return the forms of a term of one word."""
    (((place,),)) = pattern(term).sequences
    return place.forms if isinstance(place, Glob) else place


def test_a_word_without_marks_has_one_form() -> None:
    assert pattern(Word("SAHÉL")) == Pattern(((("sahel",),),))
    assert pattern(Wildcard("Militar*")) == Pattern(((Glob(("militar*",)),),))


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
        ("jama'at al-islam wa-l-x", {"jamaat al islam wa l x", "jama at alislam walx"}),
    ],
)
def test_inner_marks_are_split_and_joined(text: str, expected: set[str]) -> None:
    assert forms(text) >= expected
    assert len(forms(text)) <= MAX_FORMS


def test_an_arabic_word_may_stand_behind_particles() -> None:
    found = alternatives(Word("مالي"))
    assert found[0] == fold("مالي")
    expected = ["ومالي", "فمالي", "بمالي", "كمالي", "لمالي", "سمالي", "المالي", "والمالي"]
    assert set(map(fold, [*expected, "بالمالي", "للمالي", "وللمالي"])) < set(found)
    assert fold("لالمالي") not in found


def test_the_article_of_an_arabic_word_joins_the_particle_before_it() -> None:
    found = set(alternatives(Word("النيجر")))
    assert {"للنيجر", "وللنيجر", "بالنيجر", "والنيجر"} < found
    assert not {"الالنيجر", "نيجر"} & found


@pytest.mark.parametrize("word", ["ما", "ماء", "Mali", "Мали", "١٢٣"])
def test_short_words_and_other_scripts_stand_alone(word: str) -> None:
    assert pattern(Word(word)).sequences == (((fold(word),),),)


def test_a_wildcard_keeps_its_place_in_its_word() -> None:
    assert pattern(Wildcard("wom?n")).sequences == ((Glob(("wom?n",)),),)
    assert pattern(Wildcard("Joint Patrol*")).sequences == ((("joint",), Glob(("patrol*",))),)
    split, joined = pattern(Wildcard("N’Dja*")).sequences
    assert split == (("n",), Glob(("dja*",)))
    assert joined == (Glob(("ndja*",)),)
    assert {"مال*", "والمال*", "لمال*"} < set(alternatives(Wildcard("مال*")))


def test_behind_the_sign_of_equality_words_are_as_written() -> None:
    assert pattern(Exact("N’Djamena Été")) == Pattern(
        ((("n",), ("djamena",), ("ete",)),), ("N", "Djamena", "Été")
    )
    assert pattern(Exact("والمالي")).sequences == ((("والمالي",),),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sahe\u0301l", "Sahél"),
        ("Sa\u00adhel", "Sahel"),
        ("Sahe\u00ad\u0301l", "Sahél"),
        ("\ufeffSa\u200bhel", "Sahel"),
        ("كـتـاب", "كتاب"),
        ("كِتاب", "كِتاب"),
        ("ﬁn", "ﬁn"),
        ("SAHEL", "SAHEL"),
    ],
)
def test_what_nobody_sees_is_not_written(text: str, expected: str) -> None:
    assert as_written(text) == expected
    assert as_written(expected) == expected
