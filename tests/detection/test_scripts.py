import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.detection.scripts import LANGUAGE_OF, Writing, may_be_in, writing


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Ɓarawo ya gudu daga ƙauye", "Latn"),
        ("ＦＵＬＬ ｗｉｄｔｈ", "Latn"),
        ("мост", "Cyrl"),
        ("جسر 2026", "Arab"),
        ("پل‌های", "Arab"),
        ("पुल", "Deva"),
        ("다리", "Hang"),
        ("橋", "Hani"),
        ("橋が", "Jpan"),
        ("カメラ", "Jpan"),
        ("ድልድይ", "Ethi"),
        ("𞤆𞤵𞤤𞤢𞤪", "Adlm"),
        ("ⴰⵣⵓⵍ", "Tfng"),
        ("12:30 – 🎉", ""),
        ("", ""),
    ],
)
def test_a_text_is_in_the_script_of_its_letters(text: str, script: str) -> None:
    assert writing(text).script == script


def test_of_two_scripts_the_one_with_more_letters_counts_and_says_how_much_of_all() -> None:
    assert writing("abcd мост abcd") == Writing("Latn", 8 / 12, 8)


def test_an_ideograph_counts_as_two_letters() -> None:
    assert writing("橋 ab c") == Writing("Latn", 3 / 5, 3)


def test_a_single_kana_makes_no_long_chinese_text_japanese() -> None:
    assert writing("市" * 30 + "の").script == "Hani"


@given(st.text(max_size=40))
def test_a_share_is_a_share_of_the_letters(text: str) -> None:
    found = writing(text)
    assert 0 <= found.share <= 1
    assert bool(found.script) == bool(found.letters) == bool(found.share)


@pytest.mark.parametrize(
    ("tag", "script", "possible"),
    [
        ("fr-CA", "Latn", True),
        ("fr", "Arab", False),
        ("ha", "Arab", True),
        ("sr", "Latn", True),
        ("ja", "Hani", True),
        ("zh-TW", "Jpan", False),
        ("pt-Arab", "Arab", True),
        ("ber", "Tfng", True),
    ],
)
def test_a_language_may_be_in_its_scripts_and_one_not_listed_in_any(
    tag: str, script: str, possible: bool
) -> None:
    assert may_be_in(tag, script) == possible


def test_the_language_of_a_script_may_be_written_in_it() -> None:
    assert [script for script, tag in LANGUAGE_OF.items() if not may_be_in(tag, script)] == []
