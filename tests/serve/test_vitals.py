"""What watches over the program: whether it answers, whether it works, and its figures."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from aggregator.serve.metrics import exposition
from aggregator.store.measures import Ended, Measures
from aggregator.store.sqlite import SqliteStore
from tests.builders import NOW, entry, subscription, tag, tagged
from tests.empty import empty_database
from tests.serve.site import serving
from tests.store.steps import fail, poll, subscribe

OTHER = "https://other.example/feed.xml"
NOTHING = Measures((), 0, timedelta(), 0, (), (), (), 0, 0, (), (), 0)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = empty_database(tmp_path_factory.mktemp("vitals") / "aggregator.db")
    with closing(SqliteStore(path)) as store:
        subscribe(store, subscription(), subscription(OTHER))
        poll(store, new=(tagged(entry("Talks"), tags=(tag("mali"),)),))
        fail(store, OTHER)
    return path


@pytest.fixture(scope="module")
def client(database: Path) -> Iterator[httpx.Client]:
    with serving(database, ticked_at=NOW) as client:
        yield client


def samples(text: str) -> dict[tuple[str, tuple[str, ...]], float]:
    """Return the figures by their names and the values of their labels, by these names."""
    return {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_nobody_keeps_what_is_answered(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.headers["content-type"].startswith("text/plain")
    assert client.head(path).content == b""


@pytest.mark.parametrize(("minutes", "status"), [(5, 200), (-5, 200), (6, 503), (-6, 503)])
def test_it_is_not_ready_where_nothing_is_polled_any_more(
    database: Path, minutes: int, status: int
) -> None:
    with serving(database, ticked_at=NOW - timedelta(minutes=minutes)) as client:
        assert client.get("/readyz").status_code == status
        assert client.get("/healthz").status_code == 200


def test_it_is_not_ready_without_a_database(tmp_path: Path) -> None:
    path = tmp_path / "aggregator.db"
    path.write_bytes(b"no database at all, but long enough to be read as one" * 9)
    with serving(path) as client:
        answer = client.get("/readyz")
        assert (answer.status_code, answer.headers["cache-control"]) == (503, "no-store")
        assert "is not a database" in answer.text
        assert client.get("/metrics").status_code == 503
        assert client.get("/feeds/mali.atom").status_code == 503
        assert client.get("/healthz").status_code == 200


def test_figures_are_those_of_the_store(client: httpx.Client) -> None:
    told = samples(client.get("/metrics").text)
    assert told["aggregator_feeds", ("active",)] == 2
    assert told["aggregator_polls_total", ()] == 2
    assert told["aggregator_last_polls", ("timeout", "failed")] == 1
    assert told["aggregator_recent_polls", ("", "new")] == 1
    assert told["aggregator_entries", ()] == 1
    assert told["aggregator_tag_entries", ("mali",)] == 1
    assert told["aggregator_database_bytes", ()] > 0


def test_durations_are_told_by_how_many_polls_did_not_exceed_them() -> None:
    lengths = tuple(timedelta(seconds=each) for each in range(101))
    text = exposition(Measures((), 0, timedelta(), 0, (), (), lengths, 0, 0, (), (), 0)).decode()
    told = samples(text)
    assert [told["aggregator_recent_poll_seconds", (part,)] for part in ("0.5", "0.95", "1")] == [
        50,
        95,
        100,
    ]


def test_any_name_of_a_tag_or_failure_is_told() -> None:
    told = (Ended('"\\', "a\nb", 1),)
    text = exposition(Measures((), 0, timedelta(), 0, told, (), (), 0, 0, (('é"\n', 2),), (), 0))
    assert samples(text.decode())["aggregator_tag_entries", ('é"\n',)] == 2
    assert samples(text.decode())["aggregator_last_polls", ("a\nb", '"\\')] == 1


def test_what_webhooks_wait_for_is_told_by_its_age() -> None:
    waits = (("desk", timedelta(minutes=2)), ("idle", timedelta()))
    told = samples(exposition(replace(NOTHING, untold=waits)).decode())
    assert told["aggregator_webhook_waiting_seconds", ("desk",)] == 120
    assert told["aggregator_webhook_waiting_seconds", ("idle",)] == 0


def test_what_is_unknown_is_left_out() -> None:
    assert ("aggregator_recent_poll_seconds", ("1",)) not in samples(exposition(NOTHING).decode())
