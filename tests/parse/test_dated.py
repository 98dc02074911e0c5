"""Which of the dates that feedparser found is which."""

import pytest

from aggregator.parse.dated import DATES, chosen


@pytest.mark.parametrize(
    ("form", "dates", "published", "updated"),
    [
        ("rss20", [("dc_date", "2024")], "2024", None),
        ("atom10", [("dc_date", "2024")], None, "2024"),
        ("rss20", [("dc_date", "2024"), ("pubdate", "2023")], "2023", "2024"),
        ("rss20", [("pubdate", "2022"), ("pubdate", "2023")], "2023", None),
        ("rss20", [("pubdate", "2022"), ("pubdate", "soon")], "2022", None),
        ("rss20", [("pubdate", "soon"), ("created", "2022")], "2022", None),
        ("rss20", [("pubdate", "soon"), ("created", "later")], "soon", None),
        ("atom03", [("created", "2021"), ("issued", "2022"), ("modified", "2023")], "2022", "2023"),
        ("rss20", [], None, None),
    ],
)
def test_the_first_that_can_be_read_counts(
    form: str, dates: list[tuple[str, str]], published: str | None, updated: str | None
) -> None:
    assert chosen({DATES: dates}, form) == (published, updated)


def test_an_entry_without_dates_has_none() -> None:
    assert chosen({}, "rss20") == (None, None)
