"""People, files and numbers as we keep them: tidy, absolute, possible, each once."""

from hypothesis import given
from hypothesis import strategies as st

from aggregator import particulars
from aggregator.model.details import Enclosure, Person

BASE = "https://news.example/a/"


def test_who_is_named_twice_is_one_with_all_that_is_told() -> None:
    told = [Person("A"), Person("A", "a@news.example"), Person("B"), Person("A")]
    found = particulars.people(told, BASE)
    assert found == (Person("A", "a@news.example"), Person("B"))


def test_two_of_one_name_with_different_addresses_are_two() -> None:
    told = [Person("A", "a@news.example"), Person("A", "a@other.example")]
    assert particulars.people(told, BASE) == tuple(told)


def test_whoever_cannot_be_named_is_left_out_and_pages_are_absolute() -> None:
    told = [Person(" \n "), Person("A", url="me", avatar="javascript:x"), Person(role="host")]
    assert particulars.people(told, BASE) == (Person("A", url="https://news.example/a/me"),)


def test_a_file_is_told_once_with_the_first_claims() -> None:
    told = [Enclosure("f", "Audio/MPEG", 5), Enclosure("./f", None, 6), Enclosure("")]
    assert particulars.files(told, BASE) == (
        Enclosure("https://news.example/a/f", "audio/mpeg", 5),
    )


def test_impossible_numbers_are_unknown() -> None:
    told = [Enclosure("f", length_bytes=0, width=-1, height=2**63, duration_seconds=2**63 - 1)]
    (file,) = particulars.files(told, BASE)
    assert (file.length_bytes, file.width, file.height) == (None, None, None)
    assert file.duration_seconds == 2**63 - 1


@given(st.text(max_size=500))
def test_a_name_is_one_short_line(text: str) -> None:
    name = particulars.name(text)
    assert len(name) <= 200
    assert name == name.strip()
    assert len(name.splitlines()) <= 1


@given(st.lists(st.builds(Person, st.sampled_from(["", "A", "B"]), st.sampled_from(["", "a@b.c"]))))
def test_nobody_is_told_twice_and_nobody_is_lost(told: list[Person]) -> None:
    found = particulars.people(told, BASE)
    assert len(found) == len(set(found))
    assert {one.name for one in found} >= {one.name for one in told if one.name}
