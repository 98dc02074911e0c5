"""Entries as a hostile publisher would have them: whatever the types allow."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from aggregator.html.sanitising import sanitise
from aggregator.model.details import (
    Comments,
    Details,
    Enclosure,
    Episode,
    Person,
    Place,
    Reply,
    Transcript,
)
from aggregator.model.entries import Dated, Entry, Evidence, Source, Tag, TaggedEntry
from aggregator.model.raw import Category
from tests.builders import entry_id

NASTY = (
    "",
    " \t\n ",
    "\x00\x01\x1b[31m\x7f\x85\x9b",
    "half a pair \ud83d, the other \ude00",
    "\ufffe\uffff\ufdd0\U0001fffe",
    "]]><!-- </title><script>alert(1)</script> &lt;b&gt; &amp; &#0; &bogus;",
    '=HYPERLINK("http://evil.example")',
    "\u202eright to left\u2066\u2028\u2029",
    "Étoile du Sahel — وزير الداخلية — 萨赫勒",
    "line one\r\nline two\rline three\n\nblock",
    "[bold]markup[/bold] :smile: {0} %s",
)
LINKS = (
    "https://news.example/a?b=c&d=e#f",
    "https://news.example/الساحل/été?q=a b#ü#ü",
    "http://user:secret@news.example:8080/",
    "https://bücher.example/",
    "https://[::1]:8000/x",
    "https://[broken/x",
    "http://%zz.example/%zz",
    "javascript:alert(1)",
    "mailto:desk@news.example",
    "tag:news.example,2024:17",
    "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
    "urn:aggregator:tag",
    "post:17",
    "//news.example/x",
    "inbox/feed.xml",
    "http://",
)

texts = st.one_of(st.sampled_from(NASTY), st.text(max_size=12), st.sampled_from(LINKS))
links = st.one_of(st.sampled_from(LINKS), texts)
instants = st.integers(-2_000_000_000, 4_000_000_000).map(
    lambda at: datetime.fromtimestamp(at, UTC)
)
dates = st.builds(
    Dated,
    at=instants,
    raw=texts,
    read_as=st.just("rfc822"),
    element=st.sampled_from(("published", "updated")),
    sure=st.booleans(),
)
seen = st.integers(800_000_000, 1_760_000_000).map(lambda at: datetime.fromtimestamp(at, UTC))
"""When we saw something ourselves, by a clock that goes."""

markup = texts.map(lambda text: sanitise(text, "https://news.example/"))
people = st.builds(Person, name=texts, email=texts | st.just("a@b.example"), url=links, role=texts)
categories = st.builds(Category, term=texts, scheme=st.none() | links, label=st.none() | texts)
enclosures = st.builds(
    Enclosure,
    url=links | st.just("https://files.news.example/a.mp3"),
    media_type=st.none() | texts | st.just("audio/mpeg; codecs=mp3"),
    length_bytes=st.none() | st.integers(-9, 10**15),
    title=st.none() | texts,
    duration_seconds=st.none() | st.integers(0, 9),
    medium=st.sampled_from((None, "audio", "image")),
    width=st.none() | st.integers(0, 9),
)


def tuples(values: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(values, max_size=2).map(tuple)


details = st.builds(
    Details,
    contributors=tuples(people),
    comments=st.none()
    | st.builds(Comments, st.none() | links, st.none() | links, st.none() | st.integers(0, 9)),
    in_reply_to=tuples(st.builds(Reply, st.none() | links, st.none() | links)),
    places=tuples(st.builds(Place, st.floats(-90, 90), st.floats(-180, 180), texts)),
    episode=st.none()
    | st.builds(Episode, st.integers(0, 9), st.sampled_from((0.0, 3.5)), label=texts),
    transcripts=tuples(st.builds(Transcript, links, texts, st.none() | texts, st.booleans())),
    chapters=st.none() | links,
    rights=texts,
    license=st.none() | links,
    external_link=st.none() | links,
)

entries = st.builds(
    Entry,
    id=st.integers(0, 99).map(str).map(entry_id),
    feed=st.just("https://news.example/feed.xml"),
    identity=texts,
    content_hash=st.just("hash"),
    guid=st.none() | links,
    link=st.none() | links,
    title=texts,
    summary=texts,
    content=texts,
    summary_html=markup,
    content_html=markup,
    published=st.none() | dates,
    updated=st.none() | dates,
    authors=tuples(people),
    categories=tuples(categories),
    enclosures=st.lists(enclosures, max_size=2, unique_by=lambda file: file.url).map(tuple),
    image=st.none() | links,
    details=details,
    language=st.none() | texts | st.sampled_from(("fr", "pt-BR", "x", "ar-")),
)
sources = st.builds(
    Source, key=links, name=texts, labels=tuples(texts), title=texts, link=st.none() | links
)
tags = st.builds(
    Tag,
    name=st.sampled_from(("sahel", "security-cooperation", "sport")),
    rule_version=st.just("1"),
    evidence=tuples(
        st.builds(Evidence, field=st.just("title"), start=st.just(0), end=st.just(1), value=texts)
    ),
)
tagged_entries = st.builds(
    TaggedEntry,
    entry=entries,
    source=sources,
    first_seen_at=seen,
    arrived_at=instants,
    tags=st.lists(tags, max_size=2, unique_by=lambda tag: tag.name).map(tuple),
    revised_at=st.none() | seen,
)
outputs = st.lists(tagged_entries, max_size=3)
"""What one output is made of: the same id may come twice, as may the same guid."""
