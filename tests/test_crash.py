"""A process that is killed at any point of a poll loses nothing, and the next repeats nothing."""

import random
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from aggregator.model.polls import Outcome
from aggregator.query.syntax import parse
from aggregator.store.base import Search
from aggregator.store.sqlite import SqliteStore
from aggregator.sweeping.claims import LEASE
from tests.crashing import EDITIONS, POLLS_AT, STAGES, Fatal, edition_in, run

ROOT = Path(__file__).parent.parent
QUERIES = (
    "bamako",
    "eleven",
    "fourteen",
    "rain",
    '"talks in bamako"',
    "tag:mali",
    "tag:counts",
    "distributed",
)
COUNTED = 10
SEED = 20260302


def remains(directory: Path) -> dict[str, object]:
    """Return all that a reader could find in a database, but for times."""
    with closing(SqliteStore(directory / "aggregator.db")) as store:
        now = POLLS_AT[-1] + 2 * LEASE
        entries = sorted(store.search(Search(now=now)), key=lambda found: found.entry.id)
        sql = store.database
        with sql.reading():
            assert sql.value("PRAGMA integrity_check") == "ok"
            assert not list(sql.rows("PRAGMA foreign_key_check"))
            sql.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, entry_words, row)")
            terms = [tuple(row) for row in sql.rows("SELECT term, doc, cnt FROM temp.terms")]
            present = [tuple(row) for row in sql.rows("SELECT id, present FROM entry ORDER BY id")]
            blocks = [tuple(row) for row in sql.rows("SELECT * FROM fingerprints ORDER BY feed")]
            tags = [
                tuple(row)
                for row in sql.rows(
                    "SELECT id, tag, entry_tag.removed IS NULL, cause FROM entry_tag"
                    " JOIN entry ON entry.number = entry_tag.entry ORDER BY 1, 2, entry_tag.number"
                )
            ]
        return {
            "entries": [(found.entry, found.source, found.tags) for found in entries],
            "revisions": {
                found.entry.id: [each.entry for each in store.revisions(found.entry.id)]
                for found in entries
            },
            "found": {
                query: {found.entry.id for found in store.search(Search(now, parse(query)))}
                for query in QUERIES
            },
            "terms": terms,
            "present": present,
            "tags": tags,
            "blocks": blocks,
            "feeds": [
                (feed.key, feed.name, feed.problem, feed.entries, feed.rhythm.failures)
                for feed in store.feeds()
            ],
        }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    directory = tmp_path_factory.mktemp("undisturbed")
    run(directory, Fatal())
    return remains(directory)


def killed(directory: Path, points: list[str]) -> list[int]:
    """Let a process die at each of the points; return how each ended."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.crashing", directory, *points],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        timeout=60,
        check=True,
    )
    return [int(line) for line in done.stdout.split()]


def assert_recovers(directory: Path, undisturbed: dict[str, object]) -> None:
    run(directory, Fatal(), since=edition_in(directory), late=LEASE)
    assert remains(directory) == undisturbed


def test_an_undisturbed_run_does_what_the_others_are_compared_with(
    undisturbed: dict[str, object], tmp_path: Path
) -> None:
    _, refreshes = run(tmp_path, Fatal())
    assert len(refreshes) == 2 * len(EDITIONS[0])
    assert {refresh.poll.outcome for refresh in refreshes} == {
        Outcome.NEW,
        Outcome.NOT_MODIFIED,
        Outcome.FAILED,
    }
    assert remains(tmp_path) == undisturbed
    assert len(undisturbed["entries"]) == 7  # type: ignore[arg-type]
    # What the wire says below everything is found where it said so first, and nowhere else.
    assert len(undisturbed["found"]["distributed"]) == 1  # type: ignore[index]


@pytest.mark.parametrize("edition", range(len(EDITIONS)))
def test_killed_at_a_stage_the_next_poll_makes_it_whole(
    tmp_path: Path, undisturbed: dict[str, object], edition: int
) -> None:
    points = [f"{edition} {stage}" for stage in STAGES]
    assert killed(tmp_path, points) == [-signal.SIGKILL] * len(points)
    for point in points:
        assert_recovers(tmp_path / point, undisturbed)


def test_killed_at_any_statement_the_next_poll_makes_it_whole(
    tmp_path: Path, undisturbed: dict[str, object]
) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    statements, _ = run(whole, Fatal())
    chosen = random.Random(SEED).sample(range(1, statements + 1), COUNTED)
    points = [str(statement) for statement in sorted(chosen)]
    assert killed(tmp_path, points) == [-signal.SIGKILL] * len(points), statements
    for point in points:
        assert_recovers(tmp_path / point, undisturbed)


def test_before_the_lease_has_run_out_nobody_polls_what_the_dead_process_held(
    tmp_path: Path,
) -> None:
    point = "0 after the fetch"
    killed(tmp_path, [point])
    directory = tmp_path / point
    before = remains(directory)
    _, refreshes = run(directory, Fatal(), late=LEASE / 2)
    # It had claimed two of the three.
    assert len({refresh.key for refresh in refreshes if refresh.poll.ended_at < POLLS_AT[1]}) == 1
    assert before["entries"] == []
