"""Who is answered, and what browsers are told about every answer."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from aggregator.app.serving import exposure
from aggregator.config.settings import ServeSettings
from tests.empty import empty_database
from tests.serve.site import serving


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    directory: Path = tmp_path_factory.mktemp("site")
    with serving(empty_database(directory / "aggregator.db")) as client:
        yield client


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:8080", "desk.example:99"]
)
def test_our_own_names_are_answered(client: httpx.Client, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "", "[", "desk.example@evil.example:80"]
)
@pytest.mark.parametrize("path", ["/", "/static/style.css", "/nothing"])
def test_whoever_asks_for_another_host_is_sent_away(
    client: httpx.Client, host: str, path: str
) -> None:
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 421
    assert "serve.hosts" in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_nothing_can_be_changed(client: httpx.Client, method: str) -> None:
    answer = client.request(method, "/")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/", "/static/keys.js", "/static/none", "/nothing", "/entries/x"])
def test_every_answer_forbids_what_no_page_needs(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_what_is_not_there_is_said_and_repeats_nothing(client: httpx.Client) -> None:
    answer = client.get("/<script>alert(1)</script>/")
    assert answer.status_code == 404
    assert "No page has this address." in answer.text
    assert "alert(1)" not in answer.text


@pytest.mark.parametrize(
    ("host", "password", "is_exposed"),
    [
        ("127.0.0.1", None, False),
        ("127.9.9.9", None, False),
        ("localhost", None, False),
        ("::1", None, False),
        ("0.0.0.0", None, True),
        ("::", None, True),
        ("desk.example", None, True),
        ("0.0.0.0", "a long password", False),
    ],
)
def test_pages_that_others_reach_without_a_password_are_said_to_be_open(
    host: str, password: str | None, is_exposed: bool
) -> None:
    warning = exposure(ServeSettings(host=host, password=password))
    assert bool(warning) == is_exposed
    assert warning is None or host in warning
