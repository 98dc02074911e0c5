import pytest

from aggregator.detection.deciding import language_of
from aggregator.detection.detector import KNOWN, Detected, detect
from aggregator.detection.scripts import may_be_in
from aggregator.language import normalise_tag


def test_it_tells_hausa() -> None:
    found = detect("Gwamnan jihar ya ce yara fiye da dubu za su fara karatu daga watan gobe.")
    assert found is not None
    assert found.language == "ha"
    assert found.probability > 0.99


def test_its_old_codes_get_their_new_spelling() -> None:
    found = detect("ראש העיר אמר כי תושבי העמק לא יצטרכו עוד לנסוע דרך ההר.")
    assert found is not None
    assert found.language == "he"


def test_it_says_when_a_text_is_romanised() -> None:
    found = detect("Zhengfu xuanbu xin de qiaoliang xiangmu, shimin biaoshi huanying")
    assert found == Detected("zh", found.probability if found else 0, romanised=True)


@pytest.mark.parametrize("text", ["", "\0\0", "a\0b", "\ud800 broken", "👍" * 500, "é" * 5_000])
def test_no_text_breaks_it(text: str) -> None:
    assert detect(text) == detect(text)


@pytest.mark.parametrize("text", ["", "👍👍👍", "2–1", "12.03.2026"])
def test_it_is_not_believed_about_a_text_without_words(text: str) -> None:
    # It answers Japanese, with a probability of 0.78.
    assert language_of(None, (text,)) is None


@pytest.mark.parametrize("script", sorted(KNOWN))
def test_what_it_knows_are_languages_of_that_script(script: str) -> None:
    tags = KNOWN[script]
    assert {normalise_tag(tag) for tag in tags} == tags
    assert [tag for tag in tags if not may_be_in(tag, script)] == []
