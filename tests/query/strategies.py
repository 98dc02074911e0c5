"""Random queries and random entries: words of many scripts from small pools, so that they meet."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import chain
from typing import Literal

from hypothesis import strategies as st

from aggregator.model.boilerplate import Boilerplate
from aggregator.model.details import Enclosure, Person
from aggregator.model.entries import Entry, Source, TaggedEntry
from aggregator.model.raw import Category
from aggregator.query.nodes import (
    And,
    AtLeast,
    DateComparison,
    DateRange,
    Day,
    Exact,
    Except,
    Field,
    FromNow,
    Listed,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Regex,
    Value,
    Wildcard,
    Word,
    operands,
)
from aggregator.text import fold
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
    ("women", "woman", "Women", "military", "Militaire", "AES", "aes", "Aes", "Le Monde", "le"),
)
WORDS = st.sampled_from(POOLS).flatmap(st.sampled_from)

_GLUE = st.sampled_from(
    [" ", " ", " ", "-", ". ", "! ", "。", "؟ ", " x x ", "\n", "\n\n", "", "’"]
)


@st.composite
def texts(draw: st.DrawFn, meant: tuple[str, ...] = ()) -> str:
    """Build a text of a few words of one or two scripts, and of ``meant``, however separated."""
    pool = st.one_of(st.sampled_from(draw(st.sampled_from(POOLS))), WORDS)
    if meant:
        pool = st.one_of(st.sampled_from(meant), st.sampled_from(meant), pool)
    words = draw(st.lists(pool, max_size=7 if meant else 5))
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
def entries(draw: st.DrawFn, meant: tuple[str, ...] = ()) -> Entry:
    said = texts(meant)
    title, summary, content = draw(said), draw(said), draw(st.one_of(st.just(""), said))
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
        authors=tuple(draw(st.lists(st.builds(Person, said, st.just("a@b.example")), max_size=2))),
        categories=tuple(
            draw(st.lists(st.builds(Category, WORDS, st.none(), st.none() | WORDS), max_size=2))
        ),
        enclosures=draw(st.sampled_from([(), (Enclosure("https://news.example/a.mp3"),)])),
        image=draw(st.sampled_from([None, "https://news.example/a.jpg"])),
        language=draw(LANGUAGES),
        boilerplate=(*draw(_parts("summary", summary)), *draw(_parts("content", content))),
    )


@st.composite
def _parts(
    draw: st.DrawFn, field: Literal["summary", "content"], text: str
) -> tuple[Boilerplate, ...]:
    """Choose some of a text's blocks."""
    found, start = [], 0
    for block in text.split("\n\n"):
        end = start + len(block)
        if block and draw(st.sampled_from([False, False, True])):
            found.append(Boilerplate(field, start, end, "marked"))
        start = end + 2
    return tuple(found)


SOURCES = st.builds(
    lambda key, url, name, labels: Source(key, name, tuple(sorted(labels)), url=url),
    st.sampled_from(KEYS),
    st.sampled_from(KEYS),
    st.sampled_from(NAMES),
    st.frozensets(st.sampled_from(LABELS)),
)


@st.composite
def subjects(draw: st.DrawFn, meant: tuple[str, ...] = ()) -> TaggedEntry:
    source, seen_at = draw(SOURCES), draw(MOMENTS)
    tags = draw(st.frozensets(st.sampled_from(TAGS), max_size=2))
    return builders.tagged(
        replace(draw(entries(meant)), feed=source.key),
        source=source,
        seen_at=seen_at,
        tags=tuple(builders.tag(name) for name in sorted(tags)),
    )


# --- queries --------------------------------------------------------------------------------------

# A parsed query holds nothing that nobody sees.
_QUERIED = WORDS.filter(lambda word: "\u00ad" not in word)
_BARE = _QUERIED.filter(lambda word: " " not in word).map(Word)
_PHRASES = st.lists(_QUERIED, min_size=1, max_size=3).map(" ".join).map(Phrase)
_LETTERED = [
    word for pool in POOLS[:8] for word in map(fold, pool) if word.isalpha() and len(word) > 4
]
_WILDCARDS = st.sampled_from(
    [
        *(f"{word[:3]}*" for word in _LETTERED),
        *(f"*{word[-3:]}" for word in _LETTERED),
        *(f"{word[:2]}*{word[-2:]}" for word in _LETTERED),
        *(f"{word[:2]}?{word[3:]}" for word in _LETTERED),
        *("Mali*", "*ali", "*ome*", "wom?n", "?omen", "m?l?t*", "alg*", "anti-terr*", "N’Dja*"),
        *("Sahel Mal*", "*hel So?ali", "مال*", "?الي", "النيج*", "Мал*", "Нигер ёлк*", "हिं*"),
        *("한국*", "Le Mon?e", "军队 mil*", "*שלו x"),
    ]
).map(Wildcard)
_EXACTS = _QUERIED.map(Exact) | st.sampled_from(
    ["AES", "Le Monde", "Sahél", "ك\u0627تب", "OR", "or", "U.S."]
).map(Exact)
TERMS: st.SearchStrategy[Word | Phrase | Wildcard | Exact] = st.one_of(
    _BARE, _BARE, _PHRASES, _WILDCARDS, _EXACTS
)
_EXPRESSIONS = {
    **{
        "mal[iy]": "Somali",
        "n[iy]ger": "NIGER",
        "^Mali": "Mali",
        "i$": "Mali",
        r"\bMali\b": "Mali",
    },
    **{"(?:x ){3}": "x x x ", r"Sah[eé]l|AES": "aes", "[A-Z]{3}": "Aes", r"\d+": "2026"},
    **{r"a\/b": "a/b", "x (x|M)": "x Mali", r"[\x{621}-\x{64a}]{4}": "كتاب", "والن?": "وللنيجر"},
    **{"Ниг": "НИГЕР", "и.е": "Нигер", "νόμος": "ΝΌΜΟΣ", "של.ם": "שלום", "हि": "हिन्दी"},
    **{"马里?": "马里", "ポ": "ポート", "한국": "한국어", "ไ.ย": "ไทย", r"\p{Han}+": "中國"},
    **{"(?-i:mali)": "MALI", '"[a-z]"': '"x"', "x*": "xx"},
}
REGEXES = st.sampled_from(sorted(_EXPRESSIONS)).map(Regex)

LISTS: dict[str, Node] = {
    "states": Or(
        (Word("Mali"), Phrase("الجمهورية مالي"), Word("नीजर"), Word("Мали"), Word("马里"))
    ),
    "niger": Except(
        Or((Word("Niger"), Word("Нигер"), Word("النيجر"))),
        Or((Phrase("Нигер ёлка"), Phrase("وللنيجر نيجر"), Phrase("Sahel Mali"))),
    ),
    "acronyms": Or((Exact("AES"), Exact("U.S."), Phrase("anti-terrorism"), Exact("Le Monde"))),
    "beginnings": Or((Wildcard("mil*"), Wildcard("*alis"), Phrase("ポート"), Word("ไทย"))),
    "one": Phrase("שלום"),
}
"""What queries of these strategies call by name: ``parse(show(tree), LISTS) == tree``."""

LISTS["all"] = Or(
    (*(Listed(name, LISTS[name]) for name in ("states", "niger", "one")), Word("한국"))
)
_LISTED = st.sampled_from(sorted(LISTS)).map(lambda name: Listed(name, LISTS[name]))


def _hit_branches(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.one_of(several.map(Or), st.builds(Except, parts, parts))


_HIT_LEAVES: st.SearchStrategy[Node] = st.one_of(TERMS, TERMS, TERMS, _LISTED)
HITS: st.SearchStrategy[Node] = st.recursive(_HIT_LEAVES, _hit_branches, max_leaves=4)
"""Hit expressions: what a list may hold, and NEAR, EXCEPT and ATLEAST may join."""

_REACHES = st.sampled_from([1, 1, 2, 3, 60, 100, "sentence", "sentence", "paragraph"])
JOINED: st.SearchStrategy[Node] = st.one_of(
    st.builds(Near, HITS, HITS, _REACHES, st.booleans()),
    st.builds(Except, HITS, HITS),
    st.builds(AtLeast, st.sampled_from([1, 2, 2, 3]), HITS),
    _LISTED,
)
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
    "has": st.sampled_from(["enclosure", "image", "content", "author", "date", "duplicate"]),
}
_HELD: st.SearchStrategy[Node] = st.one_of(TERMS, TERMS, JOINED, REGEXES)
_FIELD_TERMS: dict[str, st.SearchStrategy[Node]] = {
    **dict.fromkeys(("title", "summary", "content", "lead", "text", "author", "category"), _HELD),
    "feed": st.one_of(_HELD, st.sampled_from(KEYS).map(Phrase), st.sampled_from(KEYS).map(Word)),
    **{name: values.map(Value) for name, values in _VALUES.items()},
}


def _branches(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    excluding = st.builds(lambda one, other: And((one, Not(other))), parts, parts)
    return st.one_of(several.map(And), several.map(Or), excluding, st.builds(Not, parts))


def _fields(name: str) -> st.SearchStrategy[Node]:
    return st.recursive(_FIELD_TERMS[name], _branches, max_leaves=3).map(partial(Field, name))


FIELDS = st.sampled_from(sorted(_FIELD_TERMS)).flatmap(_fields)
LEAVES: st.SearchStrategy[Node] = st.one_of(
    TERMS, TERMS, FIELDS, FIELDS, JOINED, JOINED, REGEXES, _RANGES, _COMPARISONS
)
TREES: st.SearchStrategy[Node] = st.one_of(
    LEAVES, *[_branches(st.one_of(LEAVES, _branches(LEAVES)))] * 20
)


# --- what meets -----------------------------------------------------------------------------------


def meant_by(node: Node) -> tuple[str, ...]:
    """Return pieces of text that parts of a query would find, its lists' too."""
    match node:
        case Word() | Phrase() | Exact():
            return (node.text,)
        case Wildcard():
            return (node.text.replace("*", "").replace("?", "a"),)
        case Regex():
            return (_EXPRESSIONS[node.text],)
        case _:
            pieces = [meant_by(operand) for operand in operands(node)]
            beside = (f"{pieces[0][0]} {pieces[1][0]}",) if isinstance(node, Near) else ()
            return (*beside, *chain.from_iterable(pieces))


@st.composite
def meetings(draw: st.DrawFn) -> tuple[Node, TaggedEntry]:
    """Build a query and an entry that is likely to match it, or to miss it narrowly."""
    node = draw(TREES)
    return node, draw(subjects(meant_by(node)))
