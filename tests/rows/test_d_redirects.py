"""Section D of the polling rules: redirects and identity."""

from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network

import pytest

from aggregator.model.feeds import Moving
from aggregator.model.fetching import Fetched, FetchRequest
from aggregator.model.polls import Refresh
from aggregator.pipeline import Tell
from tests.builders import NOW
from tests.publisher import Pause, Raw, Reply, Scripted, Seen, redirect
from tests.rows.asking import DAY, HOUR, MODIFIED, PAGE, asked_with, issued, polls, sent
from tests.rows.secured import SECURE, Secured
from tests.scenario import HOST, Newsroom, rss, url


def moved(newsroom: Newsroom, *answers: Scripted, every: timedelta = 2 * DAY) -> list[Refresh]:
    """Poll every two days, once for each answer."""
    newsroom.subscribe("/feed", interval=every)
    return polls(newsroom, *answers)


@pytest.mark.parametrize("status", [301, 308])
def test_row_41_a_permanent_redirect_is_believed_after_5_polls_over_7_days(
    newsroom: Newsroom, status: int
) -> None:
    headers = issued(b'"new"', MODIFIED)
    newsroom.publisher.serve("/new", Reply(rss("A"), headers=headers), Reply(status=304))
    refreshes = moved(newsroom, *[redirect("/new", status)] * 6, every=3 * DAY)
    assert [each.fetch_url for each in refreshes[:4]] == [url("/feed")] * 4
    assert [each.fetch_url for each in refreshes[4:]] == [url("/new")] * 2
    assert "it has moved for good" in refreshes[4].due_reason
    assert len(newsroom.seen()) == 5  # the old address is asked no more
    # What the new address issued is its own by now, and goes with the very first request.
    assert [sent(seen) for seen in newsroom.seen("/new")] == [
        (None, None),
        *[(b'"new"', MODIFIED)] * 5,
    ]
    assert newsroom.health().fetch_url == url("/new")
    newsroom.subscribe("/feed", interval=3 * DAY)  # the configuration is what it was
    assert newsroom.health().fetch_url == url("/new")
    assert newsroom.titles() == ["A"]


def test_rows_41_and_44_a_feed_keeps_its_name_and_password_where_it_moves_at_home(
    newsroom: Newsroom,
) -> None:
    newsroom.subscribe(f"http://reader:secret@{HOST}/feed", interval=2 * DAY)
    newsroom.publisher.serve("/feed", redirect("/new", 301))
    newsroom.publisher.serve("/new", Reply(rss("A")))
    refreshes = [newsroom.poll_next() for _ in range(6)]
    assert refreshes[-1].fetch_url == f"http://reader:secret@{HOST}/new"
    assert len(newsroom.seen()) == 5
    assert len({seen.values(b"Authorization") for seen in newsroom.seen("/new")}) == 1


def test_row_41_five_polls_in_a_few_hours_are_not_enough(newsroom: Newsroom) -> None:
    newsroom.publisher.serve("/new", Reply(rss("A")))
    *_, last = moved(newsroom, *[redirect("/new", 301)] * 7, every=HOUR)
    assert last.poll.ended_at - NOW < DAY
    assert (last.fetch_url, last.moving) == (url("/feed"), Moving(url("/new"), 7, NOW))


@pytest.mark.parametrize("breaking", [redirect("/elsewhere", 301), Reply(rss("A"))])
def test_row_41_the_polls_have_to_be_in_a_row(newsroom: Newsroom, breaking: Scripted) -> None:
    for path in ("/new", "/elsewhere"):
        newsroom.publisher.serve(path, Reply(rss("A")))
    there = redirect("/new", 301)
    *_, last = moved(newsroom, *[there] * 4, breaking, *[there] * 4)
    assert last.moving is not None
    assert (last.fetch_url, last.moving.polls) == (url("/feed"), 4)


def test_row_41_a_poll_that_fails_between_them_says_nothing(newsroom: Newsroom) -> None:
    newsroom.publisher.serve("/new", Reply(rss("A")))
    there = redirect("/new", 301)
    *_, last = moved(newsroom, *[there] * 4, Reply(status=500), there)
    assert last.fetch_url == url("/new")


@pytest.mark.parametrize(
    ("elsewhere", "expected"),
    [
        (rss("Another story", title="Another feed"), "/feed"),
        (rss("Another story", "A", title="Another name"), "/new"),
        (rss("Another story"), "/new"),
        (PAGE, "/feed"),
    ],
    ids=["another feed", "a shared entry", "the same title and link", "a page"],
)
def test_row_41_a_redirect_must_lead_to_the_same_feed(
    newsroom: Newsroom, elsewhere: bytes, expected: str
) -> None:
    bodies = [elsewhere.replace(b"</channel>", b"<!--%d--></channel>" % day) for day in range(6)]
    newsroom.publisher.serve("/new", *map(Reply, bodies))
    *_, last = moved(newsroom, Reply(rss("A")), *[redirect("/new", 301)] * 6)
    assert last.fetch_url == url(expected)


@pytest.mark.parametrize("status", [404, 410])
def test_row_41_an_address_that_is_gone_gives_way_to_where_it_led(
    newsroom: Newsroom, status: int
) -> None:
    newsroom.publisher.serve("/new", Reply(rss("A"), headers=issued()))
    _, last = moved(newsroom, redirect("/new", 301), Reply(status=status))
    assert (last.fetch_url, last.stopped) == (url("/new"), False)
    newsroom.poll_next()
    assert [sent(seen)[0] for seen in newsroom.seen("/new")] == [None, b'"1"']


def test_row_41_a_target_that_is_gone_is_not_the_old_address(newsroom: Newsroom) -> None:
    newsroom.publisher.serve("/new", Reply(rss("A")), Reply(status=404))
    _, last = moved(newsroom, *[redirect("/new", 301)] * 2)
    assert last.fetch_url == url("/feed")


def test_row_41_the_same_page_by_https_is_believed_at_once(secured: Secured) -> None:
    newsroom = secured.newsroom
    newsroom.subscribe(f"http://{SECURE}/feed?x=1")
    newsroom.publisher.serve("/feed?x=1", redirect(f"https://{SECURE}/feed?x=1", 301))
    secured.publisher.serve("/feed?x=1", Reply(rss("A"), headers=issued()))
    assert newsroom.poll_next().fetch_url == f"https://{SECURE}/feed?x=1"
    newsroom.poll_next()
    assert secured.paths() == (["/feed?x=1"], ["/feed?x=1"] * 2)
    assert [sent(seen)[0] for seen in secured.publisher.seen()] == [None, b'"1"']


def test_rows_41_and_44_a_way_back_to_http_is_never_believed(secured: Secured) -> None:
    newsroom = secured.newsroom
    newsroom.subscribe(f"https://{SECURE}/feed", interval=2 * DAY)
    secured.publisher.serve("/feed", redirect(f"http://{SECURE}/feed", 301))
    newsroom.publisher.serve("/feed", Reply(rss("A")))
    refreshes = [newsroom.poll_next() for _ in range(7)]
    assert {(each.fetch_url, each.moving) for each in refreshes} == {
        (f"https://{SECURE}/feed", None)
    }


def test_row_41_a_feed_that_moves_to_another_is_not_polled_beside_it(newsroom: Newsroom) -> None:
    newsroom.subscribe("/feed", "/new", interval=2 * DAY)
    newsroom.publisher.serve("/feed", redirect("/new", 301))
    newsroom.publisher.serve("/new", Reply(rss("A")))
    for _ in range(12):
        due_at = newsroom.store.next_due_at()
        assert due_at is not None
        newsroom.clock.at = due_at
        newsroom.poll()
    assert "which is polled as 'News'" in newsroom.health().due_reason
    known = {found.entry.id for found in newsroom.entries()}
    for _ in range(3):
        assert newsroom.poll_next().key == url("/new")
    assert {found.entry.id for found in newsroom.entries()} == known


@pytest.mark.parametrize("status", [302, 303, 307])
def test_row_42_a_temporary_redirect_is_followed_each_time_and_rewrites_nothing(
    newsroom: Newsroom, status: int
) -> None:
    headers = issued()
    newsroom.publisher.serve(
        "/new", Reply(rss("A"), headers=headers), Reply(status=304, headers=headers)
    )
    refreshes = moved(newsroom, *[redirect("/new", status)] * 7)
    assert {each.fetch_url for each in refreshes} == {url("/feed")}
    assert len(newsroom.seen()) == len(newsroom.seen("/new")) == 7
    # What the new address issued goes to the new address alone (row 9).
    assert asked_with(newsroom) == [(None, None)] * 7
    assert {sent(seen)[0] for seen in newsroom.seen("/new")[1:]} == {b'"1"'}


def test_row_42_a_temporary_redirect_breaks_the_run(newsroom: Newsroom) -> None:
    newsroom.publisher.serve("/new", Reply(rss("A")))
    there = redirect("/new", 301)
    *_, last = moved(newsroom, *[there] * 4, redirect("/new", 302), there)
    assert last.moving is not None
    assert (last.fetch_url, last.moving.polls) == (url("/feed"), 1)


def test_row_42_only_the_permanent_beginning_of_the_way_is_believed(newsroom: Newsroom) -> None:
    newsroom.publisher.serve("/middle", redirect("/mirror", 302))
    newsroom.publisher.serve("/mirror", Reply(rss("A"), headers=issued()), Reply(status=304))
    *_, last = moved(newsroom, *[redirect("/middle", 301)] * 6)
    assert last.fetch_url == url("/middle")
    assert len(newsroom.seen()) == 5
    assert [sent(seen)[0] for seen in newsroom.seen("/mirror")] == [None, *[b'"1"'] * 5]


def test_row_43_redirects_are_bounded(newsroom: Newsroom) -> None:
    for number in range(9):
        newsroom.publisher.serve(f"/hop-{number}", redirect(f"/hop-{number + 1}"))
    newsroom.publisher.serve("/circle", redirect("/feed"))
    answers = [
        redirect("/hop-0"),
        redirect("/circle"),
        redirect("http://["),
        Reply(status=302),
        redirect("file:///etc/passwd"),
    ]
    refreshes = polls(newsroom, *answers)
    assert [refresh.poll.error_code for refresh in refreshes] == ["redirect"] * 5
    assert [len(newsroom.seen(f"/hop-{number}")) for number in range(6)] == [1, 1, 1, 1, 1, 0]


def test_row_43_a_relative_location_is_resolved_where_it_stands(newsroom: Newsroom) -> None:
    newsroom.publisher.serve("/deep/er/feed", redirect("../other?x=1"))
    newsroom.publisher.serve("/deep/other?x=1", Reply(rss("A")))
    polls(newsroom, redirect("deep/er/feed"))
    assert newsroom.titles() == ["A"]


def test_row_43_all_hops_share_one_deadline(limited: Newsroom) -> None:
    for path in ("/feed", "/next", "/last"):
        target = b"/last" if path == "/next" else b"/next"
        head = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: %b\r\n\r\n" % target
        limited.publisher.serve(path, Raw([Pause(0.12), head]))
    assert limited.poll_next().poll.error_code == "timeout"


def with_a_key(newsroom: Newsroom) -> None:
    """Let every poll carry headers that are meant for the publisher alone."""

    def fetch(request: FetchRequest, tell: Tell) -> Fetched:
        secret = ((b"X-Api-Key", b"secret"), (b"Cookie", b"session=secret"))
        return newsroom.fetch(replace(request, headers=request.headers + secret), tell)

    edge = replace(newsroom.wiring.edge, fetch=fetch)
    newsroom.sweep.wiring = replace(newsroom.wiring, edge=edge)


def told(seen: Seen) -> bytes:
    return b"\n".join(value for _, value in seen.headers)


def test_row_44_no_header_of_the_users_own_travels_to_another_origin(newsroom: Newsroom) -> None:
    with_a_key(newsroom)
    newsroom.publisher.serve("/near", redirect("http://news.example:8080/far"))
    newsroom.publisher.serve("/far", Reply(rss("A")))
    polls(newsroom, redirect("/near"))
    (first,), (near,), (far,) = newsroom.seen(), newsroom.seen("/near"), newsroom.seen("/far")
    assert first.values(b"X-Api-Key") == near.values(b"X-Api-Key") == (b"secret",)
    assert b"secret" not in told(far)
    assert newsroom.titles() == ["A"]


def test_row_44_nothing_that_is_secret_goes_from_https_to_http(secured: Secured) -> None:
    newsroom = secured.newsroom
    with_a_key(newsroom)
    newsroom.subscribe(f"https://reader:secret@{SECURE}/feed")
    secured.publisher.serve("/feed", redirect(f"http://{SECURE}/feed"))
    newsroom.publisher.serve("/feed", Reply(rss("A")))
    newsroom.poll_next()
    (safe,), (plain,) = secured.publisher.seen(), newsroom.seen()
    assert b"Basic cmVhZGVyOnNlY3JldA==" in told(safe)
    assert b"secret" in told(safe)
    assert plain.values(b"Authorization") == ()
    assert b"secret" not in told(plain)


def test_row_44_user_info_in_a_redirect_is_sent_to_nobody(newsroom: Newsroom) -> None:
    newsroom.publisher.serve("/new", Reply(rss("A")))
    polls(newsroom, redirect(f"http://me:secret@{HOST}/new"))
    (seen,) = newsroom.seen("/new")
    assert seen.values(b"Authorization") == ()
    assert newsroom.titles() == ["A"]


def test_row_44_credentials_do_not_travel_to_another_origin(newsroom: Newsroom) -> None:
    newsroom.subscribe(f"http://reader:secret@{HOST}/feed")
    newsroom.publisher.serve("/near", redirect("http://other.example/far"))
    newsroom.publisher.serve("/far", Reply(rss("A")))
    polls(newsroom, redirect("/near"))
    (first,), (near,), (far,) = newsroom.seen(), newsroom.seen("/near"), newsroom.seen("/far")
    assert first.values(b"Authorization") == near.values(b"Authorization") != ()
    assert far.values(b"Authorization") == ()
    assert b"secret" not in b"".join(value for _, value in far.headers)


LASTING = ((b"Strict-Transport-Security", b"max-age=864000; includeSubDomains"),)


def learn_https(secured: Secured, *headers: tuple[bytes, bytes]) -> None:
    """Poll a feed whose http address leads to https, where the host says what it wants."""
    newsroom = secured.newsroom
    newsroom.subscribe(f"http://{SECURE}/feed", interval=DAY)
    newsroom.publisher.serve("/feed", redirect(f"https://{SECURE}/feed"))
    secured.publisher.serve("/feed", Reply(rss("A"), headers=headers))
    newsroom.poll_next()
    assert secured.paths() == (["/feed"], ["/feed"])


def test_row_45_a_host_that_wants_https_is_asked_by_nothing_else_until_that_ends(
    secured: Secured,
) -> None:
    learn_https(secured, *LASTING, *issued())
    secured.newsroom.poll_next()
    assert secured.paths() == (["/feed"], ["/feed"] * 2)
    assert sent(secured.publisher.seen()[1])[0] == b'"1"'  # from whom it is
    secured.restart()
    secured.newsroom.poll_next()
    assert secured.paths() == (["/feed"], ["/feed"] * 3)
    # Nobody goes on saying it: after ten days, http is asked again.
    secured.publisher.serve("/feed", Reply(status=304))
    secured.newsroom.poll_next()
    secured.newsroom.clock.advance(days=11)
    secured.newsroom.poll_next()
    assert secured.paths()[0] == ["/feed"] * 2


def test_row_45_credentials_stay_with_the_host_that_is_asked_by_https(secured: Secured) -> None:
    learn_https(secured, *LASTING)
    secured.newsroom.subscribe(f"http://reader:secret@{SECURE}/other")
    secured.publisher.serve("/other", Reply(rss("B")))
    secured.newsroom.poll_next()
    assert b"Basic cmVhZGVyOnNlY3JldA==" in told(secured.publisher.seen("/other")[0])
    assert secured.paths()[0] == ["/feed"]


def test_row_45_a_redirect_to_such_a_host_goes_by_https_as_well(secured: Secured) -> None:
    learn_https(secured, *LASTING)
    secured.newsroom.subscribe("/start")
    secured.newsroom.publisher.serve("/start", redirect(f"http://{SECURE}/feed"))
    secured.newsroom.poll_next()
    assert secured.paths() == (["/feed", "/start"], ["/feed"] * 2)


def test_row_45_an_answer_by_https_that_leads_back_to_http_is_a_circle(secured: Secured) -> None:
    learn_https(secured, *LASTING)
    secured.publisher.serve("/feed", redirect(f"http://{SECURE}/feed"))
    assert secured.newsroom.poll_next().poll.error_code == "redirect"
    assert secured.paths()[0] == ["/feed"]


def test_row_45_where_https_fails_nobody_asks_in_the_clear(secured: Secured) -> None:
    learn_https(secured, *LASTING)
    # As if somebody stood in between: the certificate is of an authority that nobody knows.
    secured.settings = replace(secured.settings, ca_bundle=None)
    secured.restart()
    before = secured.paths()
    polled = [secured.newsroom.poll_next() for _ in range(3)]
    assert [refresh.poll.error_code for refresh in polled] == ["tls"] * 3
    assert secured.paths() == before


def test_row_45_a_host_may_take_it_back(secured: Secured) -> None:
    learn_https(secured, *LASTING)
    taken_back = ((b"Strict-Transport-Security", b"max-age=0"),)
    secured.publisher.serve("/feed", Reply(rss("A"), headers=taken_back))
    secured.newsroom.poll_next()
    secured.newsroom.poll_next()
    assert secured.paths()[0] == ["/feed"] * 2
    assert secured.newsroom.store.strict_hosts() == ()


def test_row_45_http_says_nothing_of_https(newsroom: Newsroom) -> None:
    newsroom.subscribe("/feed", interval=DAY)
    polls(newsroom, *[Reply(rss("A"), headers=LASTING)] * 2)
    assert len(newsroom.seen()) == 2
    assert newsroom.store.strict_hosts() == ()


def test_row_45_an_address_without_a_name_wants_nothing(secured: Secured) -> None:
    newsroom = secured.newsroom
    settings = replace(secured.settings, allow_addresses=(ip_network("127.0.0.0/8"),))
    secured.settings = settings
    secured.restart()
    newsroom.subscribe("https://127.0.0.1/feed")
    secured.publisher.serve("/feed", Reply(rss("A"), headers=LASTING))
    newsroom.poll_next()
    assert secured.paths()[1] == ["/feed"]
    assert newsroom.store.strict_hosts() == ()
