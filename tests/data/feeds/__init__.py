"""Feeds that say what they show, and beside each what a reader must get out of it."""

URL = "https://example.org/feed"
"""Where every one of them is said to come from."""
