import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.detection.deciding import are_kin, decide, language_of, words_of
from aggregator.detection.detector import Detected
from aggregator.detection.scripts import Writing

LONG = Writing("Latn", 1.0, 200)


def detected(language: str, probability: float = 0.999) -> Detected:
    return Detected(language, probability)


@pytest.mark.parametrize(
    ("declared", "found", "language"),
    [
        ("en-US", detected("ha"), "ha"),
        ("en-US", detected("en"), "en-US"),
        ("en-US", detected("ha", 0.9), "en-US"),
        ("pt-BR", detected("gl"), "pt-BR"),
        ("nb", detected("da"), "nb"),
        ("wo", detected("fr"), "wo"),
        ("en", None, "en"),
        (None, detected("ha", 0.85), "ha"),
        (None, detected("ha", 0.5), None),
        (None, None, None),
        ("hi", Detected("hi", 0.999, romanised=True), "hi"),
        ("hi", detected("en"), "en"),
        (None, Detected("zh", 0.999, romanised=True), None),
    ],
)
def test_a_long_text_in_latin_letters(
    declared: str | None, found: Detected | None, language: str | None
) -> None:
    assert decide(declared, LONG, found) == language


@pytest.mark.parametrize(
    ("letters", "probability", "language"),
    [(29, 1.0, "en"), (30, 0.991, "sw"), (59, 0.98, "en"), (60, 0.97, "sw"), (60, 0.95, "en")],
)
def test_the_shorter_a_text_the_surer_the_detector_must_be(
    letters: int, probability: float, language: str
) -> None:
    written = Writing("Latn", 1.0, letters)
    assert decide("en", written, detected("sw", probability)) == language


def test_languages_that_little_is_published_in_need_thrice_the_text() -> None:
    assert decide("en", Writing("Latn", 1.0, 89), detected("haw")) == "en"
    assert decide("en", Writing("Latn", 1.0, 90), detected("haw")) == "haw"


def test_of_a_text_in_two_scripts_nothing_is_decided() -> None:
    assert decide("fr", Writing("Arab", 0.55, 300), detected("ar")) == "fr"
    assert decide(None, Writing("Arab", 0.55, 300), detected("ar")) is None


def test_a_quotation_in_its_own_script_contradicts_no_language() -> None:
    assert decide("fr", Writing("Arab", 0.75, 300), detected("ar")) == "fr"
    assert decide("fr", Writing("Arab", 0.85, 300), detected("ar")) == "ar"


def test_what_cannot_be_declared_and_is_not_detected_is_unknown() -> None:
    assert decide("fr", Writing("Cyrl", 1.0, 12), detected("ru", 0.4)) is None


def test_the_detector_is_not_believed_about_a_script_that_it_does_not_know_a_language_in() -> None:
    assert decide("ha", Writing("Arab", 1.0, 200), detected("ur")) == "ha"
    assert decide(None, LONG, detected("ru")) is None


def test_only_words_are_left_of_a_text() -> None:
    left = words_of(["See https://a.example/b", "v2.1 of foo_bar.py: l'eau, km/h", "日本語2026年"])
    assert left.split() == ["See", "of", "l'eau,", "日本語", "年"]


def test_a_long_line_without_a_space_costs_no_square_of_its_length() -> None:
    assert words_of(["a" * 100_000]) == "a" * 2_000


@given(st.sampled_from([None, "fr", "ar-EG", "ha", "zh-Hant", "tlh"]), st.lists(st.text()))
def test_every_text_has_one_answer(declared: str | None, texts: list[str]) -> None:
    assert language_of(declared, texts) == language_of(declared, texts)


@given(st.sampled_from(["pt", "gl", "no", "da", "en"]), st.sampled_from(["pt", "gl", "no", "da"]))
def test_kinship_goes_both_ways(one: str, other: str) -> None:
    assert are_kin(one, other) == are_kin(other, one)
