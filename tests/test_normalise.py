from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.identity import entry_id
from aggregator.model.details import Enclosure, Person
from aggregator.model.entries import Entry, Feed
from aggregator.model.raw import Category, RawEntry, RawFeed, RawText
from aggregator.normalise import MAX_TEXT, normalise
from tests.invariants import broken

KEY = "https://news.example/africa/feed.xml"
MONDAY = "Mon, 02 Mar 2026 09:00:00 GMT"
TUESDAY = "Tue, 03 Mar 2026 09:00:00 GMT"


def raw_entry(**changes: Any) -> RawEntry:
    default = RawEntry(
        guid="42",
        link="https://news.example/mali",
        title=RawText("Talks resume in Bamako"),
        summary=RawText("<p>Delegates met on Monday.</p>"),
        published=MONDAY,
    )
    return replace(default, **changes)


def raw_feed(*entries: RawEntry, **changes: Any) -> RawFeed:
    return replace(RawFeed("rss20", entries), **changes)


def entries_of(*entries: RawEntry, url: str = KEY, **changes: Any) -> tuple[Entry, ...]:
    return normalise(raw_feed(*entries, **changes), key=KEY, url=url)[1]


def entry_of(**changes: Any) -> Entry:
    (entry,) = entries_of(raw_entry(**changes))
    return entry


# --- the feed -------------------------------------------------------------------------------------


def test_a_feed_has_plain_texts_and_an_absolute_link() -> None:
    feed, entries = normalise(
        raw_feed(
            title=RawText("News &amp; <b>views</b>"),
            description=RawText("<p>From Bamako.</p>"),
            link="/africa",
            language="fr_ml",
            problem="it is not well-formed",
        ),
        key=KEY,
        url=KEY,
    )
    assert entries == ()
    assert feed == Feed(
        title="News & views",
        format="rss20",
        description="From Bamako.",
        link="https://news.example/africa",
        language="fr-ML",
        problem="it is not well-formed",
    )


# --- links ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("feed_base", "entry_base", "resolved"),
    [
        (None, None, "https://news.example/africa/mali"),
        ("https://cdn.example/x/", None, "https://cdn.example/x/mali"),
        (None, "https://cdn.example/y/", "https://cdn.example/y/mali"),
        ("https://cdn.example/x/", "y/", "https://cdn.example/x/y/mali"),
        ("not\x00 an [address", "javascript:x", "https://news.example/africa/mali"),
    ],
)
def test_links_are_resolved_against_the_nearest_base(
    feed_base: str | None, entry_base: str | None, resolved: str
) -> None:
    (entry,) = entries_of(raw_entry(link="mali", base=entry_base), base=feed_base)
    assert entry.link == resolved


def test_a_file_resolves_links_against_the_feeds_own_site() -> None:
    (entry,) = entries_of(
        raw_entry(link="/mali"), url="file:///srv/feed.xml", link="https://news.example/"
    )
    assert entry.link == "https://news.example/mali"


def test_links_in_a_text_are_resolved_against_the_base_of_the_text() -> None:
    entry = entry_of(content=RawText('<a href="x">x</a>', base="https://other.example/z/"))
    assert 'href="https://other.example/z/x"' in entry.content_html


def test_the_publishers_link_is_shown_and_the_canonical_one_kept_beside_it() -> None:
    entry = entry_of(link="http://News.example/mali/?utm_source=rss")
    assert entry.link == "http://News.example/mali/?utm_source=rss"
    assert entry.canonical_link == "https://news.example/mali"


# --- texts ----------------------------------------------------------------------------------------


def test_texts_are_kept_plain_and_as_safe_markup() -> None:
    entry = entry_of(
        title=RawText("Mali &amp; Niger"),
        summary=RawText("<p>One</p><script>x()</script>"),
        content=RawText("Two < three\n\nFour", kind="text"),
    )
    assert entry.title == "Mali & Niger"
    assert (entry.summary, entry.summary_html) == ("One", "<p>One</p>")
    assert (entry.content, entry.content_html) == (
        "Two < three\n\nFour",
        "<p>Two &lt; three</p><p>Four</p>",
    )


def test_a_summary_that_is_the_content_is_kept_once() -> None:
    entry = entry_of(summary=RawText("<div>Same  text</div>"), content=RawText("<p>Same text</p>"))
    assert (entry.summary, entry.summary_html, entry.content) == ("", "", "Same text")


@pytest.mark.parametrize(
    ("summary", "content", "repeats"),
    [
        ("Delegates met", "<p>In Bamako the delegates</p><p>met.</p>", True),
        ("<p>Delegates</p><p>met</p>", "Delegates met today.", True),
        ("Delegates met again", "Delegates met.", False),
        ("", "Delegates met.", False),
        ("Delegates met.", "", False),
    ],
)
def test_a_summary_repeats_if_all_its_words_stand_in_the_content(
    summary: str, content: str, repeats: bool
) -> None:
    entry = entry_of(summary=RawText(summary), content=RawText(content))
    assert entry.summary_repeats == repeats


def test_a_text_is_capped() -> None:
    entry = entry_of(content=RawText("word " * MAX_TEXT))
    assert MAX_TEXT - 5 <= len(entry.content) <= MAX_TEXT


# --- dates ----------------------------------------------------------------------------------------


def test_both_dates_are_kept_with_how_they_were_given() -> None:
    entry = entry_of(published=MONDAY, updated="2026-03-03T10:00:00+01:00")
    assert entry.published is not None
    assert entry.updated is not None
    assert (entry.published.at, entry.published.element) == (
        datetime(2026, 3, 2, 9, tzinfo=UTC),
        "published",
    )
    assert (entry.updated.at, entry.updated.raw) == (
        datetime(2026, 3, 3, 9, tzinfo=UTC),
        "2026-03-03T10:00:00+01:00",
    )


def test_a_date_keeps_nothing_that_no_database_takes() -> None:
    entry = entry_of(published=f"{MONDAY} (\ud800\x00)", updated=f"{TUESDAY} (\x1b[31m)")
    assert entry.published is not None
    assert entry.updated is not None
    assert (entry.published.raw, entry.updated.raw) == (f"{MONDAY} ()", f"{TUESDAY} ([31m)")


@pytest.mark.parametrize("unread", [None, "", "someday"])
def test_an_entry_without_a_readable_publication_is_dated_by_its_update(
    unread: str | None,
) -> None:
    entry = entry_of(published=unread, updated=TUESDAY)
    assert entry.published is not None
    assert entry.published == entry.updated
    assert entry.published.element == "updated"


def test_a_missing_date_is_never_invented() -> None:
    entry = entry_of(published="someday", updated=None)
    assert entry.published is None
    assert entry.updated is None


def test_a_date_in_the_future_is_the_publishers_claim() -> None:
    entry = entry_of(published="2199-01-01T00:00:00Z")
    assert entry.published is not None
    assert entry.published.at.year == 2199


# --- the rest -------------------------------------------------------------------------------------


def test_authors_and_language_are_inherited_from_the_feed() -> None:
    awa = Person("Awa Traoré")
    inherited, own = entries_of(
        raw_entry(authors=(Person("  "),)),
        raw_entry(guid="43", authors=(Person("Ali", url="/ali"),), language="ar"),
        authors=(awa,),
        language="fr",
    )
    assert (inherited.authors, inherited.language) == ((awa,), "fr")
    assert own.authors == (Person("Ali", url="https://news.example/ali"),)
    assert own.language == "ar"


def test_categories_are_tidied_and_never_repeated() -> None:
    entry = entry_of(
        categories=(Category(" Sahel\n"), Category("Sahel"), Category(" "), Category("Mali", "x"))
    )
    assert entry.categories == (Category("Sahel"), Category("Mali", "x"))


def test_enclosures_are_absolute_and_only_of_the_web() -> None:
    entry = entry_of(
        enclosures=(
            Enclosure("/a.mp3", "Audio/MPEG", -1),
            Enclosure("/a.mp3", "audio/mpeg", 5),
            Enclosure("ftp://x/b"),
            Enclosure("https://cdn.example/c.jpg", "image/jpeg", 2**70),
        )
    )
    assert entry.enclosures == (
        Enclosure("https://news.example/a.mp3", "audio/mpeg"),
        Enclosure("https://cdn.example/c.jpg", "image/jpeg"),
    )
    assert entry.image == "https://cdn.example/c.jpg"


def test_a_declared_picture_comes_first() -> None:
    assert entry_of(image="/a.jpg").image == "https://news.example/a.jpg"
    assert entry_of(image="javascript:x").image is None


def test_an_entry_of_which_nothing_is_left_is_an_entry_all_the_same() -> None:
    empty = RawEntry(title=RawText(" "), published="someday", summary=RawText("<!-- -->"))
    (kept,) = entries_of(empty, authors=(Person("The desk"),))
    assert (kept.title, kept.summary_html, kept.published) == ("", "", None)


@pytest.mark.parametrize(
    "only",
    [
        RawEntry(guid="1"),
        RawEntry(published=MONDAY),
        RawEntry(authors=(Person("Anna"),)),
        RawEntry(categories=(Category("Mali"),)),
    ],
)
def test_an_entry_may_be_no_more_than_one_thing(only: RawEntry) -> None:
    assert len(entries_of(only)) == 1


# --- identity -------------------------------------------------------------------------------------


def test_the_guid_makes_the_identity_and_with_the_feed_the_id() -> None:
    entry = entry_of(guid=" 42\n")
    assert (entry.guid, entry.identity) == ("42", "guid:42")
    assert entry.id == entry_id(KEY, "guid:42")


def test_without_a_guid_the_canonical_link_stands_in() -> None:
    assert entry_of(guid="", link="http://news.example/mali?utm_source=x").identity == (
        "link:https://news.example/mali"
    )
    assert entry_of(guid=None, link="https://news.example/changes#v2").identity == (
        "link:https://news.example/changes#v2"
    )


def test_a_link_to_the_front_page_names_no_entry() -> None:
    front = {"guid": None, "link": "https://news.example/"}
    one, two = entries_of(raw_entry(**front), raw_entry(**front, title=RawText("Another")))
    assert one.identity.startswith("title:")
    assert one.id != two.id
    bare = entry_of(**front, title=None, summary=None)
    assert bare.identity == "link:https://news.example/"


def test_one_guid_with_two_links_makes_two_entries_whatever_their_order() -> None:
    mali = raw_entry(link="https://news.example/mali")
    niger = raw_entry(link="https://news.example/niger")
    one_way = entries_of(mali, niger)
    assert len({entry.id for entry in one_way}) == 2
    assert {entry.id for entry in one_way} == {entry.id for entry in entries_of(niger, mali)}


@pytest.mark.parametrize("reverse", [False, True])
def test_of_one_guid_with_one_link_the_later_dated_wins(reverse: bool) -> None:
    old = raw_entry(title=RawText("Old"), published=MONDAY)
    young = raw_entry(
        title=RawText("Young"), published=TUESDAY, link="http://news.example/mali?utm_source=x"
    )
    undated = raw_entry(title=RawText("Undated"), published=None)
    documents = [old, undated, young]
    (kept,) = entries_of(*(reversed(documents) if reverse else documents))
    assert kept.title == "Young"


def test_entries_without_guid_that_share_a_link_are_told_apart_by_their_titles() -> None:
    shared = {"guid": None, "link": "https://news.example/live"}
    entries = entries_of(
        raw_entry(**shared, title=RawText("Morning")), raw_entry(**shared, title=RawText("Evening"))
    )
    assert [entry.title for entry in entries] == ["Morning", "Evening"]
    assert entries[0].id != entries[1].id


# --- what makes a revision ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"published": TUESDAY},
        {"updated": TUESDAY},
        {"guid": "43"},
        {"link": "http://news.example/mali/?utm_source=rss#top"},
        {"summary": RawText("<div>Delegates <b>met</b>\n on Monday.</div>")},
        {"summary": RawText("Delegates met on Monday.", kind="text")},
        {"title": RawText("Talks resume &#105;n  Bamako")},
        {"image": "/other.jpg"},
        {"enclosures": (Enclosure("https://cdn.example/a.mp3?token=2", "audio/mpeg", 2),)},
    ],
)
def test_what_no_reader_sees_makes_no_revision(change: dict[str, Any]) -> None:
    enclosures = (Enclosure("http://cdn.example/a.mp3?token=1"),)
    before = entry_of(enclosures=enclosures)
    assert entry_of(**{"enclosures": enclosures, **change}).content_hash == before.content_hash


@pytest.mark.parametrize(
    "change",
    [
        {"title": RawText("Talks end in Bamako")},
        {"summary": RawText("Delegates met on Tuesday.")},
        {"content": RawText("More.")},
        {"link": "https://news.example/niger"},
        {"enclosures": (Enclosure("https://cdn.example/a.mp3"),)},
        {"categories": (Category("Sahel"),)},
        {"authors": (Person("Awa"),)},
    ],
)
def test_what_readers_and_rules_see_makes_a_revision(change: dict[str, Any]) -> None:
    assert entry_of(**change).content_hash != entry_of().content_hash


# --- laws -----------------------------------------------------------------------------------------

STRINGS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "",
            "42",
            "https://a.example/x",
            "/x",
            "//",
            "http://[::1",
            "<p>Mali</p>",
            "&lt;",
            "\ud800",
            "\x00\x02",
            MONDAY,
            "fr",
        ]
    ),
)
MAYBE = st.none() | STRINGS
TEXTS = st.none() | st.builds(RawText, STRINGS, st.sampled_from(["text", "html"]), MAYBE, MAYBE)
PEOPLE = st.lists(st.builds(Person, STRINGS, STRINGS, STRINGS), max_size=2).map(tuple)
ENTRIES = st.builds(
    RawEntry,
    guid=MAYBE,
    link=MAYBE,
    title=TEXTS,
    summary=TEXTS,
    content=TEXTS,
    published=MAYBE,
    updated=MAYBE,
    authors=PEOPLE,
    categories=st.lists(st.builds(Category, STRINGS, MAYBE, MAYBE), max_size=2).map(tuple),
    enclosures=st.lists(
        st.builds(Enclosure, STRINGS, MAYBE, st.none() | st.integers()), max_size=2
    ).map(tuple),
    image=MAYBE,
    language=MAYBE,
    base=MAYBE,
)
FEEDS = st.builds(
    RawFeed,
    format=st.just("rss20"),
    entries=st.lists(ENTRIES, max_size=4).map(tuple),
    title=TEXTS,
    description=TEXTS,
    link=MAYBE,
    language=MAYBE,
    base=MAYBE,
    authors=PEOPLE,
)


@settings(max_examples=80, deadline=None)
@given(FEEDS, STRINGS)
def test_whatever_a_document_says_becomes_entries_that_fit_the_store(
    raw: RawFeed, url: str
) -> None:
    assert broken(*normalise(raw, key=KEY, url=url)) == []


@settings(max_examples=30, deadline=None)
@given(FEEDS)
def test_the_same_document_gives_the_same_entries(raw: RawFeed) -> None:
    assert normalise(raw, key=KEY, url=KEY) == normalise(raw, key=KEY, url=KEY)
