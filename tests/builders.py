"""Values with sane defaults, for every test: name only what matters to it.

Every builder takes the fields to change by their names, as `dataclasses.replace` does.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from aggregator.model.boilerplate import Boilerplate
from aggregator.model.details import (
    Comments,
    Details,
    Enclosure,
    Episode,
    Origin,
    Person,
    Place,
    Reply,
    Transcript,
)
from aggregator.model.entries import (
    Dated,
    Entry,
    Evidence,
    Feed,
    KnownEntry,
    Source,
    Tag,
    TaggedEntry,
)
from aggregator.model.feeds import FeedState, Rhythm, Subscription, Validators
from aggregator.model.polls import Outcome, PollRecord, Refresh
from aggregator.model.raw import Category

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""The instant at which tests happen: a Monday, noon."""

FEED = "https://news.example/feed.xml"
"""The key of the feed that the builders speak of."""


def dated(at: datetime = NOW - timedelta(hours=3), **changes: Any) -> Dated:
    return replace(Dated(at, raw=at.isoformat(), read_as="rfc3339"), **changes)


def entry_id(seed: str) -> str:
    """Return an id like real ones: 16 lower-case base32 characters, constant for a seed."""
    number = int.from_bytes(sha256(seed.encode()).digest()[:10], "big")
    return "".join(
        "abcdefghijklmnopqrstuvwxyz234567"[number >> shift & 31] for shift in range(75, -5, -5)
    )


def entry(title: str = "Talks resume in Bamako", /, *, feed: str = FEED, **changes: Any) -> Entry:
    """Build an entry whose id, identity, link and hash follow from its feed and title."""
    slug = title.lower().replace(" ", "-")
    link = f"https://news.example/{slug}"
    default = Entry(
        id=entry_id(f"{feed}\n{slug}"),
        feed=feed,
        identity=f"guid:{slug}",
        content_hash=sha256(title.encode()).hexdigest(),
        guid=slug,
        link=link,
        canonical_link=link,
        title=title,
        summary="Delegates met on Monday.",
        published=dated(),
        language="en",
    )
    return replace(default, **changes)


def full_entry(title: str = "Everything at once", /, **changes: Any) -> Entry:
    """Build an entry in which no field is at its default."""
    default = entry(
        title,
        generation=2,
        content="First block.\n\nSecond block, naming Mali.",
        summary_html="<p>Delegates met on Monday.</p>",
        content_html="<p>First block.</p><p>Second block, naming <b>Mali</b>.</p>",
        summary_repeats=True,
        updated=dated(NOW, element="updated", read_as="rfc822", sure=False),
        authors=(Person("Awa Traoré", "awa@news.example"), Person(url="https://awa.example/")),
        categories=(Category("africa", "https://news.example/terms", "Africa"), Category("sahel")),
        enclosures=(
            Enclosure(
                "https://news.example/a.mp3",
                "audio/mpeg",
                12345,
                title="Talks, in full",
                duration_seconds=60,
                medium="audio",
            ),
        ),
        image="https://news.example/a.jpg",
        boilerplate=(Boilerplate("content", 14, 40, "marked"),),
        details=full_details(),
    )
    return replace(default, **changes)


def full_details(**changes: Any) -> Details:
    """Build details in which nothing is unknown."""
    default = Details(
        contributors=(Person("Salif Keïta", role="photographer", avatar="https://news.example/s"),),
        comments=Comments("https://news.example/a#talk", "https://news.example/a.rss", 3),
        in_reply_to=(Reply("urn:example:1", "https://news.example/1"),),
        origin=Origin("Wire", "https://wire.example/rss", "https://wire.example/", "urn:wire"),
        places=(Place(12.65, -8.0, "Bamako"),),
        episode=Episode(2, 3.5, "bonus", "Dry season", "3b", 1805, explicit=False),
        transcripts=(Transcript("https://news.example/a.vtt", "text/vtt", "fr", captions=True),),
        chapters="https://news.example/a.chapters.json",
        rights="© News",
        license="https://creativecommons.org/licenses/by/4.0/",
        external_link="https://elsewhere.example/report",
        banner="https://news.example/wide.jpg",
    )
    return replace(default, **changes)


def source(**changes: Any) -> Source:
    return replace(Source(FEED, "Example News", ("africa", "wire"), "News", url=FEED), **changes)


def evidence(**changes: Any) -> Evidence:
    return replace(Evidence("title", 16, 22, "Bamako"), **changes)


def tag(name: str = "mali", **changes: Any) -> Tag:
    return replace(Tag(name, rule_version="1", evidence=(evidence(),)), **changes)


def tagged(subject: Entry | None = None, *, seen_at: datetime = NOW, **changes: Any) -> TaggedEntry:
    """Build an entry that was first seen, and arrived, at one instant; it carries no tag."""
    subject = entry() if subject is None else subject
    default = TaggedEntry(
        subject,
        source(key=subject.feed, url=subject.feed),
        first_seen_at=seen_at,
        arrived_at=seen_at,
    )
    return replace(default, **changes)


def known(subject: Entry | None = None, **changes: Any) -> KnownEntry:
    """Build what the store remembers of an entry that stands in its feed's last document."""
    subject = entry() if subject is None else subject
    default = KnownEntry(
        id=subject.id,
        identity=subject.identity,
        generation=subject.generation,
        guid=subject.guid,
        canonical_link=subject.canonical_link,
        title=subject.title,
        published=subject.published,
        content_hash=subject.content_hash,
        text=subject.content or subject.summary,
        present=True,
        first_seen_at=NOW,
        arrived_at=NOW,
        normalised_by=subject.normalised_by,
    )
    return replace(default, **changes)


def feed(title: str = "News", **changes: Any) -> Feed:
    default = Feed(title, format="rss20", link="https://news.example/", language="en")
    return replace(default, **changes)


def subscription(url: str = FEED, **changes: Any) -> Subscription:
    return replace(Subscription(url, location=url), **changes)


def feed_state(key: str = FEED, **changes: Any) -> FeedState:
    """Build the state of a feed that was never polled and is due."""
    default = FeedState(
        key,
        fetch_url=key,
        name="Example News",
        labels=(),
        token="token",
        rhythm=Rhythm(),
        due_at=NOW,
    )
    return replace(default, **changes)


def poll_record(**changes: Any) -> PollRecord:
    default = PollRecord(NOW, NOW + timedelta(seconds=2), Outcome.NEW, status=200)
    return replace(default, **changes)


def refresh(state: FeedState | None = None, **changes: Any) -> Refresh:
    """Build what a poll learned: by default a document in which nothing is new."""
    state = feed_state() if state is None else state
    default = Refresh(
        key=state.key,
        token=state.token,
        poll=poll_record(),
        rhythm=state.rhythm,
        due_at=NOW + timedelta(hours=1),
        due_reason="an hour is the floor",
        validators=Validators(etag=b'"1"'),
        body_hash="body",
        fetch_url=state.fetch_url,
        feed=feed(),
    )
    return replace(default, **changes)
