"""``feeds add``: what was fetched is the first poll, and nobody asks for it again too soon."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from threading import Thread

import pytest

from aggregator.app.rules import take_up
from aggregator.app.scouting import HANDOVER, subscribe
from aggregator.app.store import opened_store, utc_now
from aggregator.config.edit import add_feeds, remove_feed
from aggregator.config.load import load
from aggregator.config.write import edit_file
from aggregator.discovery import AFeed, Scout
from aggregator.errors import UsageError
from aggregator.model.feeds import FeedState, Subscription
from aggregator.model.fetching import Document, FetchRequest
from aggregator.model.polls import Refresh
from aggregator.pipeline import Edge, Tell, read
from aggregator.store.base import Search
from aggregator.store.sqlite import SqliteStore
from tests.cli.command import Said, command
from tests.cli.newsroom import feed, newsroom, page, rss
from tests.empty import empty_database
from tests.publisher import Publisher, Reply

MOMENT = timedelta(minutes=1)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as running:
        yield running


def add(path: Path, *arguments: object) -> Said:
    return command("--config", path, "feeds", "add", *arguments)


def stored(path: Path) -> list[str]:
    with opened_store(path.parent / "aggregator.db") as store:
        return [found.entry.title for found in store.search(Search(utc_now()))]


# --- the first poll -------------------------------------------------------------------------------


def test_row_01_the_body_that_was_looked_at_is_the_first_poll(
    tmp_path: Path, publisher: Publisher
) -> None:
    answer = Reply(rss("New", "Talks in Mali"), headers=((b"ETag", b'"1"'),))
    publisher.serve("/", page("/new"))
    publisher.serve("/new", answer)
    path = newsroom(tmp_path, publisher)
    said = add(path, publisher.url("/"))
    assert said.output == "Added New (RSS 2.0): 1 entry is stored.\n"
    listed = command("--config", path, "search", "tag:sahel", "--format", "json")
    (entry,) = json.loads(listed.output)["items"]
    assert entry["title"] == "Talks in Mali"
    assert command("--config", path, "poll").status == 0
    assert len(publisher.seen("/new")) == 1
    publisher.serve("/new", Reply(status=304))
    command("--config", path, "poll", "New")
    first, second = publisher.seen("/new")
    assert first.values(b"If-None-Match") == ()
    assert second.values(b"If-None-Match") == (b'"1"',)


def test_a_feed_says_in_words_what_it_is(tmp_path: Path, publisher: Publisher) -> None:
    body = (
        b'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>Le fil</title>'
        b"<entry><id>1</id><title>Un</title></entry></feed>"
    )
    publisher.serve("/news", page())
    publisher.serve("/feed", Reply(body))
    said = add(newsroom(tmp_path, publisher), publisher.url("/news"), "--name", "Fil")
    assert said.output == "Added Fil (“Le fil”, Atom 1.0, fr): 1 entry is stored.\n"
    assert said.errors == (
        f"{publisher.url('/news')} is a web page; its feed is {publisher.url('/feed')}, which it"
        " does not name: it was found by trying.\n"
    )


def test_a_file_is_stored_at_once(tmp_path: Path, publisher: Publisher) -> None:
    (tmp_path / "own.xml").write_bytes(rss("Own", "Talks in Mali"))
    path = newsroom(tmp_path, publisher)
    assert add(path, tmp_path / "own.xml").output == "Added Own (RSS 2.0): 1 entry is stored.\n"
    assert stored(path) == ["Talks in Mali"]


def test_what_was_asked_in_vain_is_in_the_ledger(tmp_path: Path, publisher: Publisher) -> None:
    path = newsroom(tmp_path, publisher)
    command("--config", path, "feeds")
    add(path, publisher.url("/lost"))
    publisher.serve("/", page())
    command("--config", path, "feeds", "discover", publisher.url("/"))
    with opened_store(tmp_path / "aggregator.db") as store:
        asked = store.requests_to("127.0.0.1", 10)
    assert [each.purpose for each in asked] == [*["discovery"] * 4, "robots", *["discovery"] * 2]
    assert asked[-1].hop.status == 404


# --- at every instant -----------------------------------------------------------------------------


class Adding:
    """A feed that was looked at, and is about to be subscribed to."""

    def __init__(self, directory: Path, publisher: Publisher) -> None:
        self.entries = ["Talks in Mali"]
        publisher.serve("/new", feed("New", *self.entries))
        self.path = newsroom(directory, publisher)
        self.url = publisher.url("/new")
        self.config = load(self.path)
        self.store = SqliteStore(empty_database(directory / "aggregator.db"))

    def edit(self) -> None:
        edit_file(self.path, lambda text: add_feeds(text, [Subscription(self.url, self.url)]))

    def subscribe(self, edit: Callable[[], object] | None = None) -> Refresh | None:
        edge = Edge(self.fetch, read, utc_now, "aggregator")
        scout = Scout(edge)
        found = scout.look(self.url)
        assert isinstance(found, AFeed)
        feed = Subscription(self.url, self.url)
        first = found, scout.polled(found)
        return subscribe(self.store, self.config, feed, first, edge, edit or self.edit)

    def fetch(self, request: FetchRequest, _: Tell) -> Document:
        body = rss("New", *self.entries)
        return Document(request.url, body, sha256(body).hexdigest(), utc_now(), admitted=True)


@pytest.fixture
def adding(tmp_path: Path, publisher: Publisher) -> Iterator[Adding]:
    adding = Adding(tmp_path, publisher)
    yield adding
    adding.store.close()


def test_a_daemon_that_reads_the_file_at_once_asks_for_nothing(
    adding: Adding, tmp_path: Path
) -> None:
    claimed: list[FeedState] = []

    def reload() -> None:
        with opened_store(tmp_path / "aggregator.db") as store:
            now = utc_now()
            take_up(store, load(adding.path), now)
            claimed.extend(store.claim(now + MOMENT, 9, lease=MOMENT))

    daemon = Thread(target=reload)

    def edit() -> None:
        adding.edit()
        daemon.start()

    refresh = adding.subscribe(edit)
    daemon.join()
    assert refresh is not None
    assert len(refresh.new) == 1
    assert claimed == []


def test_a_failed_edit_stores_nothing(adding: Adding) -> None:
    def edit() -> None:
        raise UsageError("No.")

    with pytest.raises(UsageError):
        adding.subscribe(edit)
    assert adding.store.feeds() == ()


def test_whoever_dies_after_the_edit_has_lost_nothing(adding: Adding, publisher: Publisher) -> None:
    def edit() -> None:
        adding.edit()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        adding.subscribe(edit)
    assert adding.store.feeds() == ()
    assert command("--config", adding.path, "poll").status == 0
    assert stored(adding.path) == ["Talks in Mali"]
    assert len(publisher.seen("/new")) == 1


def test_whoever_dies_before_the_poll_is_stored_is_polled_later(adding: Adding) -> None:
    now = utc_now()
    adding.store.subscribe_by(
        lambda: [*adding.config.subscriptions, Subscription(adding.url, adding.url)], now + HANDOVER
    )
    adding.edit()
    take_up(adding.store, load(adding.path), now)
    assert adding.store.claim(now, 9, lease=MOMENT) == ()
    assert len(adding.store.claim(now + HANDOVER, 9, lease=MOMENT)) == 1


def test_a_feed_that_comes_back_keeps_its_history(adding: Adding) -> None:
    assert adding.subscribe() is not None
    adding.store.subscribe((), utc_now())
    edit_file(adding.path, lambda text: remove_feed(text, adding.url))
    adding.config = load(adding.path)
    adding.entries.append("More in Mali")
    refresh = adding.subscribe()
    assert refresh is not None
    assert [tagged.entry.title for tagged in refresh.new] == ["More in Mali"]
    (health,) = adding.store.feeds()
    assert (health.status, health.entries) == ("active", 2)


# --- what is told ---------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [("add",), ("remove",), ("pause",)])
def test_no_sentence_tells_a_password(
    tmp_path: Path, publisher: Publisher, arguments: tuple[str, ...]
) -> None:
    publisher.serve("/own", Reply(rss("Own", "A")))
    path = newsroom(tmp_path, publisher)
    secret = publisher.url("/own").replace("://", "://ada:s3cret@")
    assert add(path, secret).status == 0
    wanted = secret if arguments == ("add",) else secret.replace("/own", "/owm")
    said = command("--config", path, "feeds", *arguments, wanted)
    assert said.status == 2
    assert "/ow" in said.errors
    assert "s3cret" not in said.output + said.errors


def test_a_feed_that_others_add_meanwhile_stays(tmp_path: Path, publisher: Publisher) -> None:
    """Looking takes its time: the configuration it began with is not that of the end."""
    path = newsroom(tmp_path, publisher)
    other = publisher.url("/other")

    def meanwhile(_: object) -> Reply:
        edit_file(path, lambda text: add_feeds(text, (Subscription(other, other),)))
        with opened_store(path.parent / "aggregator.db") as store:
            take_up(store, load(path), utc_now())
        return Reply(rss("New", "A"))

    publisher.serve("/new", meanwhile)
    assert add(path, publisher.url("/new")).status == 0
    with opened_store(path.parent / "aggregator.db") as store:
        assert {known.status for known in store.feeds()} == {"active"}
