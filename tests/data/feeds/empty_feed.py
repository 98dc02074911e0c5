"""What `empty_feed.xml` says."""

from aggregator.model.raw import RawFeed, RawText
from tests.data.feeds import URL

EXPECTED = RawFeed(
    format="atom10", entries=(), title=RawText("Nothing yet", kind="text", base=URL), base=URL
)
