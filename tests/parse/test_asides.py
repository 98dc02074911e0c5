"""Elements of other namespaces: as trees, and as the files, places and episodes they tell."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model.details import Enclosure, Episode, Person, Place, Transcript
from aggregator.parse import media, podcasts
from aggregator.parse.asides import Element, Recorder
from aggregator.parse.places import places


def one(name: str, text: str = "", *children: Element, **attributes: str) -> Element:
    return Element(name, attributes, text, children)


def within(*children: Element) -> Element:
    return Element("item", {}, "", children)


# --- the trees ------------------------------------------------------------------------------------


def recorded(*events: str | tuple[str, str]) -> tuple[Element, ...]:
    """Record ``+name``, ``-name`` and texts."""
    recorder = Recorder()
    for event in events:
        match event[:1]:
            case "+":
                recorder.start(str(event[1:]), ())
            case "-":
                recorder.end(str(event[1:]))
            case _:
                recorder.text(str(event))
    return recorder.whole()


def test_only_what_a_known_namespace_begins_is_kept_with_all_that_is_in_it() -> None:
    found = recorded("+title", "x", "-title", "+media:group", "+b", "y", "-b", "-media:group")
    assert found == (one("media:group", "", one("b", "y")),)


def test_what_is_left_open_is_closed_by_what_closes_around_it_or_by_the_end() -> None:
    found = recorded("+media:group", "+media:title", "x", "-media:group", "+geo:lat", "1")
    assert found == (one("media:group", "", one("media:title", "x")), one("geo:lat", "1"))


def test_an_end_without_a_beginning_ends_nothing() -> None:
    assert recorded("+geo:lat", "1", "-geo:long", "2", "-geo:lat") == (one("geo:lat", "12"),)


def test_there_is_an_end_to_depth_and_number() -> None:
    deep = recorded(*["+media:group"] * 50)
    assert sum(1 for _ in within(*deep).all("media:group")) == 10
    many = recorded(*["+geo:lat", "-geo:lat"] * 2_000)
    assert len(many) == 500


# --- places ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("georss:point", " 12.5 -8 ", (12.5, -8)),
        ("georss:point", "12.5,-8", (12.5, -8)),
        ("georss:point", "12.5 -8 300", (12.5, -8)),
        ("georss:point", "12.5", None),
        ("georss:point", "91 0", None),
        ("georss:point", "0 181", None),
        ("georss:point", "1e1 nan", None),
        ("georss:point", "", None),
        ("georss:circle", "1 2 500", (1, 2)),
        ("georss:box", "1 2 3 4", (2, 3)),
        ("georss:polygon", "0 0 0 4 2 4 2 0 0 0", (1, 2)),
        ("georss:line", "1 2 3", None),
        ("georss:line", "1 2 300 4", None),
        ("gml:poslist", " ".join(["1 2"] * 6_000), None),
    ],
)
def test_a_place_is_a_point_or_the_middle_of_a_shape(
    name: str, text: str, found: tuple[float, float] | None
) -> None:
    expected = () if found is None else (Place(*found),)
    assert places(within(one(name, text))) == expected


def test_latitudes_and_longitudes_are_paired_and_named() -> None:
    told = [one("geo:lat", "1"), one("geo:long", "2"), one("geo:lat", "3")]
    assert places(within(*told, one("georss:featurename", "Gao"))) == (Place(1, 2, "Gao"),)


@given(st.text("0123456789.+- ,e"))
def test_every_place_lies_on_the_globe(text: str) -> None:
    for name in ("georss:point", "georss:box", "georss:polygon"):
        for place in places(within(one(name, text))):
            assert abs(place.latitude) <= 90
            assert abs(place.longitude) <= 180


# --- files ----------------------------------------------------------------------------------------


def files(*elements: Element) -> Sequence[Enclosure]:
    return tuple(media.files(within(*elements)))


def test_a_file_has_its_claims_as_far_as_they_are_possible() -> None:
    told = {"type": "video/mp4", "filesize": "9", "duration": "61", "medium": "video"}
    assert files(one("media:content", url="u", width="4", height="x", **told)) == (
        Enclosure("u", "video/mp4", 9, duration_seconds=61, medium="video", width=4),
    )
    odd = {"filesize": "-1", "duration": "long", "medium": "smell"}
    assert files(one("media:content", url="u", **odd)) == (Enclosure("u"),)


def test_a_file_without_an_address_is_its_player_or_none() -> None:
    player = one("media:player", url="p")
    assert files(one("media:content", "", player)) == (Enclosure("p"),)
    assert files(one("media:content", type="x/y"), one("media:peerlink")) == ()


def test_nobody_without_a_name_is_credited() -> None:
    found = media.credited(
        within(one("media:credit", "A", role="r"), one("media:credit", role="r"))
    )
    assert tuple(found) == (Person("A", role="r"),)


# --- episodes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("1:02:03", 3723),
        ("62:03", 3723),
        (" 3723 ", 3723),
        ("3723.9", 3723),
        ("0", None),
        ("-5", None),
        ("1:2:3:4", None),
        ("5 min", None),
        ("", None),
    ],
)
def test_a_duration_is_read(written: str, seconds: int | None) -> None:
    assert podcasts.seconds(written) == seconds


@given(st.text("0123456789:. -"))
def test_no_duration_is_negative_or_zero(written: str) -> None:
    read = podcasts.seconds(written)
    assert read is None or read > 0


def test_podcasting_counts_before_apple_and_odd_words_say_nothing() -> None:
    told = (
        one("itunes:episode", "6"),
        one("podcast:episode", "7.5", display="7½"),
        one("itunes:season", "two"),
        one("itunes:episodetype", "Bonus"),
        one("itunes:explicit", "perhaps"),
    )
    assert podcasts.episode(within(*told)) == Episode(number=7.5, label="7½", kind="bonus")
    assert podcasts.episode(within(one("itunes:episode", "first"))) is None


def test_what_has_no_address_is_no_transcript_and_who_has_no_role_is_the_host() -> None:
    both = within(one("podcast:transcript"), one("podcast:transcript", url="u", rel="captions"))
    assert tuple(podcasts.transcripts(both)) == (Transcript("u", None, None, captions=True),)
    people = within(one("podcast:person", "A"), one("podcast:person", href="h"))
    assert tuple(podcasts.people(people)) == (Person("A", role="host"),)
