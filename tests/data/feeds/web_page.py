"""What `web_page.xml` says."""

from aggregator.errors import NotAFeedError

EXPECTED = NotAFeedError(
    "https://example.org/feed is a web page, not a feed: try `aggregator "
    "feeds discover https://example.org/feed`."
)
