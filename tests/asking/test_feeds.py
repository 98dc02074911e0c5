"""A feed on the command line is a name, a URL, or a part of either."""

import pytest

from aggregator.asking.feeds import Named, find_feed, find_feeds
from aggregator.errors import UsageError

BBC = Named("https://bbc.example/africa/rss", "BBC Africa", ("https://bbc.example/africa/rss",))
RFI = Named("https://rfi.example/rss", "RFI Afrique", ("https://rfi.example/rss",))
RFI_EN = Named("https://rfi.example/en/rss", "RFI", ("https://rfi.example/en/rss",))
DEPECHES = Named(
    "https://d.example/x", "Dépêches", ("https://d.example/x", "https://moved.example/")
)
FEEDS = (BBC, RFI, RFI_EN, DEPECHES)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("BBC Africa", BBC),
        ("bbc  AFRICA", BBC),
        ("bbc", BBC),
        ("https://rfi.example/rss", RFI),
        ("HTTPS://RFI.example:443/rss", RFI),
        ("bbc.example", BBC),
        ("moved.example", DEPECHES),
        ("depeches", DEPECHES),
    ],
)
def test_a_feed_is_found_by_its_name_its_url_or_a_part(written: str, meant: Named) -> None:
    assert find_feed(written, FEEDS) is meant


def test_a_whole_name_counts_before_a_part_of_another() -> None:
    assert find_feed("rfi", FEEDS) is RFI_EN


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("afri", "'afri' may be BBC Africa or RFI Afrique: write more"),
        ("rss", "'rss' may be BBC Africa, RFI Afrique or RFI: write more"),
        ("BBC Afrca", "did you mean BBC Africa?"),
        ("https://rfi.example/rs", "may be"),
        ("zzz", "The feeds are: BBC Africa, RFI Afrique, RFI, Dépêches."),
        ("", "No feed is called ''"),
        ("  ", "No feed is called"),
    ],
)
def test_what_is_not_clear_is_answered_with_what_may_be_meant(written: str, told: str) -> None:
    feeds = (
        FEEDS if written != "https://rfi.example/rs" else (RFI, Named("k", "n", (RFI.key + "2",)))
    )
    with pytest.raises(UsageError) as caught:
        find_feed(written, feeds)
    assert told in str(caught.value)


def test_feeds_of_one_name_are_told_apart_by_their_urls() -> None:
    twins = tuple(Named(f"https://{host}.example/", "News", ()) for host in "ab")
    with pytest.raises(UsageError, match=r"News \(https://a\.example/\) or News \(https://b\."):
        find_feed("news", twins)


def test_only_some_of_many_are_named() -> None:
    many = tuple(Named(str(number), f"News {number}", ()) for number in range(9))
    with pytest.raises(UsageError, match="News 4 or 4 more"):
        find_feed("news", many)
    with pytest.raises(UsageError, match="lists all 9"):
        find_feed("zzz", many)


def test_without_feeds_it_says_how_to_add_one() -> None:
    with pytest.raises(UsageError, match="feeds add URL"):
        find_feed("x", ())


def test_feeds_come_in_the_order_asked_each_once() -> None:
    assert find_feeds(["depeches", "bbc", "BBC Africa"], FEEDS) == (DEPECHES, BBC)
