from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.canonical.form import canonical
from tests.test_urls import ADDRESSES

PAGE = "https://news.example/2026/02/talks-resume"
# Of which the addresses of redirects, caches and variants are made.
WRAPPERS = """
https://www.google.com/url?q= https://news.google.com/news/url?url= https://l.facebook.com/l.php?u=
https://cdn.ampproject.org/c/s/ https://www.google.com/amp/s/ https://m.youtube.com/
https://eu.rd.yahoo.com/a/*http:// /amp /amp/ .amp .html ?amp=1 &outputType=amp ?feature=rss /2026
https://blog.blogspot.de/ ?m=1 https://fr.m.wikipedia.org https%3A%2F%2F a.example talks-in-mali
https://news.google.com/articles/CBMi /%75rl GOOGLE
"""
WRAPPED = st.lists(st.sampled_from(WRAPPERS.split()), max_size=7).map("".join)


@pytest.mark.parametrize(
    "same",
    [
        "http://news.example/mali",
        "https://NEWS.example/mali",
        "https://news.example:443/mali",
        "http://news.example:80/mali",
        "https://news.example./mali",
        "https://news.example/mali/",
        "https://news.example/africa/../%6Dali",
        "https://news.example/mali#comments",
        "https://news.example/mali?",
        "https://news.example/mali?utm_source=rss&utm_medium=rss",
        "https://news.example/mali?at_medium=RSS&at_campaign=KARANGA",
        "https://news.example/mali?traffic_source=rss",
        "https://news.example/mali?ref=rss",
        "https://news.example/mali;jsessionid=0A1B2C",
        "https://news.example/mali#xtor=RSS-1",
    ],
)
def test_addresses_of_one_page_have_one_canonical_form(same: str) -> None:
    assert canonical(same) == "https://news.example/mali"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://news.example/mali", "https://news.example/Mali"),
        ("https://news.example/mali", "https://www.news.example/mali"),
        ("https://news.example/mali", "https://m.news.example/mali"),
        ("https://news.example/mali", "https://news.example:8080/mali"),
        ("https://news.example/?p=1", "https://news.example/?p=2"),
        ("https://news.example/?a=1&a=2", "https://news.example/?a=2&a=1"),
        ("https://news.example/?ref=rss", "https://news.example/?ref=chad"),
        ("https://news.example/a%2Fb", "https://news.example/a/b"),
        ("https://news.example/#!/mali", "https://news.example/#!/niger"),
        ("https://news.example/#/mali", "https://news.example/#/niger"),
        ("https://faß.example/", "https://fass.example/"),
        ("https://news.example/a?b", "https://news.example/a"),
    ],
)
def test_what_might_be_two_pages_stays_two(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_the_order_of_parameters_with_different_names_does_not_matter() -> None:
    assert canonical("https://a.example/?b=2&a=1") == canonical("https://a.example/?a=1&b=2")


def test_an_international_host_equals_its_ascii_form() -> None:
    assert canonical("https://BÜCHER.example/é") == canonical("http://xn--bcher-kva.example/%c3%a9")


@pytest.mark.parametrize(
    "tracked",
    [
        "fbclid=IwAR1",
        "mc_cid=1&mc_eid=2",
        "UTM_Source=feed",
        "utm_id=1",
        "yclid=1&ysclid=2&_openstat=3",
        "gad_source=1&gbraid=2&gclid=3",
        "__hssc=1&hsCtaTracking=2",
        "_branch_match_id=7&_bhlid=8",
        "at_medium=RSS&at_campaign=rss",
        "feedType=RSS&feedName=worldNews",
        "source=rss----a1b2c3---4",
        "eref=rss_latest",
        "CMP=RSS_world",
        "wt_mc=rss.africa",
        "guccounter=1&guce_referrer=aHR0",
        "__twitter_impression=true",
        "usqp=mq331AQ&amp_js_v=0.1",
        "amp;utm_source=rss",
    ],
)
def test_a_parameter_that_tracks_the_reader_is_dropped(tracked: str) -> None:
    assert canonical(f"{PAGE}?{tracked}") == PAGE
    assert canonical(f"{PAGE}?id=4&{tracked}") == f"{PAGE}?id=4"


@pytest.mark.parametrize(
    "chosen",
    [
        "id=7",
        "source=chad",
        "from=2026",
        "si=1",
        "feature=sport",
        "t=90",
        "amp=10",
        "m=1",
        "feed=rss2",
    ],
)
def test_a_parameter_that_may_choose_a_page_is_kept(chosen: str) -> None:
    assert canonical(f"{PAGE}?{chosen}") == f"{PAGE}?{chosen}"


def test_at_some_hosts_more_parameters_are_known_to_track() -> None:
    watch = "https://www.youtube.com/watch?v=abc"
    assert canonical(f"{watch}&feature=youtube_gdata&si=x") == watch
    assert canonical("https://m.youtube.com/watch?v=abc&pp=1") == watch
    assert canonical("https://x.com/ana/status/1?s=20&t=z") == "https://x.com/ana/status/1"


@pytest.mark.parametrize(
    "variant",
    [
        f"{PAGE}/amp",
        f"{PAGE}/amp/",
        f"{PAGE}?amp",
        f"{PAGE}?amp=1",
        f"{PAGE}?outputType=amp",
        f"{PAGE}.amp",
        "https://news.example/amp/2026/02/talks-resume",
        "https://news.example/2026/02/amp/talks-resume?amp=true",
        "https://news-example.cdn.ampproject.org/c/s/news.example/2026/02/talks-resume/amp",
        "https://cdn.ampproject.org/v/s/news.example/2026/02/talks-resume?amp_js_v=0.1&usqp=m",
        "https://news-example.cdn.ampproject.org/wp/s/news.example/2026/02/talks-resume",
        "https://news-example.bing-amp.com/c/s/news.example/2026/02/talks-resume",
        "https://www.google.com/amp/s/news.example/2026/02/talks-resume",
        "https://www.google.co.uk/amp/news.example/2026/02/talks-resume/amp/",
    ],
)
def test_the_amp_variant_of_a_page_is_the_page(variant: str) -> None:
    assert canonical(variant) == PAGE


@pytest.mark.parametrize(
    ("variant", "page"),
    [
        ("https://a.example/talks-resume-in-mali/amp", "https://a.example/talks-resume-in-mali"),
        ("https://a.example/mali.html/amp", "https://a.example/mali.html"),
        ("https://a.example/mali.amp.html", "https://a.example/mali.html"),
        ("https://a.example/?p=1&amp=1", "https://a.example/?p=1"),
        ("https://fr.m.wikipedia.org/wiki/Mali", "https://fr.wikipedia.org/wiki/Mali"),
        ("https://mobile.twitter.com/a/status/1", "https://twitter.com/a/status/1"),
        ("https://m.spiegel.de/a-1", "https://www.spiegel.de/a-1"),
        ("https://b.blogspot.co.uk/2026/a.html?m=1", "https://b.blogspot.com/2026/a.html"),
    ],
)
def test_a_known_variant_of_a_page_is_the_page(variant: str, page: str) -> None:
    assert canonical(variant) == page


@pytest.mark.parametrize(
    "page",
    [
        "https://a.example/amp",
        "https://a.example/guitars/amp",
        "https://a.example/electric-guitars/amp",
        "https://a.example/amp/tubes",
        "https://a.example/amplifiers-for-small-rooms",
        "https://en.wikipedia.org/wiki/AMP",
        "https://m.example/mali",
        "https://amp.example/mali",
        "https://mobile.news.example/mali",
        "https://www.google.com/search?q=https://a.example",
        "https://www.google.com/url?q=mali",
        "https://www.google.example/url?q=https://a.example/b",
        "https://google.com.evil.example/url?q=https://a.example/b",
        "https://news.example/url?url=https://a.example/b",
        "https://web.archive.org/web/2026/https://a.example/b",
        "https://t.co/AbCdEf",
        "https://feedproxy.google.com/~r/news/~3/AbC/mali",
        "https://news.google.com/rss/articles/CBMiWkFVX3lxTE1hYmM",
        "https://news.google.com/rss/articles/not_one",
    ],
)
def test_what_only_looks_like_a_variant_or_a_redirect_stays(page: str) -> None:
    assert canonical(page) == page


@pytest.mark.parametrize(
    "redirect",
    [
        "https://www.google.com/url?rct=j&sa=t&url=https://news.example/2026/02/talks-resume&ct=ga",
        "http://www.google.fr/url?q=https%3A%2F%2Fnews.example%2F2026%2F02%2Ftalks-resume&usg=AO",
        "https://news.google.com/news/url?sa=t&url=http://news.example/2026/02/talks-resume",
        "https://www.bing.com/news/apiclick.aspx?ref=F&url=https%3a%2f%2fnews.example%2f2026%2f02%2ftalks-resume",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fnews.example%2F2026%2F02%2Ftalks-resume%3Ffbclid%3D1&h=A",
        "http://us.rd.yahoo.com/dailynews/rss/africa/*http://news.example/2026/02/talks-resume",
        "https://news.google.com/rss/articles/CBMiKWh0dHBzOi8vbmV3cy5leGFtcGxlLzIwMjYvMDIvdGFsa3MtcmVzdW1l?oc=5",
        "https://www.google.com/url?q=https%3A%2F%2Fwww.google.com%2Famp%2Fs%2Fnews.example%2F2026%2F02%2Ftalks-resume",
    ],
)
def test_a_redirect_that_carries_its_target_stands_for_it(redirect: str) -> None:
    assert canonical(redirect) == PAGE


def test_redirects_in_redirects_end() -> None:
    url = PAGE
    for _ in range(3):
        url = "https://www.google.com/url?q=" + quote(url, safe="")
    assert canonical(url) == PAGE
    assert canonical("https://www.google.com/url?q=" * 250 + PAGE) == canonical(PAGE)


@settings(max_examples=200, deadline=None)
@given(ADDRESSES | WRAPPED)
def test_the_canonical_form_is_its_own_canonical_form(url: str) -> None:
    assert canonical(canonical(url)) == canonical(url)
