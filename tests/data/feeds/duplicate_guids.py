"""What `duplicate_guids.xml` says."""

from aggregator.model.raw import RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    format="rss20",
    entries=(
        RawEntry(guid="7", title=RawText("Seven", kind="text", base=URL), base=URL),
        RawEntry(guid="7", title=RawText("Seven, corrected", kind="text", base=URL), base=URL),
        RawEntry(guid="7", title=RawText("Seven", kind="text", base=URL), base=URL),
    ),
    title=RawText("Copies", kind="text", base=URL),
    description=RawText("Again", base=URL),
    link="https://copies.example/",
    base=URL,
)
