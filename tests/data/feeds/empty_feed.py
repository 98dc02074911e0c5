"""What `empty_feed.xml` says."""

from aggregator.model.raw import RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    updated="2024-01-01T00:00:00Z",
    format="atom10",
    entries=(),
    title=RawText("Nothing yet", kind="text", base=URL),
    base=URL,
)
