"""What language and address tell of a feed's country and of how it writes dates."""

import pytest

from aggregator.dating.clues import clues
from aggregator.model.raw import Order


@pytest.mark.parametrize(
    ("language", "address", "country"),
    [
        ("en-IN", "https://paper.co.uk/", "in"),
        ("en", "https://paper.co.uk/rss", "gb"),
        ("en", "https://paper.ke/", "ke"),
        ("he", "https://paper.example/", "il"),
        ("zh-Hans", None, "cn"),
        ("en", "https://start.io/", None),
        ("en", None, None),
        (None, "not an address", None),
    ],
)
def test_region_then_domain_then_home_tell_the_country(
    language: str | None, address: str | None, country: str | None
) -> None:
    assert clues(language, (None, address)).country == country


@pytest.mark.parametrize(
    ("language", "order"),
    [("en-US", "month"), ("fil", "month"), ("en-GB", "day"), ("fr", "day"), ("en", None)],
)
def test_a_language_or_country_has_its_habit(language: str, order: Order | None) -> None:
    assert clues(language, ()).habit == order


def test_without_language_and_country_there_is_no_habit() -> None:
    assert clues(None, ()).habit is None
