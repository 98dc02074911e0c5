"""What feedparser finds becomes ours, and what it would spoil is kept from it."""

import pytest

from aggregator.errors import NotAFeedError
from aggregator.model.details import Enclosure, Person
from aggregator.model.raw import Category, RawEntry, RawFeed
from aggregator.parse.xml import MOST_LOOKED_AT, read_xml
from tests.data.feeds import URL
from tests.parse.documents import rss

ATOM = '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{}">{}</feed>'


def feed(text: str) -> RawFeed:
    return read_xml(text, URL)[0]


def item(inner: str, channel: str = "") -> RawEntry:
    return feed(rss(f"<item><title>t</title>{inner}</item>", channel)).entries[0]


def entry(inner: str) -> RawEntry:
    return feed(ATOM.format("en", f"<entry><title>t</title>{inner}</entry>")).entries[0]


@pytest.mark.parametrize("version", ["0.91", "0.92", "0.93", "0.94", "2.0", "2.0.1", "", "9"])
def test_the_version_of_rss_names_the_format(version: str) -> None:
    known = {"0.91": "rss091", "0.92": "rss092", "0.93": "rss093", "0.94": "rss094"}
    text = f'<rss version="{version}"><channel><title>x</title></channel></rss>'
    assert feed(text).format == known.get(version, "rss20" if version.startswith("2") else "rss")


def test_xml_with_nothing_of_a_feed_is_no_feed() -> None:
    with pytest.raises(NotAFeedError, match="neither RSS nor Atom"):
        feed("<channel><b/></channel>")


# --- identity: as given ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "guid", ["17", "a b", "../x", "//host/x", "tag:x,2024:1", "HTTP://X.example"]
)
def test_a_guid_is_kept_as_given(guid: str) -> None:
    assert item(f"<guid>{guid}</guid>").guid == guid
    assert entry(f"<id>{guid}</id>").guid == guid
    assert entry(f'<id xml:base="https://b.example/">{guid}</id>').guid == guid


def test_a_guid_that_is_a_web_address_stands_in_for_the_link() -> None:
    address = "https://x.example/1"
    assert item(f"<guid>{address}</guid>").link == address
    assert item(f'<guid isPermaLink="true">{address}</guid>').link == address
    assert item(f'<guid isPermaLink="false">{address}</guid>').link is None
    assert item("<guid>17</guid>").link is None
    assert item(f"<guid>{address}</guid><link>https://x.example/2</link>").link.endswith("2")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "links",
    [
        '<link href="p"/>',
        '<link rel="alternate" type="text/html" href="p"/><link rel="self" href="s"/>',
        '<link rel="enclosure" href="e"/><link rel="alternate" type="text/plain" href="p"/>',
        '<link rel="self" href="s"/><link rel="ALTERNATE" type="application/xhtml+xml" href="p"/>',
    ],
)
def test_the_link_is_the_alternate(links: str) -> None:
    assert entry(f"<id>urn:x</id>{links}").link == "https://example.org/p"


def test_links_are_resolved_against_the_base_in_scope() -> None:
    text = """<rss version="2.0" xml:base="https://a.example/x/"><channel>
        <item xml:base="y/"><link>z</link></item><item><link>z</link></item></channel></rss>"""
    assert [one.link for one in feed(text).entries] == [
        "https://a.example/x/y/z",
        "https://a.example/x/z",
    ]


def test_an_entry_that_says_what_nobody_understands_is_one() -> None:
    assert (
        len(feed(rss("<item><mood>fine</mood></item><item><seen at='noon'/></item>")).entries) == 2
    )


def test_an_entry_that_says_nothing_is_none() -> None:
    assert feed(rss("<item/><item><pubDate> </pubDate></item><item><guid/></item>")).entries == ()


# --- dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inner", "published", "updated"),
    [
        ("<pubDate> le 5 mars 2024 </pubDate>", "le 5 mars 2024", None),
        ("<dc:date>2024-03-05</dc:date>", "2024-03-05", None),
        ("<pubDate>a</pubDate><dc:date>b</dc:date>", "a", "b"),
        ("<dcterms:issued>a</dcterms:issued><dcterms:modified>b</dcterms:modified>", "a", "b"),
        ("<dcterms:created>a</dcterms:created>", "a", None),
        ("<pubDate/>", None, None),
    ],
)
def test_dates_are_kept_as_written(inner: str, published: str | None, updated: str | None) -> None:
    text = f"""<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
        xmlns:dcterms="http://purl.org/dc/terms/"><channel><pubDate>channel's</pubDate>
        <item><title>t</title>{inner}</item></channel></rss>"""
    only = feed(text).entries[0]
    assert (only.published, only.updated) == (published, updated)


def test_an_atom_entry_without_a_publication_date_has_none() -> None:
    only = entry("<updated>2024-01-01T00:00:00Z</updated>")
    assert (only.published, only.updated) == (None, "2024-01-01T00:00:00Z")


# --- texts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("AT&amp;T", "text"),
        ("Vec&lt;String&gt; in Rust", "text"),
        ("a &lt; b &gt; c", "text"),
        ("one&lt;br/&gt;two", "html"),
        ("&lt;i&gt;two", "html"),
        ("Tom &amp;amp; Jerry", "html"),
        ("it&amp;#39;s", "html"),
    ],
)
def test_a_title_of_rss_is_html_if_it_looks_so(title: str, kind: str) -> None:
    read = feed(rss(f"<item><title>{title}</title></item>")).entries[0].title
    assert read is not None
    assert read.kind == kind


def test_a_text_of_atom_is_what_it_declares() -> None:
    read = entry("<summary>1 &lt;b&gt; 2</summary><content type='html'>&lt;b&gt;</content>")
    assert read.summary is not None
    assert read.content is not None
    assert (read.summary.kind, read.summary.value) == ("text", "1 <b> 2")
    assert (read.content.kind, read.content.value) == ("html", "<b>")


def test_content_without_a_description_is_not_the_summary_too() -> None:
    text = """<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
        <item><content:encoded>&lt;p&gt;x&lt;/p&gt;</content:encoded></item></channel></rss>"""
    only = feed(text).entries[0]
    assert only.summary is None
    assert only.content is not None


def test_content_that_is_no_text_is_not_shown() -> None:
    assert entry('<content type="image/png">iVBORw0KGgo=</content>').content is None


def test_the_language_of_an_entry_is_that_of_its_text() -> None:
    assert entry("<content xml:lang='fr'>x</content>").language == "fr"
    assert entry("<content>x</content>").language == "en"
    assert item("", "<language>de</language>").language is None


def test_text_survives_an_element_with_the_name_of_feedparsers_own_field() -> None:
    inner = "<title_detail a='b'/><links a='b'/><authors a='b'/><tags a='b'/><media_content a='b'/>"
    only = item(inner)
    assert (only.title is not None, only.authors, only.categories) == (True, (), ())


# --- people, categories, files --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "person"),
    [
        ("anna@paper.example (Anna Osei)", Person("Anna Osei", "anna@paper.example")),
        ("Anna Osei &lt;anna@paper.museum&gt;", Person("Anna Osei", "anna@paper.museum")),
        ("Anna Osei (anna@paper.example)", Person("Anna Osei", "anna@paper.example")),
        ("anna@paper.example", Person("", "anna@paper.example")),
        ("mailto:anna@paper.example", Person("", "anna@paper.example")),
        ("Anna Osei (Lagos)", Person("Anna Osei (Lagos)")),
        ('"Osei, Anna" &lt;a@b.example&gt;', Person("Osei, Anna", "a@b.example")),
        ("@anna", Person("@anna")),
    ],
)
def test_an_author_is_taken_apart(written: str, person: Person) -> None:
    assert item(f"<author>{written}</author>").authors == (person,)


def test_nobody_inherits_anothers_address() -> None:
    people = (
        "<author><name>A</name><email>a@x.example</email></author><author><name>B</name></author>"
    )
    assert entry(people).authors == (Person("A", "a@x.example"), Person("B"))


def test_the_same_author_named_twice_is_one() -> None:
    text = """<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
        <item><title>t</title><dc:creator>A</dc:creator><author>A</author></item></channel></rss>"""
    assert feed(text).entries[0].authors == (Person("A"),)


def test_a_category_has_its_scheme_and_label() -> None:
    assert item('<category domain="d">x</category><category/>').categories == (Category("x", "d"),)
    assert entry('<category term="x" label="X"/><category label="Y"/>').categories == (
        Category("x", None, "X"),
        Category("Y", None, "Y"),
    )


def test_an_enclosure_has_its_claims_if_they_make_sense() -> None:
    files = '<enclosure url="a" type="audio/mpeg" length="{}"/>'
    assert item(files.format("12")).enclosures == (Enclosure("a", "audio/mpeg", 12),)
    for nonsense in ("", "-1", "1e9", "9" * 19, "many"):
        assert item(files.format(nonsense)).enclosures == (Enclosure("a", "audio/mpeg"),)
    assert item('<enclosure type="audio/mpeg"/>').enclosures == ()


@pytest.mark.parametrize(
    ("inner", "image"),
    [
        ('<enclosure url="e.png" type="image/png"/>', "e.png"),
        ('<enclosure url="e.mp3" type="audio/mpeg"/>', None),
        ('<media:content url="m.jpg" medium="image"/>', "m.jpg"),
        ('<media:content url="m.jpg" type="image/jpeg"/>', "m.jpg"),
        ('<media:content url="m.mp4" medium="video"/>', None),
        ('<media:thumbnail url="t.jpg"/><media:content url="m.jpg" medium="image"/>', "t.jpg"),
        ('<media:group><media:thumbnail url="t.jpg"/></media:group>', "t.jpg"),
    ],
)
def test_the_image_is_the_thumbnail_or_what_calls_itself_one(inner: str, image: str | None) -> None:
    text = f"""<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>
        <item><title>t</title>{inner}</item></channel></rss>"""
    assert feed(text).entries[0].image == image


# --- hostile and broken ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "inner",
    [
        "<a>" * 20_000 + "</a>" * 20_000,
        "<description>" + "<div>" * 20_000 + "</div>" * 20_000 + "</description>",
    ],
    ids=["elements", "markup"],
)
def test_deep_nesting_ends_in_time(inner: str) -> None:
    assert item(inner).title is not None


def test_an_element_with_thousands_of_attributes_loses_them() -> None:
    attributes = " ".join(f'a{number}="1"' for number in range(20_000))
    assert item(f"<b {attributes}/>").title is not None
    text = rss(f'<item><title>t</title><enclosure url="x" {attributes}/></item>')
    assert feed(text).entries[0].enclosures == ()


def test_reading_stops_at_so_many_entries() -> None:
    last, beyond = ("<item><guid>last</guid></item>", "<item><guid>beyond</guid></item>")
    read, told = read_xml(rss("<item/>" * (MOST_LOOKED_AT - 1) + last + beyond), URL)
    assert [entry.guid for entry in read.entries] == ["last"]
    assert told == ("it has more than 20,000 entries, the rest was not read",)


def test_row_66_what_is_nested_without_end_is_flat_below_a_depth() -> None:
    nested = "<item><guid>x</guid></item><item><guid>y</guid><description>" + "<b>" * 100_000
    read, told = read_xml(f"<rss version='2.0'><channel>{nested}", URL)
    assert [entry.guid for entry in read.entries] == ["x", "y"]
    assert "it is nested more than 256 deep, and flat below that (line 1, entry 2)" in told


def test_row_66_what_comes_after_the_depth_is_read() -> None:
    nested = f"<item><guid>x</guid>{'<b>' * 1000}{'</b>' * 1000}</item><item><guid>y</guid></item>"
    assert [entry.guid for entry in feed(rss(nested)).entries] == ["x", "y"]


def test_row_66_no_entry_has_more_than_five_hundred_categories() -> None:
    many = "".join(f"<category>{number}</category>" for number in range(3000))
    (entry,) = feed(rss(f"<item><guid>x</guid>{many}</item>")).entries
    assert [category.term for category in entry.categories] == [str(each) for each in range(500)]


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        (rss("<item><title>a</titl></item>"), "mismatched tag in line 1"),
        ("\n" + rss("<item><title>a</title></item>") + "\n<b/>", "junk after document element"),
        (rss("<item><title>a</title></item>")[:-6], "in line 1"),
        (rss("<item><title>a</title></item><b c=d/>"), "invalid token"),
        (rss("<item><title>a</title><x:y/></item>"), "unbound prefix in line 1"),
    ],
)
def test_what_is_not_well_formed_is_read_and_told_with_its_line(text: str, remark: str) -> None:
    read, told = read_xml(text, URL)
    assert [one.title.value for one in read.entries if one.title] == ["a"]
    assert remark in told[0]
    assert told[0].endswith("and was read as far as possible")


def test_of_a_document_that_breaks_off_the_last_entry_is_kept_if_no_guid_can_be_missing() -> None:
    with_guids, _ = rss("<item><guid>1</guid></item><item><title>b</title><gu|").split("|")
    assert len(feed(with_guids).entries) == 1
    without, _ = rss("<item><link>a</link></item><item><title>b</title><li|").split("|")
    assert len(feed(without).entries) == 2


def test_a_tag_that_never_ends_does_not_swallow_the_rest() -> None:
    items = "<item><title>a</title></item>" * 5
    assert len(feed(rss("<item><title>first</tite></item>" + items)).entries) == 6


STUMBLING = "<width><content/></width>"


def test_an_element_that_feedparser_stumbles_over_costs_that_element() -> None:
    items = "<item><title>a</title></item>\n{}<item><title>b</title></item>"
    read, told = read_xml(rss(items.format(STUMBLING)), URL)
    assert [one.title.value for one in read.entries if one.title] == ["a", "b"]
    assert told == ("it made feedparser stumble by TypeError (line 2)",)
