"""``feeds`` shows how feeds are doing; its subcommands edit the list, and only the list."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.app.polling import workers_for
from aggregator.config.load import load
from aggregator.opml import read_opml
from tests.cli.command import Said, command
from tests.cli.newsroom import feed, newsroom, page
from tests.publisher import Publisher, Reply


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as running:
        yield running


def feeds(path: Path, *arguments: object) -> Said:
    return command("--config", path, "feeds", *arguments)


def urls(path: Path) -> list[str]:
    return [subscription.url for subscription in load(path).subscriptions]


def statuses(path: Path, *arguments: object) -> dict[str, str]:
    listed = json.loads(feeds(path, "--format", "json", *arguments).output)["feeds"]
    return {each["name"]: each["status"] for each in listed}


# --- health ---------------------------------------------------------------------------------------


def test_health_says_what_is_wrong_and_when_it_is_polled_next(
    tmp_path: Path, publisher: Publisher
) -> None:
    publisher.serve("/wire", feed("Wire", "Talks in Mali"))
    path = newsroom(tmp_path, publisher, "/wire", "/lost", "/quiet")
    feeds(path, "pause", "quiet")
    command("--config", path, "poll")
    with path.open("a") as file:
        file.write("outputs: []\n")
    path.write_text(path.read_text().replace("tags:", f"  - url: {publisher.url('/new')}\ntags:"))

    said = feeds(path, "--utc")

    assert (said.status, said.errors) == (0, "")
    head, *rows = said.output.splitlines()
    assert head.split()[:3] == ["feed", "status", "entries"]
    assert "next poll (UTC)" in head
    shown = {row.split()[0]: row for row in rows}
    assert set(shown) == {"Wire", "Lost", "Quiet", publisher.url("/new")}
    assert shown["Wire"].split()[1:3] == ["active", "1"]
    assert shown["Lost"].split()[1:4] == ["failing", "0", "–"]
    assert "(HTTP 404)" in shown["Lost"]
    assert "paused in the configuration" in shown["Quiet"]
    assert shown[publisher.url("/new")].split()[1] == "new"


def test_health_for_programs(tmp_path: Path, publisher: Publisher) -> None:
    path = newsroom(tmp_path, publisher, "/lost")
    command("--config", path, "poll")
    report = json.loads(feeds(path, "--format", "json").output)
    assert report["version"] == 1
    (lost,) = report["feeds"]
    assert lost["url"] == publisher.url("/lost")
    assert lost["failures"] == 1
    assert lost["last_success_at"] is None
    assert lost["last_poll"]["error"]["code"] == "http"
    assert lost["next_poll_at"].endswith("Z")


def test_without_feeds_it_says_how_to_add_one(tmp_path: Path, publisher: Publisher) -> None:
    said = feeds(newsroom(tmp_path, publisher))
    assert (said.output, said.status) == ("", 0)
    assert "feeds add URL" in said.errors


def test_a_removed_feed_is_shown_on_demand(tmp_path: Path, publisher: Publisher) -> None:
    path = newsroom(tmp_path, publisher, "/wire", "/lost")
    feeds(path)
    assert feeds(path, "remove", "wire").output == "Removed Wire: its entries stay.\n"
    assert urls(path) == [publisher.url("/lost")]
    assert statuses(path) == {"Lost": "active"}
    assert statuses(path, "--archived") == {"Lost": "active", "Wire": "archived"}
    assert "no longer in the configuration" in feeds(path, "--archived").output


# --- adding ---------------------------------------------------------------------------------------


def test_a_feed_is_added_and_every_other_byte_stays(tmp_path: Path, publisher: Publisher) -> None:
    publisher.serve("/new", feed("New: ‘wire’", "One", "Two"))
    path = newsroom(tmp_path, publisher, "/wire")
    before = path.read_text()
    said = feeds(
        path, "add", publisher.url("/new"), "--name", "Ours", "--label", "a", "--label", "b, c"
    )
    assert (said.status, said.errors) == (0, "")
    assert said.output == "Added Ours (“New: ‘wire’”, RSS 2.0): 2 entries are stored.\n"
    added = load(path).subscriptions[-1]
    assert (added.url, added.name, added.labels) == (publisher.url("/new"), "Ours", ("a", "b, c"))
    kept = [line for line in path.read_text().splitlines() if line in before.splitlines()]
    assert kept == before.splitlines()


def test_the_one_feed_of_a_web_page_is_added(tmp_path: Path, publisher: Publisher) -> None:
    publisher.serve("/", page("/rss"))
    publisher.serve("/rss", feed("Wire"))
    path = newsroom(tmp_path, publisher)
    said = feeds(path, "add", publisher.url("/"))
    assert said.output == "Added Wire (RSS 2.0): it has no entries yet.\n"
    assert said.errors == (
        f"{publisher.url('/')} is a web page; its feed is {publisher.url('/rss')},"
        " which it names.\n"
    )
    assert urls(path) == [publisher.url("/rss")]


def test_of_several_feeds_of_a_page_somebody_must_choose(
    tmp_path: Path, publisher: Publisher
) -> None:
    publisher.serve("/", page("/rss", "/comments"))
    path = newsroom(tmp_path, publisher)
    before = path.read_bytes()
    said = feeds(path, "add", publisher.url("/"))
    assert said.status == 1
    assert [line.split()[0] for line in said.output.splitlines()[1:]] == [
        publisher.url("/rss"),
        publisher.url("/comments"),
    ]
    assert "names 2 feeds: add the one that you want" in said.errors
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(status=404), "(HTTP 404)"),
        (Reply(status=410), "is gone, says its publisher"),
        (Reply(b""), "empty"),
        (Reply(b"%PDF-1.7"), "is not a feed"),
        (page(), "is a web page that names no feed"),
        (page("/page2"), "is a web page itself"),
        (page("/wire"), "is subscribed to already as Wire"),
    ],
    ids=["missing", "gone", "empty", "a PDF", "a page", "a page's page", "a page of a known feed"],
)
def test_what_is_no_feed_is_not_added(
    tmp_path: Path, publisher: Publisher, reply: Reply, told: str
) -> None:
    publisher.serve("/new", reply)
    publisher.serve("/page2", page("/page3"))
    path = newsroom(tmp_path, publisher, "/wire")
    before = path.read_bytes()
    said = feeds(path, "add", publisher.url("/new"))
    assert said.output == ""
    assert said.status in {1, 2}
    assert told in said.errors.splitlines()[-1]
    assert path.read_bytes() == before


@pytest.mark.parametrize("spelling", ["/wire", "/wire#top"])
def test_a_feed_is_added_once(tmp_path: Path, publisher: Publisher, spelling: str) -> None:
    path = newsroom(tmp_path, publisher, "/wire")
    said = feeds(path, "add", publisher.url(spelling))
    assert said.status == 2
    assert "is subscribed to already as Wire." in said.errors
    assert publisher.seen() == ()


def test_a_file_is_written_relative_to_the_configuration(
    tmp_path: Path, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "own.xml").write_bytes(feed("Own").body)
    path = newsroom(tmp_path, publisher)
    monkeypatch.chdir(tmp_path / "sub")
    assert feeds(path, "add", "own.xml").status == 0
    assert urls(path) == ["./sub/own.xml"]
    assert "already" in feeds(path, "add", "./own.xml").errors
    assert "feeds that are in the configuration already" in feeds(path, "add", ".").errors
    assert feeds(path, "remove", "own.xml").status == 0
    assert feeds(path, "add", ".").output.endswith(", 1 feed file.\n")
    assert urls(path) == ["./sub/own.xml"]
    said = feeds(path, "add", "./missing.xml")
    assert said.status == 1
    assert "missing.xml cannot be read" in said.errors


@pytest.mark.parametrize("option", ["--name", "--label"])
@pytest.mark.parametrize("text", ["", " ", "two\nlines", "\x1b[31m"])
def test_a_name_that_the_configuration_would_refuse_is_refused(
    tmp_path: Path, publisher: Publisher, option: str, text: str
) -> None:
    path = newsroom(tmp_path, publisher)
    said = feeds(path, "add", publisher.url("/new"), option, text)
    assert said.status == 2
    assert f"{option} must be some text on one line" in said.errors
    assert publisher.seen() == ()


def test_an_address_of_another_kind_says_what_to_write(
    tmp_path: Path, publisher: Publisher
) -> None:
    said = feeds(newsroom(tmp_path, publisher), "add", "htps://example.org/rss")
    assert said.status == 2
    assert "did you mean https://example.org/rss?" in said.errors


def test_a_directory_that_may_not_be_read_is_told(tmp_path: Path, publisher: Publisher) -> None:
    path = newsroom(tmp_path, publisher)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    if os.access(closed, os.R_OK):
        pytest.skip("the superuser may read anywhere")
    said = feeds(path, "add", closed)
    assert said.status == 2
    assert said.errors == f"aggregator: {closed} cannot be read: Permission denied.\n"


# --- pausing and removing -------------------------------------------------------------------------


def test_feeds_are_paused_and_resumed(tmp_path: Path, publisher: Publisher) -> None:
    path = newsroom(tmp_path, publisher, "/wire", "/lost", "/other")
    before = path.read_bytes()
    assert feeds(path, "pause", "wire", "lost").output == "Wire is paused.\nLost is paused.\n"
    assert feeds(path, "pause", "lost").output == "Lost is paused already.\n"
    assert statuses(path) == {"Lost": "paused", "Other": "active", "Wire": "paused"}
    assert feeds(path, "resume", "lost", "wire").output == "Lost is active.\nWire is active.\n"
    assert path.read_bytes() == before


@pytest.mark.parametrize("does", ["pause", "resume", "remove"])
def test_an_unknown_feed_changes_nothing(tmp_path: Path, publisher: Publisher, does: str) -> None:
    path = newsroom(tmp_path, publisher, "/wire", "/lost")
    before = path.read_bytes()
    known = ["wire"] if does != "remove" else []
    said = feeds(path, does, *known, "lots")
    assert (said.output, said.status) == ("", 2)
    assert "did you mean Lost?" in said.errors
    assert path.read_bytes() == before


def test_a_feed_without_a_name_goes_by_its_title(tmp_path: Path, publisher: Publisher) -> None:
    (tmp_path / "own.xml").write_bytes(feed("Own Goals").body)
    path = newsroom(tmp_path, publisher)
    assert feeds(path, "pause", "goals").status == 2
    feeds(path, "add", tmp_path / "own.xml")
    assert feeds(path, "pause", "goals").output == "Own Goals is paused.\n"


def test_a_configuration_with_mistakes_is_edited_by_nobody(
    tmp_path: Path, publisher: Publisher
) -> None:
    path = newsroom(tmp_path, publisher, "/wire", more="tgas: {}\n")
    before = path.read_bytes()
    for arguments in (["add", publisher.url("/new")], ["pause", "wire"], ["remove", "wire"]):
        said = feeds(path, *arguments)
        assert (said.output, said.status) == ("", 2)
        assert "did you mean `tags`?" in said.errors
    assert path.read_bytes() == before


# --- moving ---------------------------------------------------------------------------------------


def test_a_feed_is_moved_and_keeps_its_history(tmp_path: Path, publisher: Publisher) -> None:
    publisher.serve("/wire", feed("Wire", "Talks in Mali"))
    path = newsroom(tmp_path, publisher, "/wire", "/lost")
    path.write_text(path.read_text().replace("    name: Wire\n", ""))
    command("--config", path, "poll")
    before = path.read_text()
    to = publisher.url("/new?a=b")
    said = feeds(path, "move", "wire", to)
    assert (said.output, said.status) == (f"Moved Wire to {to}: its history stays.\n", 0)
    assert path.read_text() == before.replace(publisher.url("/wire"), to)
    (wire, _) = sorted(
        json.loads(feeds(path, "--archived", "--format", "json").output)["feeds"],
        key=lambda each: each["entries"],
        reverse=True,
    )
    assert (wire["url"], wire["fetch_url"], wire["entries"]) == (publisher.url("/wire"), to, 1)
    assert (wire["moved"], wire["failures"]) == (False, 0)
    assert feeds(path, "pause", "wire").output == "Wire is paused.\n"


def test_a_feed_whose_redirects_lead_away_says_how_to_write_that_down(
    tmp_path: Path, publisher: Publisher
) -> None:
    path = newsroom(tmp_path, publisher, "/old-wire")
    old, new = publisher.url("/old-wire"), publisher.url("/new")
    publisher.serve("/old-wire", feed("Wire", "Talks in Mali"))
    command("--config", path, "poll")
    # As the poller leaves it when it has followed the redirects for long enough.
    with closing(sqlite3.connect(tmp_path / "aggregator.db")) as database, database:
        database.execute("UPDATE feed SET fetch_url = ?", (new,))
    shown = feeds(path).output
    assert f"It has moved to {new}: `aggregator feeds move Old-Wire` writes that down." in shown
    assert feeds(path, "move", "old").output == f"Moved Old-Wire to {new}: its history stays.\n"
    assert urls(path) == [new]
    assert "has moved" not in feeds(path).output
    (wire,) = json.loads(feeds(path, "--archived", "--format", "json").output)["feeds"]
    assert (wire["url"], wire["entries"], wire["moved"]) == (old, 1, False)


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ([], "Wire is where the configuration says: give the URL that it is to have."),
        (["{}/lost"], "is in the list of feeds already."),
        (["."], "is a directory: name a file in it."),
        (["htps://example.org/rss"], "did you mean https://example.org/rss?"),
    ],
)
def test_a_feed_that_cannot_be_moved_stays(
    tmp_path: Path, publisher: Publisher, to: list[str], told: str
) -> None:
    path = newsroom(tmp_path, publisher, "/wire", "/lost")
    before = path.read_bytes()
    said = feeds(path, "move", "wire", *(each.format(publisher.url("")) for each in to))
    assert (said.output, said.status) == ("", 2)
    assert told in said.errors
    assert path.read_bytes() == before
    assert statuses(path) == {"Lost": "active", "Wire": "active"}


# --- older entries --------------------------------------------------------------------------------


def test_older_entries_are_read_where_the_feed_names_them(
    tmp_path: Path, publisher: Publisher
) -> None:
    path = newsroom(tmp_path, publisher, "/wire", "/plain", "/lost")
    link = ((b"Link", b"</2>; rel=next"),)
    publisher.serve("/wire", replace(feed("Wire", "Talks in Mali"), headers=link))
    publisher.serve("/2", feed("Wire", "Talks in Chad", "Talks in Oslo"))
    publisher.serve("/plain", feed("Plain"))
    command("--config", path, "poll", "wire", "plain")
    said = feeds(path, "backfill", "wire", "--pages", "3")
    assert said.output == "Wire: 1 older document read, 2 entries stored.\n"
    assert (said.errors, said.status) == ("", 0)
    publisher.serve("/2", Reply(status=503))
    failed = feeds(path, "backfill", "wire")
    assert failed.output == "Wire: 0 older documents read, 0 entries stored.\n"
    assert "(HTTP 503)" in failed.errors
    assert failed.status == 1
    assert statuses(path)["Wire"] == "active"
    for name, told in (("plain", "names no older page"), ("lost", "was not read yet")):
        said = feeds(path, "backfill", name)
        assert (said.output, said.status) == ("", 2)
        assert told in said.errors
    feeds(path, "pause", "wire")
    assert "is paused in the configuration" in feeds(path, "backfill", "wire").errors


# --- lists of feeds -------------------------------------------------------------------------------

OPML = """\
<opml version="2.0"><body>
<outline text="Wires"><outline text="Wire" xmlUrl="{wire}"/><outline text="New" xmlUrl="{new}"/>
</outline><outline text="{new2}" xmlUrl="{new2}" category="/a/b,c"/></body></opml>
"""


def test_a_list_is_imported_as_far_as_it_is_new(tmp_path: Path, publisher: Publisher) -> None:
    path = newsroom(tmp_path, publisher, "/wire")
    file = tmp_path / "list.opml"
    names = {name: publisher.url(f"/{name}") for name in ("wire", "new", "new2")}
    file.write_text(OPML.format(**names))
    assert feeds(path, "import", file).output == "Added 2 feeds; 1 feed was there already.\n"
    _, new, new2 = load(path).subscriptions
    assert (new.url, new.name, new.labels) == (names["new"], "New", ("Wires",))
    assert (new2.url, new2.name, new2.labels) == (names["new2"], None, ("a/b", "c"))
    before = path.read_bytes()
    assert feeds(path, "import", file).output == "Added 0 feeds; 3 feeds were there already.\n"
    assert path.read_bytes() == before
    assert publisher.seen() == ()


def test_what_is_exported_can_be_imported(tmp_path: Path, publisher: Publisher) -> None:
    path = newsroom(tmp_path, publisher, "/wire", "/lost")
    exported = feeds(path, "export").output.encode()
    assert [(each.url, each.title) for each in read_opml(exported)] == [
        (publisher.url("/wire"), "Wire"),
        (publisher.url("/lost"), "Lost"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<rss/>", "This is no OPML"),
        ("<opml><body><outline xmlUrl='https://a.example/'/>", "The OPML is broken in line 1"),
        (
            "<opml><body><outline xmlUrl='https://a.example/'/><outline xmlUrl='http://'/>"
            "</body></opml>",
            "Nothing is added: http:// cannot be a feed's URL",
        ),
        ("<opml><body><outline xmlUrl='file:///etc/passwd'/></body></opml>", "not a web address"),
    ],
    ids=["another format", "cut", "one bad URL of two", "a file of ours"],
)
def test_a_list_that_cannot_be_read_whole_adds_nothing(
    tmp_path: Path, publisher: Publisher, text: str, told: str
) -> None:
    path = newsroom(tmp_path, publisher, "/wire")
    before = path.read_bytes()
    file = tmp_path / "list.opml"
    file.write_text(text)
    said = feeds(path, "import", file)
    assert (said.output, said.status) == ("", 2)
    assert told in said.errors
    assert path.read_bytes() == before


def test_a_list_that_is_not_there(tmp_path: Path, publisher: Publisher) -> None:
    said = feeds(newsroom(tmp_path, publisher), "import", tmp_path / "list.opml")
    assert said.status == 2
    assert "list.opml cannot be read: No such file or directory." in said.errors


# --- discovering ----------------------------------------------------------------------------------


def test_feeds_of_a_page_are_listed_and_nothing_is_stored(
    tmp_path: Path, publisher: Publisher
) -> None:
    publisher.serve("/", page("/rss", "https://feeds.example/x"))
    path = newsroom(tmp_path, publisher)
    before = sorted(tmp_path.iterdir())
    said = feeds(path, "discover", publisher.url("/"))
    assert said.status == 0
    assert [line.split()[0] for line in said.output.splitlines()] == [
        "url",
        publisher.url("/rss"),
        "https://feeds.example/x",
    ]
    report = json.loads(feeds(path, "discover", publisher.url("/"), "--format", "json").output)
    assert report == {
        "version": 1,
        "url": publisher.url("/"),
        "feeds": [
            {"url": url, "title": title, "type": "application/rss+xml", "found": "page"}
            for url, title in (
                (publisher.url("/rss"), "Feed 1"),
                ("https://feeds.example/x", "Feed 2"),
            )
        ],
    }
    assert sorted(tmp_path.iterdir()) == before


def test_a_feed_discovers_itself(tmp_path: Path, publisher: Publisher) -> None:
    publisher.serve("/rss", feed("Wire"))
    said = feeds(newsroom(tmp_path, publisher), "discover", publisher.url("/rss"))
    assert said.output.splitlines()[1].split() == [
        publisher.url("/rss"),
        "Wire",
        "rss20",
        "given",
    ]


def test_a_page_that_unfolds_without_end_is_refused(tmp_path: Path, publisher: Publisher) -> None:
    named = b"".join(
        b'<link rel=alternate type="application/rss+xml" href=%d>' % each for each in range(9_000)
    )
    publisher.serve("/", Reply(b"<html><base href=/%b/>%b" % (b"b" * 7_900, named)))
    asked = ("--config", newsroom(tmp_path, publisher), "feeds", "discover", publisher.url("/"))
    said = command(*asked, workers=workers_for)
    assert (said.output, said.status) == ("", 1)
    assert said.errors.endswith("What was read of the document takes more than 64 MiB.\n")


def test_a_page_without_feeds_fails(tmp_path: Path, publisher: Publisher) -> None:
    publisher.serve("/", page())
    said = feeds(newsroom(tmp_path, publisher), "discover", publisher.url("/"))
    assert (said.output, said.status) == ("", 1)
    assert "is a web page that names no feed" in said.errors
