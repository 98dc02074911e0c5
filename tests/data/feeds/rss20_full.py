"""What `rss20_full.xml` says."""

from datetime import timedelta

from aggregator.model.details import Enclosure, Person
from aggregator.model.fetching import Link
from aggregator.model.raw import Category, RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    image="https://gazette.example/logo.png",
    format="rss20",
    entries=(
        RawEntry(
            guid="ferry-17",
            link="https://example.org/2024/ferry",
            title=RawText("Ferry <em>runs</em> again", base=URL),
            summary=RawText("After <b>two</b> weeks.", base=URL),
            content=RawText(
                '<p>After two weeks the <a href="/ferry">ferry</a> runs.</p>', base=URL
            ),
            published="Tue, 05 Mar 2024 08:15:00 +0100",
            updated="2024-03-05T09:00:00+01:00",
            authors=(Person(name="Anna Osei", email="anna@gazette.example"),),
            categories=(
                Category("Transport", scheme="https://gazette.example/topics"),
                Category("Local & regional"),
            ),
            enclosures=(
                Enclosure(
                    url="https://gazette.example/ferry.jpg",
                    media_type="image/jpeg",
                    length_bytes=20480,
                ),
            ),
            image="https://gazette.example/ferry.jpg",
            base=URL,
        ),
        RawEntry(
            guid="https://gazette.example/2024/tariffs",
            link="https://gazette.example/2024/tariffs",
            title=RawText("Tariffs for 2025: what changes if a < b", kind="text", base=URL),
            published="gestern",
            authors=(
                Person(name="Bo Lindqvist"),
                Person(name="Anna Osei"),
            ),
            base=URL,
        ),
        RawEntry(
            guid="17", summary=RawText("Neither title nor link: only words.", base=URL), base=URL
        ),
    ),
    title=RawText("River Gazette", kind="text", base=URL),
    description=RawText("News &amp; weather from both banks", base=URL),
    link="https://gazette.example/",
    language="en-GB",
    base=URL,
    authors=(Person(name="The Desk", email="desk@gazette.example"),),
    ttl=timedelta(minutes=90),
    update_period=timedelta(minutes=30),
    skip_hours=frozenset({0, 3}),
    skip_days=frozenset({5, 6}),
    links=(Link("self", "https://gazette.example/rss", "application/rss+xml"),),
)
