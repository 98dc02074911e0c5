import re

from hypothesis import given
from hypothesis import strategies as st

from aggregator.identity import entry_id, identity_key, told_apart

LINK = "https://news.example/mali"
LINES = st.text(st.characters(exclude_characters="\n"))


def test_the_guid_names_an_entry_before_anything_else() -> None:
    assert identity_key("42", LINK, "Mali", "Monday", "Text.") == "guid:42"


def test_the_link_stands_in_for_a_missing_guid() -> None:
    assert identity_key("", LINK, "Mali", "Monday", "Text.") == f"link:{LINK}"


def test_title_and_date_stand_in_for_both() -> None:
    monday = identity_key(None, None, "Mali", "Monday", "Text.")
    assert monday.startswith("title:")
    assert monday == identity_key(None, None, "Mali", "Monday", "Another text.")
    assert monday != identity_key(None, None, "Mali", "Tuesday", "Text.")


def test_the_text_is_the_last_resort() -> None:
    assert identity_key(None, None, "", "Monday", "Text.") == "text:Text."


def test_a_date_is_better_than_nothing() -> None:
    assert identity_key(None, None, "", "Monday", "") != identity_key(None, None, "", "Friday", "")


def test_a_long_value_is_replaced_by_its_hash() -> None:
    long = identity_key("g" * 100_000, None, "", "", "")
    assert len(long) < 100
    assert long != identity_key("g" * 100_001, None, "", "", "")


def test_what_is_told_apart_never_equals_what_it_was() -> None:
    shared = identity_key("42", LINK, "", "", "")
    mali, niger = told_apart(shared, LINK), told_apart(shared, "https://news.example/niger")
    assert len({shared, mali, niger}) == 3
    assert mali.startswith("guid:")
    assert told_apart(shared, "") == shared


@given(LINES.filter(bool), LINES.filter(bool), LINES)
def test_the_kinds_never_collide(value: str, title: str, date_raw: str) -> None:
    keys = {
        identity_key(value, None, "", "", ""),
        identity_key(None, value, "", "", ""),
        identity_key(None, None, title, date_raw, ""),
        identity_key(None, None, "", "", value),
    }
    assert len(keys) == 4


@given(st.text(), st.text(), st.integers(0, 9))
def test_an_id_is_sixteen_base32_characters(feed: str, identity: str, generation: int) -> None:
    assert re.fullmatch(r"[a-z2-7]{16}", entry_id(feed, identity, generation))


def test_an_id_depends_on_feed_identity_and_generation() -> None:
    # The value stands here because it must never change: stored ids are made this way.
    assert entry_id("https://news.example/feed", "guid:42") == "hige5zfmxpriwdwf"
    ids = {
        entry_id("https://news.example/feed", "guid:42"),
        entry_id("https://news.example/feed", "guid:42", 1),
        entry_id("https://news.example/feed", "guid:43"),
        entry_id("https://other.example/feed", "guid:42"),
    }
    assert len(ids) == 4
