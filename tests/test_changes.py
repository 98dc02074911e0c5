from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.changes import Changes, compare
from aggregator.identity import entry_id
from aggregator.model.entries import Entry, KnownEntry
from aggregator.model.raw import RawEntry, RawFeed, RawText
from aggregator.normalise import normalise
from tests.builders import FEED, NOW, known

LONG = (
    "The ministers of the three states met in Bamako on Monday and agreed on joint patrols along"
    " the border, according to a statement read on national television."
)
OTHER = (
    "Farmers around Zinder fear for the millet after a fortnight without rain; prices on the"
    " markets have doubled since spring, traders say."
)


def entry(
    guid: str | None = "1",
    title: str = "Talks resume",
    text: str = LONG,
    *,
    link: str | None = "/talks",
    at: datetime | None = NOW,
) -> Entry:
    """Build what `normalise` would make of one entry."""
    raw = RawEntry(
        guid=guid,
        link=link,
        title=RawText(title, "text"),
        summary=RawText(text, "text"),
        published=at.isoformat() if at else None,
    )
    _, (made,) = normalise(RawFeed("rss20", (raw,)), key=FEED, url=FEED)
    return made


def stored(before: Iterable[KnownEntry], changes: Changes) -> tuple[KnownEntry, ...]:
    """Return what a store knows after it applied the changes."""
    entries = {one.id: one for one in before}
    entries |= {one.id: known(one) for one in (*changes.new, *changes.changed)}
    return tuple(replace(one, present=one.id in changes.present) for one in entries.values())


def asked(stored: Iterable[KnownEntry], document: tuple[Entry, ...]) -> tuple[KnownEntry, ...]:
    """Return what a store answers: the last document's entries, and those that share something."""
    shared = {
        *(one.identity for one in document),
        *(one.id for one in document),
        *(one.canonical_link for one in document if one.canonical_link),
    }
    return tuple(
        one for one in stored if one.present or {one.identity, one.id, one.canonical_link} & shared
    )


def after(*documents: tuple[Entry, ...]) -> tuple[tuple[KnownEntry, ...], Changes]:
    """Poll documents one after the other; return what is known and what the last one changed."""
    remembered: tuple[KnownEntry, ...] = ()
    changes = compare((), ())
    for document in documents:
        changes = compare(document, asked(remembered, document))
        remembered = stored(remembered, changes)
    return remembered, changes


def ids(entries: Iterable[Entry | KnownEntry]) -> list[str]:
    return [one.id for one in entries]


# --- the ordinary ---------------------------------------------------------------------------------


def test_everything_in_a_first_document_is_new_in_its_order() -> None:
    document = (entry("1"), entry("2", "Rain fails", link="/rain"))
    assert compare(document, ()) == Changes(document, (), frozenset(), frozenset(ids(document)))


def test_an_entry_that_is_still_the_same_is_neither_new_nor_changed() -> None:
    document = (entry("1"),)
    _, changes = after(document, document)
    assert changes == Changes((), (), frozenset(), frozenset(ids(document)))


def test_an_edited_entry_is_a_revision_and_keeps_its_id() -> None:
    first, edited = entry("1"), entry("1", text=f"Correction. {LONG}")
    _, changes = after((first,), (edited,))
    assert changes.new == ()
    assert changes.changed == (edited,)
    assert changes.revised == {first.id}


def test_a_new_date_alone_changes_nothing() -> None:
    _, changes = after((entry("1"),), (entry("1", at=NOW + timedelta(hours=1)),))
    assert (changes.new, changes.changed) == ((), ())


def test_an_entry_that_left_and_came_back_is_still_known() -> None:
    _, changes = after((entry("1"),), (), (entry("1"),))
    assert (changes.new, changes.changed) == ((), ())
    assert changes.present == {entry("1").id}


# --- re-issued guids ------------------------------------------------------------------------------


def test_an_unseen_guid_with_the_link_of_an_entry_that_left_is_that_entry() -> None:
    first = entry("1")
    reissued = entry("new-1", "Talks end", OTHER, at=NOW + timedelta(days=1))
    _, changes = after((first,), (reissued,))
    assert changes.new == ()
    assert changes.changed == (replace(reissued, id=first.id),)
    assert changes.revised == {first.id}


def test_an_unseen_guid_with_title_and_date_of_an_entry_that_left_is_that_entry() -> None:
    first, reissued = entry("1"), entry("new-1", text=OTHER, link="/2026/talks")
    _, changes = after((first,), (reissued,))
    assert changes.new == ()
    assert ids(changes.changed) == [first.id]


def test_an_entry_that_only_moved_is_stored_anew_and_is_no_revision() -> None:
    first, reissued = entry("1"), entry("new-1")
    remembered, changes = after((first,), (reissued,))
    assert changes.changed == (replace(reissued, id=first.id),)
    assert changes.revised == frozenset()
    assert [one.identity for one in remembered] == ["guid:new-1"]


def test_what_an_older_version_read_is_stored_anew_and_is_no_revision() -> None:
    read_anew = entry("1", "Talks resume")
    before = known(replace(read_anew, content_hash="other", normalised_by=1))
    changes = compare((read_anew,), (before,))
    assert changes.changed == (read_anew,)
    assert changes.revised == frozenset()
    assert compare((read_anew,), (known(read_anew),)).changed == ()


def test_an_unseen_guid_is_new_while_the_entry_with_its_link_still_stands_there() -> None:
    first, second = entry("1"), entry("2", "Talks end", OTHER, at=NOW + timedelta(days=1))
    _, changes = after((first,), (second, first))
    assert changes.new == (second,)
    assert changes.changed == ()


def test_an_unseen_guid_is_new_if_the_entry_with_its_link_left_long_ago() -> None:
    first, second = entry("1"), entry("2", "Talks end", OTHER, at=NOW + timedelta(days=1))
    _, changes = after((first,), (), (second,))
    assert changes.new == (second,)


def test_where_every_link_is_the_same_page_it_identifies_nothing() -> None:
    def change(number: int) -> Entry:
        at = NOW + timedelta(days=number)
        return entry(str(number), f"Version {number}", f"Notes {number}", link="/notes", at=at)

    _, changes = after((change(2), change(1)), (change(3), change(2)))
    assert changes.new == (change(3),)


def test_the_front_page_identifies_nothing() -> None:
    _, changes = after(
        (entry("1", link="/"),),
        (entry("2", "Talks end", OTHER, link="/", at=NOW + timedelta(days=1)),),
    )
    assert ids(changes.new) == [entry("2").id]


def test_undated_entries_need_more_than_a_title_to_be_one() -> None:
    first = entry("1", "Weather", link=None, at=None)
    _, other = after((first,), (entry("2", "Weather", OTHER, link=None, at=None),))
    assert len(other.new) == 1
    _, copy = after((first,), (entry("2", "Weather", link=None, at=None),))
    assert (copy.new, ids(copy.changed)) == ((), [first.id])


def test_guids_that_change_back_lead_back_to_the_same_entry() -> None:
    first, reissued = entry("1"), entry("new-1")
    remembered, changes = after((first,), (reissued,), (first,))
    assert ids(changes.changed) == [first.id]
    assert [(one.id, one.identity) for one in remembered] == [(first.id, "guid:1")]


# --- re-used guids --------------------------------------------------------------------------------


def test_a_reused_guid_begins_a_new_generation() -> None:
    first = entry("1")
    second = entry("1", "Rain fails", OTHER, link="/rain", at=NOW + timedelta(days=9))
    remembered, changes = after((first,), (second,))
    (made,) = changes.new
    assert (made.generation, made.id) == (1, entry_id(FEED, "guid:1", 1))
    assert changes.changed == ()
    assert {one.id: one.present for one in remembered} == {first.id: False, made.id: True}
    _, again = after((first,), (second,), (second,))
    assert again == Changes((), (), frozenset(), frozenset({made.id}))


def test_texts_that_share_a_phrase_are_different_texts() -> None:
    rain = f"{OTHER} Nothing of the kind was read on national television."
    second = entry("1", "Rain fails", rain, link="/rain", at=NOW + timedelta(days=9))
    _, changes = after((entry("1"),), (second,))
    assert len(changes.new) == 1


def test_a_guid_that_is_reused_again_and_again_always_makes_one_more_generation() -> None:
    documents = [
        (entry("1", f"Title {n}", f"{n}a {n}b {n}c", link=f"/{n}", at=NOW + timedelta(days=n)),)
        for n in range(4)
    ]
    remembered, _ = after(*documents, documents[-1])
    assert sorted(one.generation for one in remembered) == [0, 1, 2, 3]


def test_anything_less_is_a_revision() -> None:
    first = entry("1")
    later = NOW + timedelta(days=9)
    for less in (
        entry("1", "Rain fails", OTHER, link="/talks", at=later),
        entry("1", "Talks resume", OTHER, link="/rain", at=later),
        entry("1", "Rain fails", OTHER, link="/rain", at=NOW),
        entry("1", "Rain fails", f"Update. {LONG}", link="/rain", at=later),
        entry("1", "Rain fails", OTHER, link=None, at=later),
        entry("1", "Rain fails", OTHER, link="/rain", at=None),
    ):
        _, changes = after((first,), (less,))
        assert changes.new == ()
        assert changes.revised == {first.id}


def test_an_entry_whose_guid_went_to_another_stays_itself() -> None:
    first = entry("1")
    rain = entry("1", "Rain fails", OTHER, link="/rain", at=NOW + timedelta(days=9))
    _, changes = after((first,), (rain, entry("2")))
    assert [(one.id, one.title) for one in changes.changed] == [(first.id, "Talks resume")]
    assert [one.title for one in changes.new] == ["Rain fails"]


def test_guids_that_number_the_places_in_a_document_lose_nothing() -> None:
    texts = (LONG, OTHER, "Le gouvernement annonce un nouveau calendrier électoral pour mars.")
    stories = [
        (f"Story {n}", f"{texts[n]} {n}", f"/{n}", NOW + timedelta(days=n)) for n in range(3)
    ]

    def document(*numbers: int) -> tuple[Entry, ...]:
        chosen = (stories[number] for number in numbers)
        return tuple(
            entry(str(place), title, text, link=link, at=at)
            for place, (title, text, link, at) in enumerate(chosen)
        )

    remembered, _ = after(document(1, 0), document(2, 1), document(2, 1))
    assert sorted((one.title, one.present) for one in remembered) == [
        ("Story 0", False),
        ("Story 1", True),
        ("Story 2", True),
    ]


def test_an_id_that_a_moved_entry_keeps_is_given_to_no_other() -> None:
    first = entry("1")
    rain = entry("1", "Rain fails", OTHER, link="/rain", at=NOW + timedelta(days=9))
    _, changes = after((first,), (entry("new-1"),), (entry("new-1"), rain))
    (made,) = changes.new
    assert made.id != first.id
    assert (made.identity, made.generation) == ("guid:1", 0)


# --- laws -----------------------------------------------------------------------------------------

SAID = [("", LONG), ("Talks resume", ""), ("Talks resume", LONG), ("Rain fails", OTHER)]
STORIES = st.builds(
    lambda guid, said, link, at: entry(guid, *said, link=link, at=at),
    st.sampled_from(["1", "2", "3", None]),
    st.sampled_from(SAID),
    st.sampled_from([None, "/", "/talks", "/rain"]),
    st.sampled_from([None, NOW, NOW + timedelta(days=1)]),
)
DOCUMENTS = st.lists(STORIES, max_size=4, unique_by=lambda one: one.identity).map(tuple)


@settings(max_examples=70, deadline=None)
@given(st.lists(DOCUMENTS, max_size=4))
def test_each_entry_of_a_document_is_exactly_one_entry(polled: list[tuple[Entry, ...]]) -> None:
    remembered: tuple[KnownEntry, ...] = ()
    for document in polled:
        changes = compare(document, remembered)
        assert len(changes.present) == len(document)
        assert not {*ids(changes.new)} & {*ids(remembered)}
        assert {*ids(changes.changed)} <= {*ids(remembered)}
        assert changes.revised <= {*ids(changes.changed)}
        assert {*ids(changes.new), *ids(changes.changed)} <= changes.present
        remembered = stored(remembered, changes)
        places = [(one.identity, one.generation) for one in remembered]
        assert len({*places}) == len(places)


@settings(max_examples=70, deadline=None)
@given(st.lists(DOCUMENTS, max_size=3), DOCUMENTS)
def test_the_same_document_again_changes_nothing(
    before: list[tuple[Entry, ...]], document: tuple[Entry, ...]
) -> None:
    _, first = after(*before, document)
    _, again = after(*before, document, document)
    assert again == Changes((), (), frozenset(), first.present)


@settings(max_examples=70, deadline=None)
@given(DOCUMENTS)
def test_a_publisher_that_reissues_all_its_guids_floods_nobody(
    document: tuple[Entry, ...],
) -> None:
    def reissued(one: Entry) -> Entry:
        return replace(one, guid=f"new-{one.identity}", identity=f"guid:new-{one.identity}")

    _, first = after(document)
    _, changes = after(document, tuple(map(reissued, document)))
    assert changes.new == ()
    assert changes.revised == frozenset()
    assert changes.present == first.present
