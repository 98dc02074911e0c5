"""What `no_guids.xml` says."""

from aggregator.model.raw import RawEntry, RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    format="rss20",
    entries=(
        RawEntry(
            link="https://nameless.example/1", title=RawText("One", kind="text", base=URL), base=URL
        ),
        RawEntry(
            link="https://nameless.example/2?a=1&b=2",
            title=RawText("Two", kind="text", base=URL),
            base=URL,
        ),
    ),
    title=RawText("Nameless", kind="text", base=URL),
    link="https://nameless.example/",
    base=URL,
)
