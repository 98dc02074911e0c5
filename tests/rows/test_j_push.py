"""Section J of the polling rules: hubs (WebSub) that tell us of news."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.fetch.politeness import Hosts
from aggregator.model.polls import Outcome
from aggregator.store.base import Search
from aggregator.websub.subscription import Standing
from tests.builders import NOW
from tests.hub import ACCEPTED, ADDRESS, LEASE_SECONDS, TOPIC, Hub
from tests.publisher import Pause, Raw, Reply, redirect
from tests.rows.asking import DAY, HOUR, gap, issued, sent
from tests.scenario import Newsroom, rss

LEASE = timedelta(seconds=LEASE_SECONDS)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def hub(newsroom: Newsroom) -> Iterator[Hub]:
    with Hub(newsroom) as hub:
        yield hub


def publish(newsroom: Newsroom, head: str, *titles: str) -> None:
    newsroom.publisher.serve("/feed", Reply(rss(*titles, head=head), headers=issued()))


def asked(newsroom: Newsroom, hub: Hub) -> dict[str, str]:
    """Let the newsroom find the hub, and ask it."""
    publish(newsroom, hub.link(), "First")
    newsroom.poll()
    return hub.hear()[-1]


def live(newsroom: Newsroom, hub: Hub) -> dict[str, str]:
    form = asked(newsroom, hub)
    assert hub.verify().status == 200
    return form


def standing(hub: Hub) -> Standing:
    return hub.kept.standing


def dated(minutes_ago: float, newsroom: Newsroom) -> str:
    at = newsroom.clock() - timedelta(minutes=minutes_ago)
    return f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} +0000</pubDate>"


def rss_dated(newsroom: Newsroom, head: str, **minutes_ago: float) -> bytes:
    """Return a document whose entries bear dates so many minutes in the past."""
    body = rss(*minutes_ago, head=head).decode()
    for title, minutes in minutes_ago.items():
        stamp = dated(minutes, newsroom)
        body = body.replace(f"<title>{title}</title>", f"<title>{title}</title>{stamp}")
    return body.encode()


# --- 75: asking, and being asked back ------------------------------------------------------------


def test_row_75_a_hub_is_asked_by_a_form_with_the_topic_as_it_is_written(
    newsroom: Newsroom, hub: Hub
) -> None:
    form = asked(newsroom, hub)
    (seen,) = newsroom.seen("/hub")
    assert seen.values(b"content-type") == (b"application/x-www-form-urlencoded",)
    assert form.keys() == {
        *("hub.callback", "hub.mode", "hub.topic", "hub.secret", "hub.lease_seconds")
    }
    assert (form["hub.mode"], form["hub.topic"]) == ("subscribe", TOPIC)
    assert form["hub.callback"].startswith(f"{ADDRESS}/websub/")
    assert 0 < len(form["hub.secret"].encode()) < 200
    assert form["hub.secret"] not in form["hub.callback"]


def test_row_75_the_hub_in_the_headers_goes_before_that_in_the_feed(
    newsroom: Newsroom, hub: Hub
) -> None:
    header = f'<http://news.example/other>; rel="hub", <{TOPIC}>; rel="self"'
    named = ((b"Link", header.encode()),)
    newsroom.publisher.serve("/feed", Reply(rss("First", head=hub.link()), headers=named))
    newsroom.publisher.serve("/other", ACCEPTED)
    newsroom.poll()
    assert hub.hear() == []
    assert len(newsroom.seen("/other")) == 1


def test_row_75_a_feed_that_does_not_say_its_own_address_has_no_topic(
    newsroom: Newsroom, hub: Hub
) -> None:
    publish(newsroom, hub.link().partition("/>")[0] + "/>", "First")
    newsroom.poll()
    assert hub.hear() == []


@pytest.mark.parametrize("status", [307, 308])
def test_row_75_a_hub_that_moved_is_followed_with_the_same_form(
    newsroom: Newsroom, hub: Hub, status: int
) -> None:
    newsroom.publisher.serve("/hub", redirect("http://elsewhere.example/new", status))
    newsroom.publisher.serve("/new", ACCEPTED)
    asked(newsroom, hub)
    (moved,) = newsroom.seen("/new")
    assert (moved.method, moved.body) == ("POST", newsroom.seen("/hub")[0].body)
    assert hub.verify().status == 200


@pytest.mark.parametrize("answer", [ACCEPTED, redirect("http://home.internal/private", 307)])
def test_rows_70_and_75_a_hub_at_a_private_address_is_refused_on_every_hop(
    newsroom: Newsroom, hub: Hub, answer: Reply
) -> None:
    newsroom.publisher.serve("/hub", answer)
    newsroom.publisher.serve("/private", ACCEPTED)
    host = "home.internal" if answer is ACCEPTED else "news.example"
    publish(newsroom, hub.link(host), "First")
    newsroom.poll()
    hub.hear()
    assert len(newsroom.seen("/hub")) == (0 if answer is ACCEPTED else 1)
    assert not newsroom.seen("/private")
    assert "is not an address of the public internet" in hub.kept.sentence
    assert newsroom.store.requests_to("home.internal", 9)[0].purpose == "hub"


def test_row_75_a_hub_that_fails_is_asked_after_an_hour_then_two_never_sooner(
    newsroom: Newsroom, hub: Hub
) -> None:
    newsroom.publisher.serve("/hub", Reply(status=500))
    asked(newsroom, hub)
    times = []
    for _ in range(60 * 2):
        newsroom.clock.advance(minutes=30)
        before = len(hub.forms())
        if len(hub.hear()) > before:
            times.append((newsroom.clock() - NOW) / HOUR)
        if len(times) == 6:
            break
    assert [round(time) for time in times] == [1, 3, 7, 15, 31, 55]


def test_row_75_a_hub_that_has_too_much_to_do_is_left_alone_as_it_asks(
    newsroom: Newsroom, hub: Hub
) -> None:
    busy = Reply(status=429, headers=((b"Retry-After", b"36000"),))
    newsroom.publisher.serve("/hub", busy, ACCEPTED)
    asked(newsroom, hub)
    newsroom.clock.advance(hours=9)
    assert len(hub.hear()) == 1
    newsroom.clock.advance(hours=2)
    assert len(hub.hear()) == 2


def test_row_75_what_we_asked_for_is_confirmed_with_the_challenge_to_the_letter(
    newsroom: Newsroom, hub: Hub
) -> None:
    asked(newsroom, hub)
    said = hub.verify(challenge="<b>7ü&")
    assert (said.status, said.body) == (200, "<b>7ü&")
    assert said.headers["content-type"].startswith("text/plain")
    assert said.headers["x-content-type-options"] == "nosniff"
    assert standing(hub) is Standing.LIVE
    # A hub that did not get our answer asks again.
    assert hub.verify().status == 200


def test_row_75_what_we_did_not_ask_for_is_not_confirmed(newsroom: Newsroom, hub: Hub) -> None:
    form = asked(newsroom, hub)
    unknown = form | {"hub.callback": f"{ADDRESS}/websub/guessed"}
    for said in (
        hub.verify(unknown),
        hub.verify(topic="http://news.example/other"),
        hub.verify(mode="unsubscribe"),
        hub.verify(mode="publish"),
        hub.verify(challenge="x" * 5000),
        hub.call("GET", form["hub.callback"]),
        hub.call("GET", f"{ADDRESS}/websub/"),
        hub.call("GET", f"{ADDRESS}/elsewhere"),
        hub.call("PUT", form["hub.callback"]),
        hub.call("HEAD", form["hub.callback"]),
    ):
        assert said.status == 404
        assert "challenge" not in said.body
    assert standing(hub) is Standing.PENDING


def test_row_75_a_denial_leads_back_to_polling_at_any_time(newsroom: Newsroom, hub: Hub) -> None:
    form = live(newsroom, hub)
    refresh = newsroom.poll_next()
    assert gap(refresh) >= DAY
    assert hub.verify(mode="denied", topic="http://news.example/other").status == 404
    assert hub.verify(mode="denied", reason="Too many\nsubscribers").status == 200
    assert standing(hub) is Standing.DENIED
    assert newsroom.health().due_at == refresh.unpushed_due_at
    assert newsroom.health().due_reason == "its hub does not tell us any more"
    assert hub.push(rss("Late"), form).status == 410
    newsroom.clock.advance(days=6)
    assert len(hub.hear()) == 1
    newsroom.clock.advance(days=2)
    assert len(hub.hear()) == 2


def test_row_75_without_anybody_who_listens_no_hub_is_asked(newsroom: Newsroom) -> None:
    newsroom.publisher.serve("/hub", ACCEPTED)
    head = '<link xmlns="http://www.w3.org/2005/Atom" rel="{}" href="{}"/>'
    publish(newsroom, head.format("hub", TOPIC[:-5] + "/hub") + head.format("self", TOPIC), "First")
    newsroom.poll()
    newsroom.poll_next()
    assert {seen.path for seen in newsroom.publisher.seen()} == {"/feed"}


def test_row_75_hubs_get_turns_like_any_host_and_hold_up_no_other(
    newsroom: Newsroom, hub: Hub
) -> None:
    for number in range(6):
        named = hub.link(f"hub{number // 5}.example").replace(TOPIC, f"{TOPIC}{number}")
        newsroom.publisher.serve(f"/feed{number}", Reply(rss("First", head=named)))
    newsroom.subscribe(*(f"/feed{number}" for number in range(6)))
    newsroom.poll()
    hosts = Hosts(timedelta(seconds=2), timedelta(0))
    newsroom.sweep.wiring = replace(newsroom.wiring, hosts=hosts)
    topics = {form["hub.topic"] for form in hub.hear()}
    assert len(topics) == 2
    assert f"{TOPIC}5" in topics
    for asked_before in range(2, 6):
        newsroom.clock.advance(seconds=1.9)
        assert len(hub.hear()) == asked_before
        newsroom.clock.advance(seconds=0.2)
        assert len(hub.hear()) == asked_before + 1
    assert {form["hub.topic"] for form in hub.forms()} == {f"{TOPIC}{each}" for each in range(6)}


# --- 76: the lease -------------------------------------------------------------------------------


def test_row_76_the_lease_is_renewed_at_two_thirds_with_another_callback(
    newsroom: Newsroom, hub: Hub
) -> None:
    first = live(newsroom, hub)
    newsroom.clock.at = NOW + LEASE * 2 / 3 - MINUTE
    assert hub.hear() == [first]
    newsroom.clock.advance(minutes=2)
    (_, second) = hub.hear()
    assert second["hub.callback"] != first["hub.callback"]
    assert second["hub.secret"] != first["hub.secret"]
    assert standing(hub) is Standing.RENEWING
    # Until the new one is verified, the old one is in force.
    assert hub.push(rss("Between"), first).status == 200
    assert hub.verify(second).status == 200
    assert hub.push(rss("By the old way"), first).status == 410
    assert hub.push(rss("By the new way"), second).status == 200
    assert hub.kept.lease_until == newsroom.clock() + LEASE
    assert set(newsroom.titles()) == {"First", "Between", "By the new way"}


def test_row_76_it_is_the_hub_that_says_for_how_long(newsroom: Newsroom, hub: Hub) -> None:
    asked(newsroom, hub)
    hub.verify(lease_seconds="7200")
    assert hub.kept.lease_until == NOW + 2 * HOUR
    hub.verify(lease_seconds="9" * 400)
    assert hub.kept.lease_until == NOW + 366 * DAY
    hub.verify(lease_seconds="soon")
    assert hub.kept.lease_until == NOW + 10 * DAY


def test_row_76_a_hub_that_promises_next_to_nothing_is_asked_ever_more_rarely(
    newsroom: Newsroom, hub: Hub
) -> None:
    asked(newsroom, hub)
    hub.verify(lease_seconds="0")
    times: list[float] = []
    while len(times) < 5:
        newsroom.clock.advance(hours=1)
        before = len(hub.forms())
        if len(hub.hear()) > before:
            times.append((newsroom.clock() - NOW) / HOUR)
            hub.verify(lease_seconds="600")
    assert times == [1, 3, 7, 15, 31]


def test_row_76_polling_is_as_usual_until_the_hub_has_verified(
    newsroom: Newsroom, hub: Hub
) -> None:
    asked(newsroom, hub)
    assert gap(newsroom.poll_next()) < DAY / 2
    hub.verify()
    assert gap(newsroom.poll_next()) >= DAY


def test_row_76_when_the_lease_runs_out_polling_is_as_usual_again(
    newsroom: Newsroom, hub: Hub
) -> None:
    asked(newsroom, hub)
    hub.verify(lease_seconds="7200")
    newsroom.clock.at = NOW + HOUR
    newsroom.publisher.serve("/hub", Reply(status=500))
    (refresh,) = newsroom.poll("/feed")
    assert gap(refresh) >= DAY
    hub.hear()
    newsroom.clock.at = NOW + 2 * HOUR
    hub.hear()
    assert not hub.kept.live
    assert refresh.unpushed_due_at
    assert newsroom.health().due_at == refresh.unpushed_due_at
    assert gap(newsroom.poll_next()) < DAY / 2


def test_row_76_even_if_nobody_has_noticed_yet(newsroom: Newsroom, hub: Hub) -> None:
    asked(newsroom, hub)
    hub.verify(lease_seconds="7200")
    newsroom.clock.at = NOW + 3 * HOUR
    (refresh,) = newsroom.poll("/feed")
    assert gap(refresh) < DAY / 2
    assert refresh.unpushed_due_at is None


# --- 77: what a hub sends ------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["sha1", "sha512"])
def test_row_77_signed_news_is_taken_in_and_thanked_for_when_it_is_stored(
    newsroom: Newsroom, hub: Hub, method: str
) -> None:
    live(newsroom, hub)
    said = hub.push(rss("Second"), method=method)
    assert said.status == 200
    assert set(newsroom.titles()) == {"First", "Second"}
    assert hub.kept.last_delivery_at == NOW


@pytest.mark.parametrize("signature", ["", f"sha256={'0' * 64}", f"md5={'0' * 32}"])
def test_row_77_what_is_not_signed_is_thanked_for_and_ignored(
    newsroom: Newsroom, hub: Hub, signature: str
) -> None:
    live(newsroom, hub)
    polled = len(newsroom.heard.refreshes)
    assert hub.push(rss("Forged"), x_hub_signature=signature).status == 202
    assert newsroom.titles() == ["First"]
    assert len(newsroom.heard.refreshes) == polled
    assert hub.kept.sentence == "What came for it was not signed."


def test_row_77_news_deletes_nothing_and_touches_no_validator_and_no_schedule(
    newsroom: Newsroom, hub: Hub
) -> None:
    live(newsroom, hub)
    before = newsroom.health()
    hub.push(rss("Second"))
    after = newsroom.health()
    assert (after.due_at, after.due_reason) == (before.due_at, before.due_reason)
    newsroom.publisher.serve("/feed", Reply(status=304))
    newsroom.poll_next()
    assert sent(newsroom.seen()[-1]) == (b'"1"', None)
    assert set(newsroom.titles()) == {"First", "Second"}


def test_row_77_the_same_news_twice_is_news_once(newsroom: Newsroom, hub: Hub) -> None:
    live(newsroom, hub)
    for _ in range(2):
        assert hub.push(rss("Second")).status == 200
    assert [refresh.poll.new for refresh in newsroom.heard.refreshes] == [1, 1, 0]
    publish(newsroom, hub.link(), "Second", "First")
    assert newsroom.poll_next().poll.new == 0


def test_row_77_an_unknown_callback_is_gone_and_nobody_reads_what_comes_for_it(
    newsroom: Newsroom, hub: Hub
) -> None:
    form = live(newsroom, hub)
    unknown = form | {"hub.callback": f"{ADDRESS}/websub/guessed"}
    assert hub.push(rss("Guessed"), unknown).status == 410
    newsroom.subscribe("/feed", paused=True)
    assert hub.push(rss("While paused"), form).status == 410
    newsroom.subscribe()
    assert hub.push(rss("After it was removed"), form).status == 410


def test_row_77_a_feed_that_is_removed_is_taken_leave_of(newsroom: Newsroom, hub: Hub) -> None:
    form = live(newsroom, hub)
    newsroom.subscribe()
    (_, leave) = hub.hear()
    assert leave == {
        "hub.mode": "unsubscribe",
        "hub.topic": TOPIC,
        "hub.callback": form["hub.callback"],
    }
    assert hub.verify(mode="subscribe").status == 404
    assert hub.verify(leave).status == 200
    assert hub.verify(leave).status == 404
    newsroom.clock.advance(days=99)
    assert len(hub.hear()) == 2


def test_row_77_a_feed_that_is_paused_is_taken_leave_of_until_it_is_polled_again(
    newsroom: Newsroom, hub: Hub
) -> None:
    form = live(newsroom, hub)
    newsroom.subscribe("/feed", paused=True)
    assert hub.push(rss("Second"), form).status == 410
    leaving = hub.hear()[-1]
    assert (leaving["hub.mode"], leaving["hub.callback"]) == ("unsubscribe", form["hub.callback"])
    assert hub.verify().status == 200
    newsroom.subscribe("/feed")
    assert hub.hear()[-1]["hub.mode"] == "subscribe"


def test_row_77_a_hub_that_is_named_no_more_is_taken_leave_of(newsroom: Newsroom, hub: Hub) -> None:
    live(newsroom, hub)
    publish(newsroom, "", "Without a hub", "First")
    newsroom.poll_next()
    assert [form["hub.mode"] for form in hub.hear()] == ["subscribe", "unsubscribe"]
    newsroom.clock.advance(days=2)
    hub.hear()
    prospect = newsroom.store.prospect(TOPIC)
    assert prospect is not None
    assert prospect.push is None


def test_row_77_what_comes_while_the_feed_is_polled_waits_for_the_poll(
    newsroom: Newsroom, hub: Hub
) -> None:
    live(newsroom, hub)
    body = rss("Polled", "First", head=hub.link())
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
    newsroom.publisher.serve("/feed", Raw([head, Pause(0.05), body]))
    newsroom.clock.at = newsroom.health().due_at
    newsroom.sweep.claim_due()
    newsroom.publisher.wait_for(2, "/feed")
    assert hub.push(rss("Pushed")).status == 200
    outcomes = [(one.polled, one.poll.new) for one in newsroom.heard.refreshes]
    assert outcomes == [(True, 1), (True, 1), (False, 1)]
    assert len(newsroom.seen()) == 2


def test_row_77_the_limits_are_those_of_a_poll(newsroom: Newsroom, hub: Hub) -> None:
    form = live(newsroom, hub)
    too_large = hub.call("POST", form["hub.callback"], b"", content_length=str(11 * 2**20))
    assert too_large.status == 413
    assert hub.call("POST", form["hub.callback"], bytes(11 * 2**20)).status == 413
    zipped = gzip.compress(rss("Zipped"))
    assert hub.push(zipped, content_encoding="gzip").status == 200
    assert set(newsroom.titles()) == {"First", "Zipped"}
    bomb = gzip.compress(bytes(4 * 2**20))
    assert hub.push(bomb, content_encoding="gzip").status == 200
    assert "as only bombs do" in hub.kept.sentence


@pytest.mark.parametrize("body", [b"", b"<html><body>Hello</body></html>"])
def test_row_77_what_cannot_be_read_is_no_fault_of_the_feed(
    newsroom: Newsroom, hub: Hub, body: bytes
) -> None:
    live(newsroom, hub)
    assert hub.push(body).status == 200
    assert newsroom.heard.refreshes[-1].poll.outcome is Outcome.UNCHANGED
    assert newsroom.health().rhythm.failures == 0
    assert hub.kept.sentence.startswith("What its hub sent could not be read: ")


# --- 78: trust -----------------------------------------------------------------------------------


def test_row_78_a_live_hub_spares_the_publisher_all_but_a_poll_a_day(
    newsroom: Newsroom, hub: Hub
) -> None:
    live(newsroom, hub)
    newsroom.publisher.serve("/feed", Reply(status=304))
    for _ in range(3):
        assert DAY <= gap(newsroom.poll_next()) <= DAY * 1.2
        assert "its hub tells us" in newsroom.health().due_reason
    assert standing(hub) is Standing.LIVE


def test_row_78_what_an_audit_finds_makes_us_distrust_the_hub_for_a_week(
    newsroom: Newsroom, hub: Hub
) -> None:
    live(newsroom, hub)
    newsroom.poll_next()
    newsroom.clock.at = newsroom.health().due_at
    body = rss_dated(newsroom, hub.link(), Kept_back=11)
    newsroom.publisher.serve("/feed", Reply(body))
    (refresh,) = newsroom.poll()
    assert gap(refresh) < DAY / 2
    assert standing(hub) is Standing.DISTRUSTED
    assert hub.kept.sentence == "Its hub did not tell us of “Kept_back”, which a poll found."
    distrusted_at = newsroom.clock()
    # What it tells us is welcome; we only do not rely on it.
    assert hub.push(rss("Welcome")).status == 200
    newsroom.clock.at = distrusted_at + 7 * DAY - MINUTE
    assert len(hub.hear()) == 1
    newsroom.clock.advance(minutes=2)
    assert len(hub.hear()) == 2
    assert hub.verify().status == 200
    assert standing(hub) is Standing.LIVE


def test_row_78_a_hub_may_be_ten_minutes_late_and_owes_nothing_of_before_its_time(
    newsroom: Newsroom, hub: Hub
) -> None:
    live(newsroom, hub)
    newsroom.clock.at = newsroom.health().due_at
    before = (newsroom.clock() - NOW) / MINUTE + 5
    body = rss_dated(newsroom, hub.link(), Just_now=9, Before_its_time=before)
    newsroom.publisher.serve("/feed", Reply(body))
    (refresh,) = newsroom.poll()
    assert refresh.poll.new == 2
    assert standing(hub) is Standing.LIVE


def test_row_78_undated_entries_are_judged_by_their_place(newsroom: Newsroom, hub: Hub) -> None:
    live(newsroom, hub)
    newsroom.clock.advance(hours=2)
    newsroom.poll("/feed")
    newsroom.clock.advance(hours=1)
    hub.push(rss("Pushed"))
    publish(newsroom, hub.link(), "On top", "Pushed", "First")
    newsroom.poll_next()
    assert standing(hub) is Standing.LIVE
    newsroom.clock.advance(hours=1)
    hub.push(rss("Pushed later"))
    publish(newsroom, hub.link(), "Pushed later", "Kept back", "On top", "Pushed", "First")
    newsroom.poll_next()
    assert standing(hub) is Standing.DISTRUSTED


def test_row_78_how_we_stand_survives_a_restart(tmp_path: Path) -> None:
    with Newsroom(tmp_path) as newsroom:
        newsroom.subscribe("/feed")
        with Hub(newsroom) as hub:
            form = live(newsroom, hub)
    with Newsroom(tmp_path) as newsroom, Hub(newsroom) as hub:
        newsroom.clock.advance(hours=1)
        assert hub.hear() == []
        assert hub.push(rss("After the restart"), form).status == 200
        newsroom.publisher.serve("/feed", Reply(status=304))
        assert gap(newsroom.poll_next()) >= DAY


def test_row_78_where_nobody_listens_no_hub_is_relied_on_or_blamed(
    newsroom: Newsroom, hub: Hub
) -> None:
    live(newsroom, hub)
    deaf = replace(newsroom.wiring.policy, hears_hubs=False)
    newsroom.sweep.wiring = replace(newsroom.wiring, policy=deaf)
    newsroom.clock.at = newsroom.health().due_at
    newsroom.publisher.serve("/feed", Reply(rss_dated(newsroom, hub.link(), Kept_back=11)))
    (refresh,) = newsroom.poll()
    assert gap(refresh) < DAY / 2
    assert standing(hub) is Standing.LIVE


def test_row_78_a_cloud_is_written_down_and_never_asked(newsroom: Newsroom, hub: Hub) -> None:
    cloud = '<cloud domain="news.example" port="80" path="/rpc" registerProcedure=""'
    publish(newsroom, f'{cloud} protocol="http-post"/>', "First")
    newsroom.poll()
    assert hub.hear() == []
    assert not newsroom.seen("/rpc")
    row = newsroom.store.database.value("SELECT cloud FROM feed")
    assert row == "http://news.example:80/rpc"


def test_row_78_news_teaches_how_often_the_feed_publishes(newsroom: Newsroom, hub: Hub) -> None:
    live(newsroom, hub)
    for number in range(6):
        newsroom.clock.advance(hours=1)
        hub.push(rss(f"News {number}"))
    found = newsroom.store.search(Search(now=newsroom.clock()))
    assert len(found) == 7
    assert newsroom.health().rhythm.events > 6
