"""Which hub and topic a document offers, by its links."""

import pytest

from aggregator.model.fetching import Hub, Link, Offer
from aggregator.websub.discovery import offered

SELF = Link("self", "https://news.example/feed?a=b")


def hub(url: str) -> Link:
    return Link("hub", url)


def test_a_hub_by_https_is_preferred_else_the_first_counts() -> None:
    first, plain = hub("http://a.example/"), hub("http://b.example/")
    secure, other = hub("https://c.example/"), hub("https://d.example/")
    assert offered((first, plain, secure, other, SELF)).hub == Hub(secure.url, SELF.url)
    assert offered((plain, first, SELF)).hub == Hub(plain.url, SELF.url)


def test_the_first_source_that_names_a_hub_counts_even_without_https() -> None:
    header, feed = (hub("http://a.example/"),), (SELF, hub("https://b.example/"))
    assert offered(header, feed) == Offer(Hub("http://a.example/", SELF.url))
    own = Link("self", "https://news.example/by-header")
    assert offered((own,), feed) == Offer(Hub("https://b.example/", own.url))


@pytest.mark.parametrize(
    "links",
    [(), (SELF,), (hub("https://a.example/"),), (hub("ftp://a.example/"), SELF)],
)
def test_what_lacks_a_hub_or_a_topic_offers_nothing(links: tuple[Link, ...]) -> None:
    assert offered(links, ()) == Offer()


def test_a_cloud_is_noted_beside_a_hub() -> None:
    cloud = Link("cloud", "http://rpc.example:80/notify")
    assert offered((), (cloud,)) == Offer(None, cloud.url)
