"""What `sitemap.xml` says."""

from aggregator.errors import NotAFeedError

EXPECTED = NotAFeedError(
    "https://example.org/feed is not a feed: it is XML, but its first "
    "element <urlset> is not that of a feed."
)
