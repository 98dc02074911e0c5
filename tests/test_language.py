import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.language import MAX_TAG, normalise_tag


@pytest.mark.parametrize(
    ("raw", "tag"),
    [
        ("fr", "fr"),
        (" EN-us ", "en-US"),
        ("pt_br", "pt-BR"),
        ("fr_FR.UTF-8", "fr-FR"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("es-419", "es-419"),
        ("eng", "en"),
        ("ara", "ar"),
        ("iw", "he"),
        ("ber", "ber"),
        ("en, fr", "en"),
        ("en-US;q=0.8", "en-US"),
        ("de-DE-1996", "de-DE-1996"),
        ("ar-EG-u-nu-latn", "ar-EG-u-nu-latn"),
        ("en-x-US", "en-x-us"),
    ],
)
def test_a_declared_language_gets_its_one_spelling(raw: str, tag: str) -> None:
    assert normalise_tag(raw) == tag


@pytest.mark.parametrize(
    "raw", [None, "", " ", "und", "mul", "English", "français", "f", "x-klingon", "12", "en-" * 40]
)
def test_what_names_no_language_is_none(raw: str | None) -> None:
    assert normalise_tag(raw) is None


@given(st.text(alphabet="enFRhans419-_x;. é", max_size=MAX_TAG + 3))
def test_normalising_a_tag_twice_changes_nothing(raw: str) -> None:
    tag = normalise_tag(raw)
    assert normalise_tag(tag) == tag
