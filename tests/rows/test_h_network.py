"""Section H of the polling rules: network and trust."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from aggregator.fetch.client import ClientSettings
from aggregator.model import Outcome
from tests.publisher import (
    Publisher,
    Reply,
    redirect,
)
from tests.rows.asking import DAY, HOUR, gap, polls
from tests.scenario import Newsroom, rss, url


def test_row_67_a_name_that_does_not_exist_is_asked_for_ever_more_rarely(
    newsroom: Newsroom,
) -> None:
    newsroom.subscribe("http://nowhere.invalid/feed")
    refreshes = [newsroom.poll_next() for _ in range(8)]
    assert {refresh.poll.error_code for refresh in refreshes} == {"dns"}
    assert gap(refreshes[0]) >= 6 * HOUR
    assert 7 * DAY <= gap(refreshes[-1]) <= 7 * DAY + 3 * HOUR


@pytest.mark.parametrize(
    "target",
    ["http://intranet.internal/", "http://127.0.0.1/", "http://127.1/", "http://2130706433/",
     "http://0/", "http://[::ffff:127.0.0.1]/", "http://169.254.169.254/", "http://[::1]/"],
)  # fmt: skip
def test_row_70_no_address_at_home_is_connected_to_on_any_hop(
    newsroom: Newsroom, target: str
) -> None:
    newsroom.subscribe("/feed", target)
    newsroom.publisher.serve("/feed", redirect(target))
    codes = {refresh.poll.error_code for refresh in newsroom.poll()}
    # 127.1 and its like are names here, and names that look like numbers lead nowhere.
    assert codes <= {"address", "dns", "url", "redirect"}
    assert not newsroom.publisher.seen("/")


def test_row_70_what_the_configuration_admits_is_polled_without_a_floor(tmp_path: Path) -> None:
    settings = ClientSettings(allow_addresses=(ip_network("127.0.0.0/8"),))
    with Newsroom(tmp_path, settings=settings) as newsroom:
        newsroom.subscribe("http://intranet.internal/feed")
        newsroom.publisher.serve("/feed", Reply(rss("A")), Reply(rss("B", "A")))
        newsroom.poll()
        newsroom.poll("http://intranet.internal/feed")
        assert sorted(newsroom.titles()) == ["A", "B"]
        assert not newsroom.heard.left_alone


@pytest.mark.parametrize(
    "target",
    ["ftp://news.example/feed", "gopher://news.example/feed", "data:text/xml,<rss/>",
     "http+unix://%2Frun%2Fsocket/feed", "http://news.example:25/feed"],
)  # fmt: skip
def test_row_71_only_http_is_spoken_and_not_on_ports_of_others(
    newsroom: Newsroom, target: str
) -> None:
    newsroom.subscribe("/feed", target)
    newsroom.publisher.serve("/feed", redirect(target))
    codes = {refresh.key: refresh.poll.error_code for refresh in newsroom.poll()}
    assert codes == {url("/feed"): "redirect", target: "url"}


def test_row_71_no_publisher_leads_to_a_file(newsroom: Newsroom, tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_bytes(rss("Secret"))
    newsroom.publisher.serve("/pointer", Reply(str(secret).encode()))
    newsroom.subscribe("/feed", "/pointer")
    newsroom.publisher.serve("/feed", redirect(secret.as_uri()))
    assert {refresh.poll.outcome for refresh in newsroom.poll()} == {Outcome.FAILED}
    assert newsroom.titles() == []


def test_row_71_the_environment_names_no_proxy(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Publisher() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        polls(newsroom, Reply(rss("A")))
        assert newsroom.titles() == ["A"]
        assert not proxy.seen()
