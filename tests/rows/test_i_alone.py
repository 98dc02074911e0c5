"""Section I of the polling rules, with rows 39, 53, 54: a poll asks for the feed, nothing else."""

from dataclasses import replace

import pytest

from aggregator.errors import ParserLimitError
from aggregator.model.fetching import Document
from aggregator.parse.discovery import FoundFeed
from tests.publisher import Reply, redirect
from tests.rows.asking import PAGE, issued, polls
from tests.scenario import HOST, Newsroom, rss, url

RICH = f"""<rss version="2.0" xmlns:m="http://search.yahoo.com/mrss/"
 xmlns:a="http://www.w3.org/2005/Atom">
<?xml-stylesheet type="text/xsl" href="/style.xsl"?><channel><title>News</title>
<link>http://{HOST}/</link><image><url>http://{HOST}/logo.png</url><title>x</title>
<link>http://{HOST}/</link></image><a:icon>/favicon.ico</a:icon><docs>http://{HOST}/docs</docs>
<cloud domain="{HOST}" port="80" path="/cloud" registerProcedure="" protocol="http-post"/>
<a:link rel="next" href="/feed?page=2"/><a:link rel="first" href="/feed"/>
<a:link rel="self" href="/other"/><a:link rel="current" href="/current"/>
<a:link rel="alternate" type="application/atom+xml" href="/atom"/>
<item><title>%s</title><link>http://{HOST}/%s</link><guid>%s</guid>
<enclosure url="http://{HOST}/talk.mp3" type="audio/mpeg" length="9"/>
<m:thumbnail url="http://{HOST}/thumb.jpg"/><comments>http://{HOST}/comments</comments>
<description>&lt;img src="/pixel.gif"&gt;&lt;script src="/x.js"&gt;&lt;/script&gt;
&lt;iframe src="http://{HOST}/frame"&gt;&lt;/iframe&gt;&lt;link rel="stylesheet" href="/a.css"&gt;
</description></item></channel></rss>"""


def rich(number: int) -> bytes:
    return (RICH % ((f"Talks {number}",) * 3)).encode()


def paths(newsroom: Newsroom) -> list[str]:
    return [seen.path for seen in newsroom.publisher.seen()]


def test_rows_53_and_54_nothing_but_the_feed_is_asked_for(newsroom: Newsroom) -> None:
    newsroom.publisher.serve("/robots.txt", Reply(b"User-agent: *\nDisallow: /"))
    newsroom.publisher.serve("/moved", Reply(rich(3), headers=issued(b'"3"')))
    link = (b"Link", b"</style.css>; rel=preload, </feed?page=2>; rel=next, </robots.txt>; rel=x")
    refreshes = polls(
        newsroom,
        Reply(rich(1), headers=(*issued(b'"1"'), link)),
        Reply(status=304),
        Reply(rich(2), headers=(*issued(b'"2"'), link)),
        redirect("/moved"),
        Reply(PAGE),
        Reply(status=503),
        Reply(status=404),
        Reply(rich(4)),
    )
    assert [len(refresh.new) for refresh in refreshes] == [1, 0, 1, 1, 0, 0, 0, 1]
    assert paths(newsroom) == [*["/feed"] * 4, "/moved", *["/feed"] * 4]
    assert {seen.method for seen in newsroom.publisher.seen()} == {"GET"}


# --- a page instead of the feed -------------------------------------------------------------------

NAMING = Reply(b"<html><link rel=alternate type=text/xml href='/new feed'>")


def test_row_39_three_pages_in_a_row_suggest_the_feed_that_they_name(newsroom: Newsroom) -> None:
    first, *failed = polls(newsroom, Reply(rss("A"), headers=issued()), NAMING, NAMING, NAMING)
    sentences = [str(refresh.poll.sentence) for refresh in failed]
    assert ["feeds move" in sentence for sentence in sentences] == [False, False, True]
    assert sentences[-1] == (
        f"{url('/feed')} has been a web page 3 times in a row. It names the feed"
        f" {url('/new%20feed')}: `aggregator feeds move News {url('/new%20feed')}` goes there."
    )
    health = newsroom.health()
    assert health.last_poll is not None
    assert health.last_poll.sentence == sentences[-1]
    assert {refresh.poll.error_code for refresh in failed} == {"not_a_feed"}
    assert failed[-1].validators == first.validators
    assert newsroom.titles() == ["A"]
    assert paths(newsroom) == ["/feed"] * 4


def test_row_39_only_pages_in_a_row_count(newsroom: Newsroom) -> None:
    refreshes = polls(newsroom, NAMING, NAMING, Reply(rss("A")), NAMING, Reply(status=500), NAMING)
    assert [refresh.manners.pages for refresh in refreshes] == [1, 2, 0, 1, 1, 2]
    assert not any("feeds move" in str(refresh.poll.sentence) for refresh in refreshes)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(PAGE),
        Reply(b"<html><link rel=alternate type=text/xml href=/feed>"),
        Reply(b"%PDF-1.7"),
    ],
    ids=["names none", "names itself", "no page"],
)
def test_row_39_where_nothing_is_named_nothing_is_suggested(
    newsroom: Newsroom, reply: Reply
) -> None:
    *_, last = polls(newsroom, reply, reply, reply, reply)
    assert last.manners.pages == 4
    assert "feeds move" not in str(last.poll.sentence)


def test_row_39_a_page_that_cannot_be_read_is_what_it_was(newsroom: Newsroom) -> None:
    def find(_: Document) -> tuple[FoundFeed, ...]:
        raise ParserLimitError("Too deep.")

    edge = replace(newsroom.wiring.edge, find=find)
    newsroom.sweep.wiring = replace(newsroom.wiring, edge=edge)
    *_, last = polls(newsroom, NAMING, NAMING, NAMING)
    assert last.poll.error_code == "not_a_feed"
