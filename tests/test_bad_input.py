"""What bad input gets, as its user meets it: one clear sentence, and nothing stored is lost.

Elsewhere: a second daemon, and a full disk under a running one (`test_daemon`); a full disk and
Ctrl-C in the middle of ``poll`` (`cli.test_polling`); a full disk for results (`cli.test_main`).
"""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from ipaddress import ip_network
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest

from aggregator.app.polling import opened_sweep
from aggregator.app.store import opened_store, utc_now
from aggregator.cli.progress import Tally
from aggregator.config.load import load
from aggregator.fetch.client import Client, ClientSettings
from aggregator.fetch.patience import Timeouts
from aggregator.model.polls import Outcome
from aggregator.store.sqlite import SqliteStore
from tests.cli.command import Said, command
from tests.cli.newsroom import POLL, TAGS, feed, newsroom
from tests.publisher import HANG, Answer, Publisher, Raw, Reply, Scripted, Seen

DOCUMENTS = Path(__file__).parent / "data" / "feeds"
MEBIBYTE = 2**20


def document(name: str) -> Reply:
    return Reply((DOCUMENTS / name).read_bytes())


def hundred_megabytes(*headers: bytes) -> Answer:
    """Serve a hundred megabytes of one title."""

    def answer(_: Seen) -> Scripted:
        head = b"\r\n".join([b"HTTP/1.1 200 OK", *headers, b"", b"<rss><channel><title>"])
        return Raw((head, *repeat(b"x" * MEBIBYTE, 100)))

    return answer


BAD: dict[str, Answer] = {
    "/missing": Reply(status=404),
    "/page": document("web_page.xml"),
    "/empty": Reply(b""),
    "/blank": Reply(b" \n\n"),
    "/noise": Reply(b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
    "/announced": hundred_megabytes(b"Content-Length: 104857600"),
    "/streamed": hundred_megabytes(),
    "/refused": Reply(status=503, headers=((b"Retry-After", b"7200"),)),
}

LAUGHS = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 11))
"""Ten thousand million laughs, if they are unfolded."""

ODD: dict[str, Answer] = {
    "/laughs": Reply(
        f'<!DOCTYPE rss [<!ENTITY a0 "ha">{LAUGHS}]><rss version="2.0"><channel><title>Ha</title>'
        "<item><title>Laughing &a10;</title></item></channel></rss>".encode()
    ),
    "/undated": document("no_dates.xml"),
    "/guidless": document("no_guids.xml"),
    "/copies": document("duplicate_guids.xml"),
    "/nothing": document("empty_feed.xml"),
    "/hostile": feed("News", "\x9b2J Red \x9b31m alert\u202e"),
}


@dataclass(frozen=True, slots=True)
class Round:
    """Two rounds over publishers that were all well at first, and what was said in the second."""

    config: Path
    said: Said
    feeds: dict[str, Any]


@pytest.fixture(scope="module")
def second_round(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Round]:
    with Publisher() as publisher:
        for path, answer in {**BAD, **ODD}.items():
            publisher.serve(path, feed(path[1:], f"Old news of {path[1:]}"), answer)
        config = newsroom(tmp_path_factory.mktemp("bad"), publisher, *BAD, *ODD)
        assert command("--config", config, "poll").status == 0
        said = command("--config", config, "poll", "--all", "--utc")
        listed = json.loads(command("--config", config, "feeds", "--format", "json").output)
        yield Round(config, said, {feed["name"].lower(): feed for feed in listed["feeds"]})


def titles(config: Path, *arguments: str) -> list[str]:
    said = command("--config", config, "search", "--format", "jsonl", "--limit", "100", *arguments)
    assert (said.errors, said.status) == ("", 0)
    return [json.loads(line).get("title", "") for line in said.output.splitlines()]


# --- feeds -----------------------------------------------------------------------------------


def test_a_round_with_bad_feeds_is_done_and_names_them(second_round: Round) -> None:
    assert (second_round.said.status, second_round.said.errors) == (0, "")
    assert "Traceback" not in second_round.said.output
    failed = {
        line.split()[0].lower()
        for line in second_round.said.output.splitlines()
        if "http://127" in line
    }
    assert failed == {path[1:] for path in BAD}


@pytest.mark.parametrize(
    ("name", "code", "told"),
    [
        ("missing", "http", "(HTTP 404)"),
        ("page", "not_a_feed", "is a web page, not a feed"),
        ("empty", "empty", "empty"),
        ("blank", "empty", "empty"),
        ("noise", "not_a_feed", "not a feed"),
        ("announced", "too_large", "announces 100 MiB, more than the 10 MiB"),
        ("streamed", "too_large", "10 MiB"),
        ("refused", "http", "(HTTP 503)"),
    ],
)
def test_what_is_no_feed_is_one_sentence_that_names_its_address(
    second_round: Round, name: str, code: str, told: str
) -> None:
    health = second_round.feeds[name]
    assert health["failures"] == 1
    error = health["last_poll"]["error"]
    assert error["code"] == code
    assert told in error["sentence"]
    assert f"/{name}" in error["sentence"]
    assert "\n" not in error["sentence"]
    assert error["sentence"].endswith(".")
    assert error["sentence"] in second_round.said.output


def test_nothing_that_was_stored_is_lost(second_round: Round) -> None:
    found = titles(second_round.config, '"Old news"')
    assert sorted(found) == sorted(f"Old news of {path[1:]}" for path in (*BAD, *ODD))


@pytest.mark.parametrize(
    ("name", "entries"),
    [
        ("undated", ["One"]),
        ("guidless", ["One", "Two"]),
        ("copies", ["Seven", "Seven, corrected"]),
        ("nothing", []),
    ],
)
def test_what_lacks_something_is_read_all_the_same(
    second_round: Round, name: str, entries: list[str]
) -> None:
    assert second_round.feeds[name]["failures"] == 0
    found = set(titles(second_round.config, "--feed", name)) - {f"Old news of {name}"}
    assert found <= set(entries)
    assert bool(found) == bool(entries)


def test_a_billion_laughs_are_not_unfolded_and_the_flaw_is_told(second_round: Round) -> None:
    assert "Laughing &a10;" in titles(second_round.config, "--feed", "laughs")
    problem = second_round.feeds["laughs"]["problem"]
    assert problem == (
        "This document has flaws: it has entities that it does not declare (line 1, entry 1)."
    )
    assert problem in command("--config", second_round.config, "feeds").output


def test_one_guid_without_links_is_told_apart_by_titles(second_round: Round) -> None:
    found = titles(second_round.config, "--feed", "copies")
    assert sorted(found) == ["Old news of copies", "Seven", "Seven, corrected"]


def test_an_entry_without_a_date_gets_none(second_round: Round) -> None:
    said = command("--config", second_round.config, "search", "title:One", "--format", "json")
    one = next(
        item for item in json.loads(said.output)["items"] if "undated.example" in item["url"]
    )
    assert "date_published" not in one


def test_what_was_read_is_there_once_after_another_round(second_round: Round) -> None:
    before = titles(second_round.config)
    assert command("--config", second_round.config, "poll", "--all").status == 0
    assert titles(second_round.config) == before


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "atom", "rss"])
def test_no_title_acts_on_a_terminal(second_round: Round, form: str) -> None:
    said = command("--config", second_round.config, "search", "title:alert", "--format", form)
    assert said.status == 0
    assert "Red " in said.output
    if form == "table":
        assert not set(said.output) & {"\x1b", "\x9b", "\u202e"}


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as running:
        yield running


def test_a_feed_that_does_not_answer_in_time_is_told_and_keeps_its_entries(
    tmp_path: Path, publisher: Publisher
) -> None:
    publisher.serve("/slow", feed("Slow", "Old news"), HANG)
    config = newsroom(tmp_path, publisher, "/slow")
    assert command("--config", config, "poll").status == 0
    loaded, tally = load(config), Tally()
    hasty = ClientSettings((ip_network("127.0.0.0/8"),), Timeouts(first_byte=0.05))
    with (
        opened_store(loaded.database) as store,
        opened_sweep(loaded, store, tally) as sweep,
        closing(Client(hasty, utc_now)) as client,
    ):
        edge = replace(sweep.wiring.edge, fetch=client.fetch)
        sweep.wiring = replace(sweep.wiring, edge=edge)
        assert sweep.round([publisher.url("/slow")])
    (poll,) = tally.polls
    assert (poll.record.outcome, poll.record.error_code) == (Outcome.FAILED, "timeout")
    assert f"{publisher.url('/slow')} did not answer within 0.05 s." in (
        command("--config", config, "feeds").output
    )
    assert titles(config) == ["Old news"]


# --- configurations and queries --------------------------------------------------------------

TEN_MISTAKES = """\
databse: news.db
poll: {max: soon, workers: 0}
feeds:
  - url: htps://example.org/rss
  - name: nameless
  - url: https://example.org/a
    intervall: 15m
include: [rules.yaml]
outputs:
  - path: sahel.pdf
    query: tag:sahell
    limit: none
"""

RULES = """\
tags:
  sahel:
    query: Mali AND (Niger OR
"""


@pytest.mark.parametrize("name", ["check", "poll", "run", "search", "emit", "feeds"])
def test_ten_mistakes_are_told_at_once_by_every_command(tmp_path: Path, name: str) -> None:
    config, rules = tmp_path / "feeds.yaml", tmp_path / "rules.yaml"
    config.write_text(TEN_MISTAKES)
    rules.write_text(RULES)
    said = command("--config", config, name)
    assert (said.output, said.status) == ("", 2)
    told = said.errors.removeprefix("aggregator: ").splitlines()
    places = [line.split(":")[:2] for line in told if line.startswith(str(tmp_path))]
    assert len(places) >= 10
    lines = {int(line) for file, line in places if file == str(config)}
    assert lines >= {1, 2, 4, 5, 7, 10, 11, 12}
    assert [int(line) for file, line in places if file == str(rules)] == [3]
    assert not (tmp_path / "aggregator.db").exists()


def test_a_rule_that_cannot_be_read_is_shown_with_a_caret_under_the_mistake(
    tmp_path: Path,
) -> None:
    config = tmp_path / "feeds.yaml"
    config.write_text("feeds: []\ntags:\n  sahel:\n    query: Mali AND (Niger OR\n")
    first, shown, caret, *_ = command("--config", config, "check").errors.splitlines()
    assert first.startswith(f"{config}:4: ")
    assert "Mali AND (Niger OR" in shown
    assert set(caret.strip()) == {"^"}
    assert len(caret) <= len(shown) + 2


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a configuration whose database has a feed and no entry."""
    config = tmp_path_factory.mktemp("stocked") / "feeds.yaml"
    listed = "feeds: [{url: https://news.example/rss, name: Example News}]\n"
    config.write_text(f"{POLL}{listed}{TAGS}outputs: [{{path: sahel.atom}}]\n")
    assert command("--config", config, "feeds").status == 0
    return config


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["poll", "Exmaple News"], "did you mean Example News?"),
        (["feeds", "pause", "nobody"], "'nobody'"),
        (["search", "--feed", "nobody"], "'nobody'"),
        (["search", "--tag", "sahell"], "sahel"),
        (["search", "(Mali"], "(Mali"),
        (["search", "filed:x"], "filed"),
        (["emit", "sahell"], "did you mean sahel?"),
        (["emit", "--query", "Mali OR", "--format", "atom"], "Mali OR"),
    ],
)
def test_what_is_unknown_on_the_command_line_is_named(
    stocked: Path, arguments: list[str], told: str
) -> None:
    said = command("--config", stocked, *arguments)
    assert (said.output, said.status) == ("", 2)
    assert told in said.errors
    assert "Traceback" not in said.errors


def test_an_unknown_entry_is_named(stocked: Path) -> None:
    said = command("--config", stocked, "show", "aaaa")
    assert (said.output, said.status) == ("", 1)
    assert "aaaa" in said.errors
    assert len(said.errors.splitlines()) == 1


# --- databases -------------------------------------------------------------------------------

WHO_OPENS_IT = ["poll", "run", "search", "feeds", "emit", "stats", "tags"]


@pytest.mark.parametrize("name", WHO_OPENS_IT)
def test_a_database_of_a_newer_version_is_left_as_it_is(tmp_path: Path, name: str) -> None:
    database = tmp_path / "aggregator.db"
    with closing(SqliteStore(database)) as store:
        store.database.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('aggregator', '9999_of_the_future', '2099-01-01')"
        )
    refused(tmp_path, name, "was written by a newer version of this program")


@pytest.mark.parametrize("name", WHO_OPENS_IT)
def test_what_is_no_database_is_left_as_it_is(tmp_path: Path, name: str) -> None:
    (tmp_path / "aggregator.db").write_bytes(b"Dear diary, this is no database.\n" * 100)
    refused(tmp_path, name, "is not a database")


def refused(directory: Path, name: str, told: str) -> None:
    config, database = directory / "feeds.yaml", directory / "aggregator.db"
    config.write_text("feeds: []\noutputs: [{path: all.atom}]\n")
    before = database.read_bytes()
    said = command("--config", config, name)
    assert (said.output, said.status) == ("", 1)
    assert said.errors.startswith(f"aggregator: {database} ")
    assert told in said.errors
    assert len(said.errors.splitlines()) == 1
    assert database.read_bytes() == before


@pytest.mark.parametrize("name", ["poll", "run", "feeds"])
def test_a_database_in_no_directory_is_one_sentence(tmp_path: Path, name: str) -> None:
    config = tmp_path / "feeds.yaml"
    config.write_text("database: nowhere/news.db\nfeeds: []\n")
    said = command("--config", config, name)
    assert (said.output, said.status) == ("", 1)
    assert str(tmp_path / "nowhere") in said.errors
    assert len(said.errors.splitlines()) == 1
