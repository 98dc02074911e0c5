"""Random queries and random entries: words of many scripts from small pools, so that they meet."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

from hypothesis import strategies as st

from aggregator.model import Category, Enclosure, Entry, Person, Source, TaggedEntry
from aggregator.query.nodes import (
    And,
    DateComparison,
    DateRange,
    Day,
    Field,
    FromNow,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Value,
    Word,
)
from tests import builders

NOW = builders.NOW

# Spellings that fold alike stand beside each other; so do words that contain one another.
POOLS = (
    ("Mali", "MALI", "Somali", "Sahel", "Sahél", "N'Djamena", "Ndjamena", "l’Algérie", "Algérie"),
    ("anti-terrorism", "antiterrorism", "anti", "terrorism", "Straße", "STRASSE", "ﬁn", "U.S."),
    ("مالي", "والمالي", "بمالي", "جمهورية", "الجمهورية", "للجمهورية", "نيجر", "النيجر", "وللنيجر"),
    ("سَمَاء", "سما", "ماء", "كتاب", "کتاب", "ك\u0640تاب"),
    ("Мали", "Нигер", "НИГЕР", "ёлка", "Елка", "Буркина-Фасо"),
    ("Ελλάδα", "ΕΛΛΑΔΑ", "νόμος", "ΝΟΜΟΣ"),
    ("שָׁלוֹם", "שלום", "צה״ל"),
    ("हिंदी", "हिन्दी", "माली", "२०२६", "2026"),
    ("马里", "马", "里", "尼日尔军队", "军队", "中國"),
    ("ポート", "ホト", "ﾎﾟｰﾄ", "マリ"),
    ("한국", "한국어", "군대"),
    ("ไทย", "กั่งไท", "ງາມ", "ខ្មែរ", "မြန်မာ"),
    ("½", "ﷺ", "№ 5", "e\u0301te\u0301", "so\u00adft"),
)
WORDS = st.sampled_from(POOLS).flatmap(st.sampled_from)

_GLUE = st.sampled_from([" ", " ", " ", "-", ". ", "\n", "\n\n", "", "’"])


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Build a text of a few words of one or two scripts, however they are separated."""
    words = draw(
        st.lists(st.one_of(st.sampled_from(draw(st.sampled_from(POOLS))), WORDS), max_size=5)
    )
    text = "".join(word + draw(_GLUE) for word in words)
    filler = draw(st.sampled_from([0, 0, 0, 57, 60]))
    return "x " * filler + text


LANGUAGES = st.sampled_from([None, "fr", "pt", "pt-BR", "PT-br", "und", "ar"])
LINKS = st.sampled_from(
    [
        None,
        "https://rfi.fr/Mali?a=1",
        "https://www.RFI.fr/",
        "https://xrfi.fr/mali",
        "https://news.example/Été",
    ]
)
MOMENTS = st.sampled_from(
    [
        datetime(2026, 3, 1, tzinfo=UTC),
        datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 3, 2, tzinfo=UTC),
        NOW - timedelta(days=1),
        NOW,
        datetime(1, 1, 1, tzinfo=UTC),
    ]
)
LABELS = ("wire", "africa", "Ouest africain")
TAGS = ("mali", "sahel", "armée de terre")
KEYS = ("https://news.example/feed.xml", "https://rfi.example/a?b=c")
NAMES = ("RFI Mali", "مالي نيوز", "News — Sahél", "马里新闻")


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    title, summary, content = draw(texts()), draw(texts()), draw(st.one_of(st.just(""), texts()))
    published = draw(st.one_of(st.none(), MOMENTS))
    return builders.entry(
        title,
        id=draw(st.sampled_from(["abcd", "abce", "abcdz"]))
        + builders.entry_id(f"{title}{summary}{content}{draw(st.integers(0, 2**30))}"),
        link=draw(LINKS),
        summary=summary,
        content=content,
        summary_repeats=draw(st.booleans()),
        published=published and builders.dated(published),
        authors=tuple(
            draw(st.lists(st.builds(Person, texts(), st.just("a@b.example")), max_size=2))
        ),
        categories=tuple(
            draw(st.lists(st.builds(Category, WORDS, st.none(), st.none() | WORDS), max_size=2))
        ),
        enclosures=draw(st.sampled_from([(), (Enclosure("https://news.example/a.mp3"),)])),
        image=draw(st.sampled_from([None, "https://news.example/a.jpg"])),
        language=draw(LANGUAGES),
    )


SOURCES = st.builds(
    lambda key, url, name, labels: Source(key, name, tuple(sorted(labels)), url=url),
    st.sampled_from(KEYS),
    st.sampled_from(KEYS),
    st.sampled_from(NAMES),
    st.frozensets(st.sampled_from(LABELS)),
)


@st.composite
def subjects(draw: st.DrawFn) -> TaggedEntry:
    source, seen_at = draw(SOURCES), draw(MOMENTS)
    tags = draw(st.frozensets(st.sampled_from(TAGS), max_size=2))
    return builders.tagged(
        replace(draw(entries()), feed=source.key),
        source=source,
        seen_at=seen_at,
        tags=tuple(builders.tag(name) for name in sorted(tags)),
    )


# --- queries --------------------------------------------------------------------------------------

# A parsed query holds nothing that nobody sees.
_QUERIED = WORDS.filter(lambda word: "\u00ad" not in word)
_BARE = _QUERIED.filter(lambda word: " " not in word).map(Word)
_PHRASES = st.lists(_QUERIED, min_size=1, max_size=3).map(" ".join).map(Phrase)
_PREFIXES = st.sampled_from(
    [
        "Mali",
        "Som",
        "alg",
        "anti-terr",
        "Sahel Mal",
        "مال",
        "جمهور",
        "النيج",
        "Мал",
        "Нигер ёлк",
        "हिं",
        "한국",
    ]
).map(Prefix)
TERMS = st.one_of(_BARE, _BARE, _PHRASES, _PREFIXES)
_DAYS = st.sampled_from([date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 2), date(9999, 12, 31)])
_OFFSETS = st.sampled_from(
    [timedelta(0), timedelta(days=-1), timedelta(hours=36), timedelta(days=999_999_999)]
)
_MOMENTS = st.one_of(_DAYS.map(Day), _OFFSETS.map(FromNow))
_DATE_FIELDS = st.sampled_from(["published", "seen"])
_RANGES = st.builds(
    lambda name, ends: DateRange(name, *ends),
    _DATE_FIELDS,
    st.one_of(
        st.lists(_DAYS, min_size=2, max_size=2).map(sorted).map(lambda days: tuple(map(Day, days))),
        st.tuples(st.none(), _MOMENTS),
        st.tuples(_MOMENTS, st.none()),
    ),
)
_COMPARISONS = st.builds(
    DateComparison, _DATE_FIELDS, st.sampled_from([">", ">=", "<", "<="]), _MOMENTS
)
_VALUES = {
    "tag": st.sampled_from([*TAGS, "or"]),
    "label": st.sampled_from(LABELS),
    "site": st.sampled_from(["rfi.fr", "www.rfi.fr", "fr", "news.example"]),
    "url": st.sampled_from(["MALI", "rfi.fr/", "?a=1", "Été", "ÉTÉ"]),
    "lang": st.sampled_from(["fr", "pt", "pt-br", "und", "pt-b"]),
    "id": st.sampled_from(["abcd", "abce", "abcdz", "zzzz"]),
    "has": st.sampled_from(["enclosure", "image", "content", "author", "date"]),
}
_FIELD_TERMS = {
    **dict.fromkeys(("title", "summary", "content", "lead", "text", "author", "category"), TERMS),
    "feed": st.one_of(TERMS, st.sampled_from(KEYS).map(Phrase), st.sampled_from(KEYS).map(Word)),
    **{name: values.map(Value) for name, values in _VALUES.items()},
}


def _branches(operands: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(operands, min_size=2, max_size=3).map(tuple)
    return st.one_of(several.map(And), several.map(Or), operands.map(Not))


def _fields(name: str) -> st.SearchStrategy[Node]:
    leaf: st.SearchStrategy[Node] = _FIELD_TERMS[name].map(lambda node: node)
    return st.recursive(leaf, _branches, max_leaves=3).map(partial(Field, name))


FIELDS = st.sampled_from(sorted(_FIELD_TERMS)).flatmap(_fields)
LEAVES: st.SearchStrategy[Node] = st.one_of(TERMS, TERMS, FIELDS, FIELDS, _RANGES, _COMPARISONS)
TREES: st.SearchStrategy[Node] = st.recursive(LEAVES, _branches, max_leaves=6)
