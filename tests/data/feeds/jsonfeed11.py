"""What `jsonfeed11.json` says."""

from aggregator.model.details import Details, Enclosure, Person
from aggregator.model.raw import Category, RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    format="json11",
    entries=(
        RawEntry(
            guid="https://ledger.example/1",
            link="https://ledger.example/1",
            title=RawText("Opening", kind="text", base=URL),
            summary=RawText("In short", kind="text", base=URL),
            content=RawText("<p>Both</p>", base=URL),
            published="2024-01-02T03:04:05Z",
            updated="2024-01-03T03:04:05Z",
            categories=(
                Category("money"),
                Category("time"),
            ),
            enclosures=(
                Enclosure(
                    url="https://ledger.example/1.mp3",
                    media_type="audio/mpeg",
                    length_bytes=1234,
                    duration_seconds=60,
                ),
            ),
            image="https://ledger.example/1.png",
            language="mi",
            base=URL,
            details=Details(
                external_link="https://elsewhere.example/1", banner="https://ledger.example/b.png"
            ),
        ),
    ),
    title=RawText("Ledger", kind="text", base=URL),
    link="https://ledger.example/",
    language="en-NZ",
    base=URL,
    authors=(
        Person(name="Wiremu"),
        Person(url="https://ledger.example/kim", avatar="x"),
    ),
)
