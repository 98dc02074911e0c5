"""What a query means over an entry, and the evidence it gives."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from aggregator.model.details import Enclosure, Person
from aggregator.model.entries import Evidence, Source, TaggedEntry
from aggregator.model.raw import Category
from aggregator.query.match import MAX_HITS, find, read
from aggregator.query.nodes import Field, Node, Not, Value, leaves
from aggregator.query.syntax import parse
from tests import builders
from tests.builders import NOW
from tests.query import strategies


def entry(title: str = "", **changes: Any) -> TaggedEntry:
    changes = {"summary": "", "link": None, "published": None, "language": None, **changes}
    return builders.tagged(builders.entry(title, **changes))


def matches(query: str, subject: TaggedEntry) -> bool:
    return find(parse(query), subject, NOW) is not None


def slices(query: str, subject: TaggedEntry) -> list[str]:
    found = find(parse(query), subject, NOW)
    assert found is not None
    return [
        each.value[each.start : each.end] if is_metadata(each) else each.value for each in found
    ]


def is_metadata(evidence: Evidence) -> bool:
    return evidence.field not in ("title", "summary", "content")


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("sahel", "Le SAHÉL en crise", True),
        ("Mali", "Somali pirates", False),
        ("Niger", "Nigeria votes", False),
        ('"security cooperation"', "Security-Cooperation\npact", True),
        ('"security cooperation"', "cooperation, security", False),
        ('"security cooperation"', "end of security\n\nCooperation begins", False),
        ("militar*", "the militarisation", True),
        ("militar*", "a paramilitary", False),
        ('"joint patrol*"', "joint patrols", True),
        ('"joint patrol*"', "patrols, joint", False),
        ("N'Djamena", "à N’Djamena", True),
        ("N'Djamena", "in Ndjamena", True),
        ("Ndjamena", "à N’Djamena", False),
        ("anti-terrorism", "antiterrorism", True),
        ("anti-terrorism", "anti terrorism", True),
        ("anti-terror*", "antiterrorism", True),
        ("antiterrorism", "anti-terrorism", False),
        ("Algérie", "l'Algerie", True),
        ("rendez-vous-là", "rendezvous là", True),
        ('"a-b c-d e-f g-h"', "a b c d e f g h", True),
        ('"a-b c-d e-f g-h"', "ab cd ef gh", True),
        ('"a-b c-d e-f g-h"', "ab c d e f g h", False),
        ("U.S.", "the U.S. army", True),
        ("U.S.", "us", False),
        ("مالي", "والمالي", True),
        ("مالي", "للمالي", True),
        ("مالي", "ماليزيا", False),
        ("مالي*", "بماليزيا", True),
        ("النيجر", "للنيجر", True),
        ("النيجر", "والنيجر", True),
        ("النيجر", "نيجر", False),
        ("ما", "وما", False),
        ('"جمهورية مالي"', "في جمهورية مالي", True),
        ('"جمهورية مالي"', "والجمهورية المالي", True),
        ('"جمهورية مالي"', "مالي جمهورية", False),
        ("军队", "马里军队", True),
        ("军队", "军 a 队", False),
        ("ポート", "ﾎﾟｰﾄ", True),
        ("ホ", "ポート", False),
        ("हिंदी", "हिंदी में", True),
        ("NOT a", "b", True),
        ("NOT a", "a", False),
        ("a OR b", "b", True),
        ("a b", "a", False),
        ("a -b", "a", True),
        ("NOT (a b)", "a", True),
        ("(a OR b) -c", "b c", False),
    ],
)
def test_words_match_whatever_their_spelling_but_never_inside_others(
    query: str, text: str, expected: bool
) -> None:
    assert matches(query, entry(text)) == expected
    assert matches(query, entry("x", content=text)) == expected


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("=AES", "l’AES et", True),
        ("=AES", "the Aes", False),
        ("=AES", "paes", False),
        ("=Chad", "chad", False),
        ('="Le Monde"', "dans Le\u00a0Monde", True),
        ('="Le Monde"', "dans le Monde", False),
        ('="Le Monde"', "Le-Monde", True),
        ("=Sahél", "Sahe\u0301l", True),
        ("=Sahe\u0301l", "Sahél", True),
        ("=Sahél", "Sahel", False),
        ("=Sahel", "Sa\u00adhel", True),
        ("=كتاب", "كـتاب", True),
        ("=كتاب", "كِتاب", False),
        ("=مالي", "والمالي", False),
        ("=N'Djamena", "N’Djamena", True),
        ("=N'Djamena", "Ndjamena", False),
        ("=½", "½", True),
        ("=½", "1 2", False),
        ("=1", "½", False),
        ("wom?n", "women", True),
        ("wom?n", "womeen", False),
        ("*ists", "jihadists", True),
        ("*ists", "jihadist", False),
        ("jihad*s", "jihadists", True),
        ('"joint *rols now"', "joint patrols, now", True),
        ('"joint *rols now"', "joint patrols\n\nnow", False),
        ("مالي*", "والماليون", True),
        ("*اليون", "والماليون", True),
        ("/jihad(ist|i)s?/", "the paraJIHADISTS", True),
        ("/jihad(ist|i)s?/", "jihad", False),
        ("/^mali$/", "Mali", True),
        (r"/ni\.ger/", "niger", False),
        ("/q*/", "a", False),
        ("/(?-i:Mali)/", "mali", False),
        ("/sahel/", "Sahél", False),
        ("/🇲🇱 m/", "😀🇲🇱 Mali", True),
    ],
)
def test_writing_counts_where_it_is_asked_for(query: str, text: str, expected: bool) -> None:
    assert matches(query, entry("x", content=text)) == expected
    assert matches(f"content:{query}", entry("x", content=text)) == expected
    assert matches(f"lead:{query}", entry("x", content=text)) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("AES LEAVES ECOWAS", False),
        ("AES", False),
        ("AES leaves", True),
        ("تحالف دول الساحل AES", True),
        ("萨赫勒国家联盟的 AES", True),
    ],
)
def test_a_shouted_title_tells_nothing_of_how_words_are_written(title: str, expected: bool) -> None:
    assert matches("=AES", entry(title)) == expected
    assert matches("=AES", entry("x", content=title))
    assert matches("aes", entry(title))


def test_a_regular_expression_sees_one_text_at_a_time() -> None:
    subject = entry("Mali", summary="coup", content="d'État " + "word " * 60 + "late")
    assert not matches("/mali.*coup/", subject)
    assert matches("/late$/", subject)
    assert not matches("lead:/late/", subject)
    assert matches("title:/^mali$/", subject)
    assert matches("author:/^awa/ category:/FOOT(er)?ball/ feed:/rfi . afr/", FULL)


def test_every_sort_of_term_finds_its_way_into_metadata() -> None:
    assert matches('author:(awa NEAR/1 traoré) author:=Dupont author:"Jean Dup*"', FULL)
    assert not matches("author:(awa NEAR/9 dupont)", FULL)
    assert matches("category:(ATLEAST/2 football)", FULL)
    assert not matches("category:(ATLEAST/3 football)", FULL)
    assert not matches("category:(football EXCEPT foot*)", FULL)
    assert matches("feed:(rfi ONEAR/1 afr*) -feed:(afrique ONEAR/1 rfi)", FULL)
    states = {"states": parse("afrique OR asie")}
    assert find(parse("category:$states feed:$states -title:$states", states), FULL, NOW)


def test_and_spans_fields_and_a_phrase_does_not() -> None:
    subject = entry("Mali coup", content="leaders fled")
    assert matches("coup leaders", subject)
    assert not matches('"coup leaders"', subject)
    assert not matches("title:(coup leaders)", subject)
    assert matches("title:coup content:leaders", subject)
    assert matches("title:(mali -leaders)", subject)


def test_the_text_is_title_body_and_what_the_summary_adds() -> None:
    subject = entry("t", summary="s", content="c")
    repeating = replace(subject, entry=replace(subject.entry, summary_repeats=True))
    assert matches("t s c", subject)
    assert not matches("s", repeating)
    assert matches("summary:s content:c text:c", repeating)
    only_summary = entry("t", summary="s", summary_repeats=True)
    assert matches("s", only_summary)
    assert not matches("content:s", only_summary)


def test_the_lead_is_the_title_and_the_first_sixty_words_of_the_body() -> None:
    sixty = "word " * 30 + "\n\n" + "word " * 28
    subject = entry("heading", summary="short", content=f"{sixty} last two three")
    assert matches("lead:heading lead:word lead:last lead:two", subject)
    assert not matches("lead:three", subject)
    assert not matches('lead:"two three"', subject)
    assert not matches("lead:short", subject)
    assert matches("lead:short", entry("heading", summary="short"))


FULL = builders.tagged(
    builders.entry(
        "t",
        id="abcdefgh22222222",
        link="https://www.RFI.fr/Afrique/Mali?a=1",
        published=builders.dated(datetime(2026, 3, 1, 23, 59, 59, 999_999, UTC)),
        authors=(Person("Awa Traoré"), Person("Jean Dupont")),
        categories=(Category("sports-football", None, "Football"), Category("afrique")),
        enclosures=(Enclosure("https://news.example/a.mp3"),),
        image="https://news.example/a.jpg",
        language="pt-BR",
        content="c",
    ),
    source=Source("https://rfi.example/rss?a", "RFI – Afrique", ("wire", "Ouest africain")),
    seen_at=NOW - timedelta(days=1),
    tags=(builders.tag("sahel"),),
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('author:"awa traore"', True),
        ("author:dupont", True),
        ('author:"traoré jean"', False),
        ("author:(awa dupont)", True),
        ("category:football", True),
        ('category:"sports football"', True),
        ("category:sport*", True),
        ("category:sport", False),
        ('category:"football afrique"', False),
        ('feed:"RFI Afrique"', True),
        ("feed:afrique", True),
        ("feed:https://rfi.example/rss?a", True),
        ('feed:"https://rfi.example/rss?a"', True),
        ('feed:"https://rfi.example/rss"', False),
        ("label:wire", True),
        ('label:"Ouest africain"', True),
        ("label:Wire", False),
        ("label:ouest", False),
        ("tag:sahel", True),
        ("tag:sah", False),
        ("id:abcd", True),
        ("id:ABCDE", True),
        ("id:bcde", False),
        ("site:rfi.fr", True),
        ("site:www.rfi.fr", True),
        ("site:fi.fr", False),
        ("url:afrique/mali", True),
        ("url:afrique/niger", False),
        ("lang:pt", True),
        ("lang:PT-br", True),
        ("lang:pt-b", False),
        ("lang:pt-pt", False),
        ("lang:und", False),
        ("has:(enclosure image content author date)", True),
        ("published:2026-03-01", True),
        ("published:[2026-02-01 TO 2026-03-01]", True),
        ("published:<2026-03-01", False),
        ("published:<=2026-03-01", True),
        ("published:>2026-03-01", False),
        ("published:>=2026-03-02", False),
        ("published:[* TO *]", True),
        ("seen:2026-03-01", True),
        ("seen:>now-1d", False),
        ("seen:>=now-1d", True),
        ("seen:<=now-1d", True),
        ("seen:<now-1d", False),
        ("seen:[now-2d TO now-1d]", True),
        ("seen:<=9999-12-31", True),
        ("seen:>now-999999999d", True),
        ("seen:<now+999999999d", True),
    ],
)
def test_metadata_are_compared_as_their_field_has_it(query: str, expected: bool) -> None:
    assert matches(query, FULL) == expected
    assert matches(f"NOT {query}", FULL) != expected


@pytest.mark.parametrize(
    "query",
    [
        "lang:fr",
        "site:a.example",
        "url:a",
        "published:[* TO *]",
        "published:<now",
        "label:a",
        "author:a",
        "category:a",
        "tag:a",
        "has:image",
        "has:(date OR author OR content)",
    ],
)
def test_nothing_is_true_of_what_is_unknown_except_its_opposite(query: str) -> None:
    bare = replace(entry("x"), source=Source("https://news.example/", "News"))
    assert not matches(query, bare)
    assert matches(f"NOT ({query})", bare)


def test_the_unknown_language_has_a_code() -> None:
    assert matches("lang:und", entry("x"))
    assert matches("lang:und", entry("x", language="und"))
    assert not matches("lang:und", entry("x", language="fr"))


@given(strategies.subjects(), strategies.LANGUAGES)
@settings(max_examples=20, deadline=None)
def test_a_language_and_its_opposite_split_the_entries(
    subject: TaggedEntry, language: str | None
) -> None:
    french = Field("lang", Value("fr"))
    subject = replace(subject, entry=replace(subject.entry, language=language))
    is_french = find(french, subject, NOW) is not None
    assert is_french == (language == "fr")
    assert (find(Not(french), subject, NOW) is None) == is_french


@given(strategies.subjects(), strategies.TREES)
@settings(max_examples=40, deadline=None)
def test_a_query_and_its_opposite_split_the_entries(subject: TaggedEntry, query: Node) -> None:
    assert (find(query, subject, NOW) is None) != (find(Not(query), subject, NOW) is None)


# --- evidence -------------------------------------------------------------------------------------


def test_evidence_is_what_stands_in_the_original() -> None:
    title = "Ndja\u00admena : l’AL-QAÏDA de l'Algé\u0301rie, «co\u2011opération»"
    subject = entry(title, content="Non. ½ Straße")
    assert slices("ndjamena", subject) == ["Ndja\u00admena"]
    assert slices("al-qaida", subject) == ["AL-QAÏDA"]
    assert slices("algerie", subject) == ["Algé\u0301rie"]
    assert slices('"co-opération"', subject) == ["co\u2011opération"]
    assert slices("strasse 2", subject) == ["Straße", "½"]
    found = find(parse("algerie"), subject, NOW)
    start = title.index("Algé")
    assert found == (Evidence("title", start, start + 8, "Algé\u0301rie"),)


def test_evidence_is_of_every_positive_term_that_made_it_true() -> None:
    subject = entry("Mali and Niger", content="Mali. Chad")
    assert slices("Mali AND Niger", subject) == ["Mali", "Mali", "Niger"]
    assert slices("Mali OR Chad OR Togo", subject) == ["Mali", "Mali", "Chad"]
    assert slices("Chad -Togo", subject) == ["Chad"]
    assert slices("NOT Togo", subject) == []
    assert slices("NOT (Togo OR NOT Chad)", subject) == ["Chad"]
    assert slices("NOT NOT Niger", subject) == ["Niger"]
    assert slices("Chad OR title:Chad OR (Mali Togo)", subject) == ["Chad"]
    assert slices("Chad Chad", subject) == ["Chad"]


@pytest.mark.parametrize(
    ("query", "field", "value", "part"),
    [
        ("lang:pt", "lang", "pt-BR", "pt"),
        ("category:football", "category", "sports-football", "football"),
        ("author:traore", "author", "Awa Traoré", "Traoré"),
        ("feed:afrique", "feed", "RFI – Afrique", "Afrique"),
        ("feed:https://rfi.example/rss?a", "feed", "https://rfi.example/rss?a", None),
        ("label:wire", "label", "wire", None),
        ("tag:sahel", "tag", "sahel", None),
        ("id:abcd", "id", "abcdefgh22222222", "abcd"),
        ("site:rfi.fr", "site", "www.rfi.fr", "rfi.fr"),
        ("url:MALI", "url", "https://www.RFI.fr/Afrique/Mali?a=1", "Mali"),
        ("has:image", "has", "image", None),
        ("published:2026-03-01", "published", "2026-03-01T23:59:59.999999Z", None),
        ("seen:2026-03-01", "seen", "2026-03-01T12:00:00Z", None),
    ],
)
def test_evidence_of_metadata_is_the_value_and_the_part_that_matched(
    query: str, field: str, value: str, part: str | None
) -> None:
    found = find(parse(query), FULL, NOW)
    assert found is not None
    assert (found[0].field, found[0].value) == (field, value)
    assert value[found[0].start : found[0].end] == (part or value)


def test_evidence_of_one_term_is_bounded() -> None:
    subject = entry("x", content="mali " * 5_000)
    assert len(find(parse("mali"), subject, NOW) or ()) == MAX_HITS


# --- many queries, leaves -------------------------------------------------------------------------


def test_an_entry_is_read_once_for_many_queries_even_as_its_tags_change() -> None:
    reading = read(FULL)
    assert find(parse("t"), reading, NOW)
    assert find(parse("tag:sahel -tag:mali"), reading, NOW)
    other = reading.carrying((builders.tag("mali"),))
    assert find(parse("t tag:mali -tag:sahel"), other, NOW)
    assert find(parse("tag:sahel"), reading, NOW)
    # What was folded is carried over, not folded again.
    assert other.regions("text")[0] is reading.regions("text")[0]


def test_leaves_stand_in_the_order_of_the_query() -> None:
    query = parse("a (b OR title:(c -d))")
    assert [query_leaf.text for query_leaf in leaves(query) if hasattr(query_leaf, "text")] == [
        *"abcd"
    ]
