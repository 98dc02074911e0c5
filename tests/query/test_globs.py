"""Wildcards hold any letters, or any one letter, of a folded word."""

import fnmatch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.query.globs import Glob
from aggregator.text import fold


@pytest.mark.parametrize(
    ("form", "word", "expected"),
    [
        ("militar*", "militar", True),
        ("militar*", "militarisation", True),
        ("militar*", "paramilitary", False),
        ("wom?n", "women", True),
        ("wom?n", "womn", False),
        ("wom?n", "womeen", False),
        ("*ali", "somali", True),
        ("*ali", "malian", False),
        ("m*l*n", "malian", True),
        ("?ali", "mali", True),
        ("हि?दी", "हिंदी", True),
        ("हि?दी", "हिन्दी", True),
        ("한?어", "한국어", True),
        ("한?어", "한어", False),
        ("?국", "한국", True),
        ("мал*", "малийский", True),
        ("a*b", "a.b", True),
        ("a.*b", "axb", False),
    ],
)
def test_a_wildcard_stands_for_letters(form: str, word: str, expected: bool) -> None:
    assert Glob((fold(form),)).fits(fold(word)) == expected


@given(
    st.text("ab*?", min_size=1, max_size=6),
    st.text("ab*?", min_size=1, max_size=6),
    st.text("ab", max_size=8),
)
@settings(max_examples=settings().max_examples // 2)
def test_any_of_the_forms_will_do(one: str, other: str, word: str) -> None:
    expected = fnmatch.fnmatchcase(word, one) or fnmatch.fnmatchcase(word, other)
    glob = Glob((one, other))
    assert glob.fits(word) == expected
    assert not expected or word.startswith(glob.beginnings)
    assert not glob.is_beginning or expected == word.startswith(glob.beginnings)
