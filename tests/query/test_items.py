"""Items of lists that hold nothing but plain words are read the short way, and mean the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.query.items import by_grammar, plain_item

WORDS = st.sampled_from(
    [
        *("Mali", "Burkina", "Faso", "N'Djamena", "or", "NEAR", "AND", "OR", "TO", "EXCEPT"),
        *("Near", "ADJ", "G5", "a_b", "Guinea-Bissau", "l’Algérie", "é", "مالي", "ء", "ـ"),
        *("马里", "साहेल", "Mali*", "Ma*", "Guinea-Biss*", "a-b*", "مال*", "سياد*", "*x"),
    ]
)
ITEMS = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)


@given(ITEMS)
def test_the_short_way_gives_what_the_grammar_gives_spans_included(text: str) -> None:
    node = plain_item(text)
    if node is not None:
        assert repr(node) == repr(by_grammar(text))


@pytest.mark.parametrize(
    "text",
    ["Mali", "Burkina Faso", "Mali OR Burkina Faso OR N'Djamena", "مالي OR 马里", "états-unis"],
)
def test_words_and_or_go_the_short_way(text: str) -> None:
    assert plain_item(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Ma*",
            "Mali*x",
            "Mali EXCEPT Mali Empire",
            "(Mali)",
            '"Mali"',
            "=AES",
            "$x",
            "OR",
            "Mali OR",
        ),
        *("or", "a  b", "ء", "G5", "x " * 300 + "x"),
    ],
)
def test_all_else_goes_the_long_way(text: str) -> None:
    assert plain_item(text) is None
