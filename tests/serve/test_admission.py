"""A password before everything but what is public."""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from aggregator.config.load import load
from aggregator.errors import ConfigError
from aggregator.store.sqlite import SqliteStore
from tests.builders import entry, subscription, tag, tagged
from tests.empty import empty_database
from tests.serve.site import serving
from tests.store.steps import poll, subscribe

PASSWORD = "näher am Fluss"
CONFIG = f"""\
serve: {{password: {PASSWORD}}}
feeds: []
tags:
  mali: {{query: Mali, examples: {{match: [Mali]}}}}
outputs:
  - {{path: all.atom, public: true}}
  - {{path: own.atom}}
"""
CLOSED = ("/", "/tags", "/metrics", "/feeds/own.atom", "/feeds/mali.atom", "/static/style.css")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    path: Path = empty_database(tmp_path_factory.mktemp("admission") / "aggregator.db")
    with closing(SqliteStore(path)) as store:
        subscribe(store, subscription())
        poll(store, new=(tagged(entry("Talks in Mali"), tags=(tag("mali"),)),))
    with serving(path, CONFIG, below="/here") as client:
        yield client


def basic(told: str | bytes) -> str:
    return f"Basic {b64encode(told if isinstance(told, bytes) else told.encode()).decode()}"


@pytest.mark.parametrize("path", CLOSED)
def test_without_the_password_nothing_is_shown(client: httpx.Client, path: str) -> None:
    answer = client.get(f"/here{path}")
    assert (answer.status_code, answer.text) == (401, "This needs a password.\n")
    assert answer.headers["www-authenticate"] == 'Basic realm="aggregator", charset="UTF-8"'
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("told", [basic(f"desk:{PASSWORD}"), f"bearer {PASSWORD}"])
def test_with_it_everything_is_and_no_cache_keeps_it(
    client: httpx.Client, path: str, told: str
) -> None:
    answer = client.get(f"/here{path}", headers=[(b"Authorization", told.encode())])
    assert answer.status_code == 200
    assert "public" not in answer.headers.get("cache-control", "")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/feeds/all.atom"])
def test_what_is_public_needs_none(client: httpx.Client, path: str) -> None:
    assert client.get(f"/here{path}").status_code == 200


@pytest.mark.parametrize(
    "told",
    [
        basic("desk:wrong"),
        basic(PASSWORD),
        basic(f"{PASSWORD}:"),
        basic(b"\xff:\xff"),
        "Basic !",
        "Basic",
        "Bearer",
        "Digest x",
        "",
    ],
)
def test_another_password_is_none(client: httpx.Client, told: str) -> None:
    assert client.get("/here/", headers={"Authorization": told}).status_code == 401


@pytest.mark.parametrize(
    "path", ["/feeds/all.atom/../own.atom", "//feeds/all.atom", "/feeds/all.rss", "/feeds/ALL.atom"]
)
def test_only_what_is_named_is_public(client: httpx.Client, path: str) -> None:
    assert client.get(f"/here{path}").status_code == 401


def written(directory: Path, serve: str) -> Path:
    path = directory / "feeds.yaml"
    path.write_text(f"feeds: []\nserve: {serve}\n", encoding="utf-8")
    return path


def test_the_password_may_stand_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_PASSWORD", PASSWORD)
    config = load(written(tmp_path, "{password_env: DESK_PASSWORD}"))
    assert config.serve
    assert config.serve.password == PASSWORD
    assert PASSWORD not in repr(config)


@pytest.mark.parametrize(
    ("serve", "told"),
    [
        ("{password: short}", "The password must have 12 characters at least."),
        ("{password_env: NOBODY_SET_THIS}", "There is no environment variable NOBODY_SET_THIS."),
    ],
)
def test_a_password_that_is_none_is_refused(tmp_path: Path, serve: str, told: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load(written(tmp_path, serve))
    assert told in str(refused.value)
    assert "short" not in str(refused.value)
