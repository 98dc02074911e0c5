"""Retagging goes on after any crash, loses nothing on a full disk, and minds others at work."""

import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator.app.rules import pending_tags, plan_for
from aggregator.errors import OvertakenError, StoreFullError
from aggregator.model.entries import TaggedEntry
from aggregator.reapplying import Application, Manner, Tally, Walk, examine
from aggregator.retagging import Judged, Move
from aggregator.store.sqlite import SqliteStore
from aggregator.tagging import Rule, tag
from tests import builders
from tests.builders import NOW, entry, tagged
from tests.crashing_retag import AFTER, BEFORE, SLICE, follow, retag, rules, stock
from tests.store.steps import newest, poll

ROOT = Path(__file__).parent.parent
SEED = 20261123
COUNTED = 12
LATER = NOW + timedelta(days=2)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database whose rules were changed; to be copied."""
    path = tmp_path_factory.mktemp("changed") / "a.db"
    stock(path)
    return path


@pytest.fixture
def path(changed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(changed, tmp_path / "a.db"))


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(path)) as store:
        yield store


def remains(path: Path) -> list[tuple[object, ...]]:
    """Return all that a retag leaves behind, but for times."""
    with closing(SqliteStore(path)) as store, store.database.reading():
        sql = store.database
        assert sql.value("PRAGMA integrity_check") == "ok"
        assert not list(sql.rows("PRAGMA foreign_key_check"))
        tags = sql.rows(
            "SELECT id, tag, rule_version, cause, removed IS NULL, removed_cause,"
            " (SELECT group_concat(field || start || '-' || value) FROM evidence"
            "  WHERE entry_tag = entry_tag.number)"
            " FROM entry_tag JOIN entry ON entry.number = entry_tag.entry ORDER BY 1, 2, 4"
        )
        states = sql.rows("SELECT * FROM tag_state ORDER BY tag")
        return [tuple(row) for rows in (tags, states) for row in rows]


def carried(store: SqliteStore) -> dict[str, set[tuple[str, str]]]:
    return {
        each.entry.title: {(tag.name, tag.rule_version) for tag in each.tags}
        for each in newest(store)
    }


def by(given: tuple[Rule, ...], subject: TaggedEntry) -> set[tuple[str, str]]:
    return {(each.name, each.rule_version) for each in tag(subject, given)}


def application(store: SqliteStore, *names: str) -> Application:
    plan = plan_for(store, AFTER, names or pending_tags(store, AFTER))
    return Application(store, plan, lambda: LATER, Manner(slice=SLICE))


def run(work: Application) -> None:
    while work.step():
        pass


# --- the whole way -----------------------------------------------------------------------------


def test_at_the_end_every_entry_is_as_if_polled_by_todays_rules(store: SqliteStore) -> None:
    assert pending_tags(store, AFTER) == ("mali", "new", "gone")
    run(application(store))
    for subject in newest(store):
        assert {(each.name, each.rule_version) for each in subject.tags} == by(AFTER, subject)
    assert pending_tags(store, AFTER) == ()


def test_what_is_as_it_should_be_is_not_written_again(store: SqliteStore) -> None:
    sql = store.database
    run(application(store))
    with sql.reading():
        before = sql.value("SELECT max(number) FROM evidence")
    run(application(store, "mali", "new", "chad"))
    with sql.reading():
        assert sql.value("SELECT max(number) FROM evidence") == before


def test_looking_moves_nothing_and_tells_what_moving_does(store: SqliteStore) -> None:
    before = carried(store)
    walk = examine(store, plan_for(store, AFTER, pending_tags(store, AFTER)), Manner(slice=SLICE))
    while walk.step():
        assert walk.done <= walk.total
    assert carried(store) == before
    work = application(store)
    run(work)
    assert [tally.told() for tally in walk.tallies.values()] == [
        "+3 −3 ~0 of 9",
        "+3 −0 ~0 of 0",
        "+0 −3 ~0 of 3",
    ]
    assert [tally.told() for tally in work.walk.tallies.values()] == [
        tally.told() for tally in walk.tallies.values()
    ]
    assert walk.done == walk.total == work.walk.done == 12


def test_what_was_withdrawn_follows_but_does_not_count(store: SqliteStore) -> None:
    (chad,) = (each.entry.id for each in newest(store) if each.entry.title == "Chad 1")
    poll(store, at=LATER, present=frozenset({chad}), complete=True)
    work = application(store)
    run(work)
    assert {tally.told() for tally in work.walk.tallies.values()} == {"+0 −0 ~0 of 0"}
    assert not pending_tags(store, AFTER)


def test_samples_are_the_latest_entries() -> None:
    tally = Tally(most_samples=2)
    for number in range(4):
        judged = Judged(tagged(entry(str(number))), (builders.tag("mali"),))
        tally.count("mali", Move.GAINED, judged)
    assert [sample.subject.entry.title for sample in tally.samples_gained] == ["3", "2"]
    assert [sample.tag.name for sample in tally.samples_gained] == ["mali", "mali"]


@pytest.mark.parametrize(
    ("carries", "gained", "lost", "much"),
    [(0, 0, 0, False), (0, 1, 0, True), (100, 10, 9, False), (100, 10, 10, True), (5, 0, 5, True)],
)
def test_a_fifth_of_a_tag_is_much(carries: int, gained: int, lost: int, *, much: bool) -> None:
    assert Tally(carried=carries, gained=gained, lost=lost, renewed=99).moves_much is much


# --- interrupted -------------------------------------------------------------------------------


def test_killed_at_any_statement_the_next_one_goes_on_to_the_same_end(
    path: Path, tmp_path: Path
) -> None:
    whole = Path(shutil.copy(path, tmp_path / "whole"))
    statements = retag(whole)
    chosen = random.Random(SEED).sample(range(1, statements + 1), COUNTED)
    points = [str(statement) for statement in sorted(chosen)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.crashing_retag", path, *points],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        timeout=60,
        check=True,
    )
    assert [int(line) for line in done.stdout.split()] == [-signal.SIGKILL] * COUNTED
    undisturbed, unlike = remains(whole), 0
    for point in points:
        unlike += remains(tmp_path / point) != undisturbed
        retag(tmp_path / point)
        assert remains(tmp_path / point) == undisturbed
    assert unlike > COUNTED // 2


def test_on_a_full_disk_what_is_done_stays_and_the_rest_can_be_done_later(
    store: SqliteStore,
) -> None:
    poll(store, at=LATER, new=tuple(tagged(entry(f"Oslo at {n}")) for n in range(300)))
    plan = plan_for(store, AFTER, ["new"])
    work = Application(store, plan, lambda: LATER, Manner(slice=30))
    assert work.step()
    sql = store.database
    sql.value(f"PRAGMA max_page_count = {sql.value('PRAGMA page_count')}")
    with pytest.raises(StoreFullError, match=r"the disk is full.*what was committed is safe"):
        run(work)
    before = dict(store.tag_counts())["new"]
    assert before % 30 == 0
    sql.value("PRAGMA max_page_count = 1000000")
    run(work)
    assert dict(store.tag_counts())["new"] == 303 > before


# --- others at work ----------------------------------------------------------------------------


def arrive(path: Path, given: tuple[Rule, ...], title: str, at: datetime = LATER) -> None:
    """Let another process poll, which tags by these rules."""
    with closing(SqliteStore(path)) as other:
        subject = tagged(entry(title), seen_at=at)
        come = replace(subject, tags=tag(subject, given))
        poll(other, at=at, new=(come,))


def test_what_others_poll_meanwhile_by_the_new_rules_needs_nothing_more(
    path: Path, store: SqliteStore
) -> None:
    work = application(store)
    for number in range(3):
        assert work.step()
        arrive(path, AFTER, f"Oslo at step {number}")
    run(work)
    assert pending_tags(store, AFTER) == ()
    assert len(newest(store)) == 18
    for subject in newest(store):
        assert {(each.name, each.rule_version) for each in subject.tags} == by(AFTER, subject)


def test_what_others_poll_meanwhile_by_the_old_rules_is_pending_until_it_is_retagged_too(
    path: Path, store: SqliteStore
) -> None:
    follow(store, BEFORE)
    work = application(store, "mali")
    run(work)
    assert "mali" not in pending_tags(store, AFTER)
    arrive(path, BEFORE, "Oslo, unfollowed")
    follow(store, AFTER)
    assert "mali" in pending_tags(store, AFTER)
    run(application(store, "mali"))
    assert ("mali", "v2") in carried(store)["Oslo, unfollowed"]
    assert "mali" not in pending_tags(store, AFTER)


def test_an_entry_is_judged_as_it_is_when_its_turn_comes(path: Path, store: SqliteStore) -> None:
    work = application(store, "mali")
    with closing(SqliteStore(path)) as other:
        known = next(each for each in newest(other) if each.entry.title == "Oslo 13")
        told = replace(known.entry, title="Football in Mali", content_hash="2")
        poll(other, at=LATER, changed=(tagged(told, seen_at=LATER),))
    run(work)
    assert carried(store)["Football in Mali"] == set()


def test_two_at_the_same_work_end_it_once(path: Path, store: SqliteStore) -> None:
    with closing(SqliteStore(path)) as other:
        one, two = application(store), application(other)
        assert one.step()
        run(two)
        with pytest.raises(OvertakenError, match="gone, mali, new"):
            run(one)
    assert pending_tags(store, AFTER) == ()


def test_who_begins_another_version_stops_the_one_before(path: Path, store: SqliteStore) -> None:
    third = rules("v3", mali="Chad")
    with closing(SqliteStore(path)) as other:
        one = application(store, "mali")
        assert one.step()
        two = Application(other, plan_for(other, third, ["mali"]), lambda: LATER)
        with pytest.raises(OvertakenError):
            one.step()
        run(two)
    assert store.tag_states().states(["mali"])["mali"].applied == "v3"
    expected = {each.entry.title for each in newest(store) if "Chad" in each.entry.title}
    assert {title for title, tags in carried(store).items() if ("mali", "v3") in tags} == expected


def test_an_empty_plan_is_a_short_way(store: SqliteStore) -> None:
    walk: Walk = examine(store, plan_for(store, AFTER, ()))
    assert not walk.step()
    assert walk.total == 0
