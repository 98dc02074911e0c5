"""What `no_dates.xml` says."""

from aggregator.model.raw import RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    updated="Mon, 01 Jan 2024 00:00:00 GMT",
    format="rss20",
    entries=(
        RawEntry(
            link="https://undated.example/1", title=RawText("One", kind="text", base=URL), base=URL
        ),
    ),
    title=RawText("Undated", kind="text", base=URL),
    description=RawText("Timeless", base=URL),
    link="https://undated.example/",
    base=URL,
)
