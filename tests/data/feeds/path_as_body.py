"""What `path_as_body.xml` says."""

from aggregator.errors import NotAFeedError

EXPECTED = NotAFeedError("https://example.org/feed is not a feed: it is neither XML nor JSON.")
