"""What `other.json` says."""

from aggregator.errors import NotAFeedError

EXPECTED = NotAFeedError(
    "https://example.org/feed is JSON, but not a JSON Feed: it has no "
    '"version" like "https://jsonfeed.org/version/1.1".'
)
