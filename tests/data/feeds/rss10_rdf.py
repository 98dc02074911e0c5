"""What `rss10_rdf.xml` says."""

from datetime import timedelta

from aggregator.model.details import Person
from aggregator.model.raw import Category, RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    format="rss10",
    entries=(
        RawEntry(
            guid="http://moss.example/12",
            link="http://moss.example/12?from=rss",
            title=RawText("Cladonia on the north wall", kind="text", base=URL),
            summary=RawText("Red caps in March.", base=URL),
            published="2023-03-11T10:00:00Z",
            authors=(Person(name="Ines Moreau"),),
            categories=(Category("lichen"),),
            base=URL,
        ),
    ),
    title=RawText("Moss and lichen", kind="text", base=URL),
    description=RawText("A journal of small green things", base=URL),
    link="http://moss.example/",
    language="en",
    base=URL,
    update_period=timedelta(minutes=1440),
)
