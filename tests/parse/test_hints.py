"""When a publisher wishes to be asked."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.parse.hints import Skipped, read_skipped, read_ttl, read_update_period
from tests.parse.documents import rss

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("90", 90 * MINUTE),
        (" 60\n", HOUR),
        ("1440", DAY),
        ("10080", DAY),
        ("999999999", DAY),
        ("9" * 5000, None),
        ("0", None),
        ("000", None),
        ("-5", None),
        ("1.5", None),
        ("hourly", None),
        ("٩٠", None),
        ("", None),
    ],
)
def test_a_ttl_is_whole_minutes(written: str, read: timedelta | None) -> None:
    assert read_ttl(written) == read


@pytest.mark.parametrize(
    ("period", "frequency", "read"),
    [
        ("hourly", "1", HOUR),
        (" Hourly ", " 2 ", 30 * MINUTE),
        ("hourly", "", HOUR),
        ("always", "1", HOUR),
        ("daily", "4", 6 * HOUR),
        ("dayly", "1", DAY),
        ("weekly", "14", 12 * HOUR),
        ("weekly", "1", DAY),
        ("monthly", "1", DAY),
        ("yearly", "0.1", DAY),
        ("hourly", "0.1", 10 * HOUR),
        ("hourly", "0", None),
        ("hourly", "0.0", None),
        ("hourly", "-1", None),
        ("hourly", "often", None),
        ("hourly", "1e9", None),
        ("fortnightly", "1", None),
        ("", "1", None),
    ],
)
def test_an_update_period_is_divided_by_its_frequency(
    period: str, frequency: str, read: timedelta | None
) -> None:
    assert read_update_period(period, frequency) == read


@given(st.text(max_size=12), st.text(max_size=12))
def test_no_wish_is_longer_than_a_day(period: str, frequency: str) -> None:
    for read in (read_ttl(period), read_update_period("yearly", frequency)):
        assert read is None or timedelta(0) <= read <= DAY


def test_all_hours_and_days_are_read() -> None:
    channel = """<skipHours><hour>0</hour><hour> 7 </hour><hour>23</hour></skipHours>
        <skipDays><day>Monday</day><day>sunday</day></skipDays>"""
    assert read_skipped(rss("", channel)) == Skipped(frozenset({0, 7, 23}), frozenset({0, 6}))


def test_hour_24_is_hour_0_and_nonsense_is_ignored() -> None:
    channel = """<skiphours><HOUR>24</HOUR><hour>25</hour><hour>-1</hour><hour/><hour>9am</hour>
        <!-- <hour>3</hour> --><minute>5</minute></skiphours>
        <skipDays><day>Freitag</day></skipDays>"""
    assert read_skipped(rss("", channel)) == Skipped(frozenset({0}))


def test_a_namespace_is_no_obstacle() -> None:
    text = """<rdf:RDF xmlns:rdf="r" xmlns="http://purl.org/rss/1.0/"><channel>
        <skipHours><hour>5</hour></skipHours></channel></rdf:RDF>"""
    assert read_skipped(text).hours == {5}


def test_what_an_entry_writes_about_skip_hours_is_not_a_wish() -> None:
    told = "<skipHours><hour>1</hour></skipHours>"
    items = f"<item><title><![CDATA[{told}]]></title>{told}</item>"
    assert read_skipped(rss(items)) == Skipped()


def test_a_broken_document_keeps_what_can_be_read() -> None:
    assert read_skipped("<rss><channel><skipHours><hour>4</hour>").hours == {4}
    assert read_skipped("<skipHours") == Skipped()
    assert read_skipped("& <skipHours>") == Skipped()
