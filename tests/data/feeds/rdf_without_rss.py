"""What `rdf_without_rss.xml` says."""

from aggregator.errors import NotAFeedError

EXPECTED = NotAFeedError("https://example.org/feed is XML, but neither RSS nor Atom.")
