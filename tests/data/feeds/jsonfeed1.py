"""What `jsonfeed1.json` says."""

from aggregator.model.details import Details, Person
from aggregator.model.raw import RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    format="json10",
    entries=(
        RawEntry(
            guid="42",
            link="https://kites.example/42",
            title=RawText("A < B", kind="text", base=URL),
            content=RawText("Box kites", kind="text", base=URL),
            published="2024-04-01T09:00:00+02:00",
            authors=(Person(name="Guest"),),
            base=URL,
        ),
        RawEntry(
            guid="43.50",
            link="https://elsewhere.example/",
            content=RawText("<p>Seen</p>", base=URL),
            image="https://kites.example/banner.jpg",
            base=URL,
            details=Details(banner="https://kites.example/banner.jpg"),
        ),
    ),
    title=RawText("Kites", kind="text", base=URL),
    description=RawText("Wind & string", kind="text", base=URL),
    link="https://kites.example/",
    base=URL,
    authors=(Person(name="Lin", url="https://kites.example/lin"),),
)
