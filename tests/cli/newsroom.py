"""A newsroom's configuration, whose feeds are a scripted publisher's.

Without floor and host gap, which would hold up the tests: that both are kept is tested elsewhere.
"""

from pathlib import Path

from tests.publisher import Publisher, Reply

POLL = "poll: {allow_addresses: [127.0.0.0/8], floor: 0s, host_gap: 0s}\n"

TAGS = """\
tags:
  sahel:
    query: Sahel OR Mali
    examples:
      match: [Talks in Mali]
      no_match: [Talks in Oslo]
"""


def rss(title: str, *entries: str) -> bytes:
    """Write a feed with these entries, each under its own guid."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{entry}</guid><title>{entry}</title></item>"
        for entry in entries
    )
    return (f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>").encode()


def feed(title: str, *entries: str) -> Reply:
    return Reply(rss(title, *entries), headers=((b"Content-Type", b"application/rss+xml"),))


def page(*links: str) -> Reply:
    """Write a web page that names feeds."""
    named = "".join(
        f"<link rel='alternate' type='application/rss+xml' href='{link}' title='Feed {number}'>"
        for number, link in enumerate(links, 1)
    )
    body = f"<!doctype html><html><head>{named}</head><body>News</body></html>"
    return Reply(body.encode(), headers=((b"Content-Type", b"text/html"),))


def newsroom(directory: Path, publisher: Publisher, *paths: str, more: str = TAGS) -> Path:
    """Write a configuration whose feeds are these paths; each is called by its path's last part."""
    feeds = "".join(
        f"  - url: {publisher.url(path)}\n    name: {path.rpartition('/')[2].title()}\n"
        for path in paths
    )
    listed = f"feeds:\n{feeds}" if paths else "feeds: []\n"
    path = directory / "feeds.yaml"
    path.write_text(f"{POLL}{listed}{more}", encoding="utf-8")
    return path
