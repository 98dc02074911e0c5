"""Which hub tells of a document's news, as its links say (WebSub §4), or which rssCloud."""

from collections.abc import Iterable, Sequence

from aggregator.model.fetching import Hub, Link, Offer


def offered(*sources: Sequence[Link]) -> Offer:
    """Return what a document offers; ``sources`` in order of precedence: its headers, itself.

    The first source that names a hub counts, and of its hubs the first that is reached by https.
    The topic is the address that the document gives as its own, to the letter; without one there
    is nothing to subscribe to. An rssCloud is noted, and never used.
    """
    hubs = next((found for links in sources if (found := _urls(links, "hub"))), ())
    topics = next((found for links in sources if (found := _urls(links, "self"))), ())
    clouds = (url for links in sources for url in _urls(links, "cloud"))
    secure = (url for url in hubs if url.lower().startswith("https:"))
    hub = next(secure, next(iter(hubs), None))
    return Offer(Hub(hub, topics[0]) if hub and topics else None, next(clouds, None))


def _urls(links: Iterable[Link], relation: str) -> tuple[str, ...]:
    return tuple(
        link.url
        for link in links
        if link.relation == relation and link.url.lower().startswith(("http:", "https:"))
    )
