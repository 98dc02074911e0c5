"""Builders: a document from its body, RSS around items."""

from datetime import UTC, datetime
from hashlib import sha256

from aggregator.model.fetching import Document
from tests.data.feeds import URL

FETCHED_AT = datetime(2024, 3, 5, 12, tzinfo=UTC)


def document(body: bytes | str, content_type: str | None = None, url: str = URL) -> Document:
    raw = body.encode() if isinstance(body, str) else body
    return Document(url, raw, sha256(raw).hexdigest(), FETCHED_AT, content_type)


def rss(items: str, channel: str = "<title>Test</title>") -> str:
    return f'<rss version="2.0"><channel>{channel}{items}</channel></rss>'
