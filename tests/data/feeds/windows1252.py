"""What `windows1252.xml` says."""

from aggregator.model.raw import RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    format="rss20",
    entries=(
        RawEntry(
            link="https://prices.example/bread",
            title=RawText("Bread: 2 €", kind="text", base=URL),
            base=URL,
        ),
    ),
    title=RawText("“Prices” – in €", kind="text", base=URL),
    description=RawText("It’s all here…", base=URL),
    link="https://prices.example/",
    base=URL,
)
