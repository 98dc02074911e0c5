"""``retag``: what it shows, what it moves, the way back, and what it refuses."""

import json
import re
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from aggregator.app.rules import take_up
from aggregator.app.store import opened_store, utc_now
from aggregator.config.load import load
from aggregator.store.base import Search
from aggregator.store.sqlite import SqliteStore
from tests.builders import entry, feed, tagged
from tests.cli.command import Said, command
from tests.cli.stocked import CONFIG, HOSTILE, MATCH, TALKS, VISIT, by_rules, configured, stocked
from tests.cli.test_docs_json import described, keys
from tests.store.steps import poll

CHANGED = CONFIG.replace('AND NOT "Étoile du Sahel"', "OR Rabat").replace("football OR ", "")
NO_SPORT = CONFIG.replace(CONFIG[CONFIG.index("  sport:") : CONFIG.index("  wire-only:")], "")


def retag(path: Path, *arguments: object) -> Said:
    return command("--config", path, "retag", *arguments)


def summary(said: Said) -> dict[str, str]:
    """Return the line of each tag that moves."""
    return dict(re.findall(r"^([\w-]+)(?: \(.*\))?: (\+.*)$", said.output, re.MULTILINE))


def carried(path: Path) -> dict[str, list[str]]:
    with opened_store(path.parent / "news.db") as store:
        found = store.search(Search(now=utc_now()))
    return {each.entry.title: [tag.name for tag in each.tags] for each in found}


def versions(path: Path) -> dict[str, str]:
    return {rule.name: rule.version for rule in load(path).rules}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database whose entries are tagged by its rules; to be copied, never changed."""
    return stocked(tmp_path_factory.mktemp("before"), TALKS, MATCH, VISIT)


@pytest.fixture
def kept(before: Path) -> dict[str, str]:
    """Return the versions of the rules before they were changed."""
    return versions(before)


@pytest.fixture
def path(before: Path, tmp_path: Path) -> Path:
    """A database whose entries are tagged by rules that were changed since."""
    shutil.copytree(before.parent, tmp_path, dirs_exist_ok=True)
    path = tmp_path / before.name
    path.write_text(CHANGED, encoding="utf-8")
    return path


# --- the dry run -------------------------------------------------------------------------------


def test_a_dry_run_shows_what_would_change_and_changes_nothing(
    path: Path, kept: dict[str, str]
) -> None:
    before = carried(path)
    said = retag(path, "--dry-run", "--utc")
    assert (said.status, said.errors) == (0, "")
    assert summary(said) == {"sahel": "+2 −0 ~0 of 1", "sport": "+0 −0 ~1 of 1"}
    assert said.output.startswith("Nothing was changed: this is what would be. 3 entries looked at")
    lines = [line.rstrip() for line in said.output.splitlines()]
    start = lines.index("sahel (The Sahel): +2 −0 ~0 of 1")
    assert lines[start + 1 : start + 7] == [
        f"version {versions(path)['sahel']}, until now {kept['sahel']}",
        "+  A visit to «Rabat»",
        f"   2026-03-02 11:58 · Example News · {VISIT.id}",
        "",
        "+  Étoile du «Sahel» win in Tunis",
        f"   2026-03-02 11:59 · Example News · {MATCH.id}",
    ]
    assert "The same command without --dry-run applies it." in said.output
    assert carried(path) == before
    assert retag(path, "--dry-run", "--utc").output == said.output


def test_a_tag_that_is_lost_shows_what_had_been_the_reason(path: Path) -> None:
    path.write_text(NO_SPORT, encoding="utf-8")
    said = retag(path, "--dry-run")
    assert summary(said) == {"sport": "+0 −1 ~0 of 1"}
    assert "no rule gives it any more" in said.output
    assert re.search(r"^−  +«Étoile du Sahel» win in Tunis$", said.output, re.MULTILINE)
    assert re.search(r"^summary +A «football» match\.$", said.output, re.MULTILINE)


def test_as_many_samples_are_shown_as_one_wishes(path: Path) -> None:
    assert "Étoile" in retag(path, "--dry-run").output
    said = retag(path, "--dry-run", "--samples", 1)
    assert "A visit to «Rabat»" in said.output
    assert "Étoile" not in said.output
    assert "·" not in retag(path, "--dry-run", "--samples", 0).output


def test_programs_get_what_is_described(path: Path, kept: dict[str, str]) -> None:
    said = retag(path, "--dry-run", "--format", "json")
    told = json.loads(said.output)
    assert keys(told) == keys(described("retag"))
    assert (told["version"], told["dry_run"], told["entries"]) == (1, True, 3)
    (sahel, sport) = told["tags"]
    assert (sahel["gained"], sahel["carried"], sport["renewed"]) == (2, 1, 1)
    assert (sahel["version"], sahel["previous_version"]) == (versions(path)["sahel"], kept["sahel"])
    assert sahel["samples"]["gained"][0]["evidence"][0]["value"] == "Rabat"
    path.write_text(NO_SPORT, encoding="utf-8")
    (sport,) = json.loads(retag(path, "--dry-run", "--format", "json").output)["tags"]
    assert (sport["title"], sport["version"], sport["lost"]) == (None, None, 1)
    path.write_text(CONFIG, encoding="utf-8")
    assert json.loads(retag(path, "--dry-run", "--format", "json").output)["tags"] == []


def test_nothing_acts_on_the_terminal(tmp_path: Path) -> None:
    path = stocked(tmp_path, HOSTILE)
    path.write_text(CONFIG.replace("Sahel OR Mali", "Red OR Mali"), encoding="utf-8")
    for arguments in (("--dry-run",), ("--dry-run", "--format", "json"), ()):
        said = retag(path, *arguments)
        assert "alert" in said.output
        assert not set(said.output) & {"\x1b", "\x07", "\x9b", "\u202e"}


# --- applying ----------------------------------------------------------------------------------


def test_it_applies_todays_rules_to_what_is_stored(path: Path, kept: dict[str, str]) -> None:
    dry, said = retag(path, "--dry-run"), retag(path)
    assert (said.status, said.errors) == (0, "")
    assert summary(said) == summary(dry)
    assert carried(path) == {
        TALKS.title: ["sahel"],
        MATCH.title: ["sahel", "sport"],
        VISIT.title: ["sahel"],
    }
    assert f"aggregator retag sahel --to {kept['sahel']}" in said.output
    again = retag(path)
    assert again.output == "Nothing to retag: all that is stored follows the rules of today.\n"
    assert again.status == 0


def test_labels_that_were_changed_count_as_they_are_now(path: Path) -> None:
    path.write_text(CONFIG.replace("[africa, wire]", "[africa, press]"), encoding="utf-8")
    assert summary(retag(path)) == {"wire-only": "+1 −0 ~0 of 0"}
    assert carried(path)[VISIT.title] == ["wire-only"]


def test_named_tags_alone_are_retagged_and_the_others_are_still_pending(path: Path) -> None:
    said = retag(path, "sport")
    assert summary(said) == {"sport": "+0 −0 ~1 of 1"}
    assert carried(path)[VISIT.title] == []
    assert "(sahel): `aggregator retag --dry-run`" in said.output
    settled = retag(path, "sport")
    assert "Nothing moves of sport." in settled.output


def test_a_tag_without_a_rule_is_taken_off_and_brought_back(
    path: Path, kept: dict[str, str]
) -> None:
    path.write_text(NO_SPORT, encoding="utf-8")
    assert "(sport)" in command("--config", path, "tags").errors
    assert summary(retag(path)) == {"sport": "+0 −1 ~0 of 1"}
    assert carried(path)[MATCH.title] == []
    refused = retag(path, "sport")
    assert (refused.status, refused.output) == (2, "")
    assert "No rule gives sport, and no entry carries it" in refused.errors
    said = retag(path, "sport", "--to", kept["sport"][:6])
    assert summary(said) == {"sport": "+1 −0 ~0 of 0"}
    assert "feeds.yaml has no rule for sport: no new entry gets it." in said.output
    assert carried(path)[MATCH.title] == ["sport"]


# --- going back --------------------------------------------------------------------------------


def test_one_goes_back_and_writes_the_former_rule_back(path: Path, kept: dict[str, str]) -> None:
    before = carried(path)
    retag(path)
    said = retag(path, "sahel", "--to", kept["sahel"][:4].upper())
    assert summary(said) == {"sahel": "+0 −2 ~0 of 3"}
    assert f"feeds.yaml still holds version {versions(path)['sahel']} of sahel" in said.output
    assert carried(path) == before
    assert "(sahel)" in command("--config", path, "tags").errors
    # The lines that were printed are the rule.
    printed = said.output[said.output.index("  sahel:\n") :]
    rest = CHANGED[CHANGED.index("  sport:") :]
    path.write_text(f"{CHANGED[: CHANGED.index('  sahel:')]}{printed}{rest}", encoding="utf-8")
    assert versions(path)["sahel"] == kept["sahel"]
    assert command("--config", path, "tags").errors == ""
    assert "Nothing to retag" in retag(path).output


def test_a_dry_run_goes_back_as_well(path: Path, kept: dict[str, str]) -> None:
    retag(path)
    after = carried(path)
    said = retag(path, "sahel", "--to", kept["sahel"], "--dry-run")
    assert summary(said) == {"sahel": "+0 −2 ~0 of 3"}
    assert carried(path) == after


def test_a_former_rule_sees_the_former_rules_that_it_asks_for(tmp_path: Path) -> None:
    refers = CONFIG.replace('AND NOT "Étoile du Sahel"', "AND NOT tag:sport")
    path = configured(tmp_path, refers)
    config = load(path)
    with closing(SqliteStore(config.database)) as store:
        take_up(store, config, utc_now())
        poll(store, feed=feed(), new=by_rules(config, [tagged(MATCH), tagged(TALKS)]))
    assert carried(path) == {MATCH.title: ["sport"], TALKS.title: ["sahel"]}
    first = versions(path)["sahel"]
    # Today a match is no sport, and sahel does not ask.
    path.write_text(CHANGED.replace('"Étoile du Sahel"', "tennis"), encoding="utf-8")
    retag(path)
    assert carried(path) == {MATCH.title: ["sahel"], TALKS.title: ["sahel"]}
    retag(path, "sahel", "--to", first)
    assert carried(path) == {MATCH.title: [], TALKS.title: ["sahel"]}


def test_who_gained_a_tag_by_a_former_rule_is_found_by_it_again(tmp_path: Path) -> None:
    refers = CONFIG.replace('AND NOT "Étoile du Sahel"', "OR tag:sport").replace("Sahel OR", "")
    path = configured(tmp_path, refers)
    config = load(path)
    with closing(SqliteStore(config.database)) as store:
        take_up(store, config, utc_now())
        poll(store, feed=feed(), new=by_rules(config, [tagged(MATCH)]))
    first = versions(path)["sahel"]
    today = refers.replace("OR tag:sport", "").replace("football OR ", "tennis OR ")
    path.write_text(today.replace('"Étoile du Sahel"', "golf"), encoding="utf-8")
    retag(path)
    assert carried(path) == {MATCH.title: []}
    retag(path, "sahel", "--to", first)
    assert carried(path) == {MATCH.title: ["sahel"]}


# --- what it refuses ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["shael"], "did you mean sahel?"),
        (["--to", "abc"], "--to goes back to a version of one tag"),
        (["sahel", "sport", "--to", "abc"], "--to goes back to a version of one tag"),
        (["sahel", "--to", "zzz"], "No version of sahel begins with 'zzz'. There are: "),
        (["sahel", "--to", ""], "Several versions of sahel begin with ''. There are: "),
        (["--samples", "-1"], "--samples"),
    ],
)
def test_what_makes_no_sense_is_refused(path: Path, arguments: list[str], told: str) -> None:
    retag(path)
    before = carried(path)
    said = retag(path, *arguments)
    assert (said.status, said.output) == (2, "")
    assert told in said.errors
    assert carried(path) == before


def test_known_versions_are_told_with_since_when(path: Path, kept: dict[str, str]) -> None:
    retag(path)
    told = retag(path, "sahel", "--to", "zzz").errors
    assert f"{kept['sahel']} (since 2026-03-02 " in told
    assert told.index(versions(path)["sahel"]) < told.index(kept["sahel"])


def test_without_a_configuration_no_tag_is_taken_off(path: Path) -> None:
    database = path.parent / "news.db"
    path.unlink()
    said = command("--config", path, "--database", database, "retag")
    assert (said.status, said.output) == (2, "")
    assert "does not exist" in said.errors


def test_without_a_database_there_is_nothing_to_retag(tmp_path: Path) -> None:
    said = retag(configured(tmp_path))
    assert (said.status, said.output) == (1, "")
    assert "run `aggregator poll` first" in said.errors
    assert not (tmp_path / "news.db").exists()


def test_a_rule_that_is_not_valid_moves_nothing(path: Path) -> None:
    before = carried(path)
    path.write_text(CONFIG.replace("football OR", "(football OR"), encoding="utf-8")
    assert retag(path).status == 2
    assert carried(path) == before


# --- where one would look ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["tags", "stats", "feeds", "check"])
def test_that_rules_were_changed_is_said_wherever_one_would_look(path: Path, name: str) -> None:
    said = command("--config", path, name)
    assert "(sahel, sport): `aggregator retag --dry-run` shows what would change" in said.errors
    retag(path)
    assert "aggregator retag" not in command("--config", path, name).errors


def test_a_poll_says_it_too(path: Path) -> None:
    feeds = CHANGED[CHANGED.index("feeds:") : CHANGED.index("tags:")]
    path.write_text(CHANGED.replace(feeds, "feeds: []\n"), encoding="utf-8")
    assert (
        "(sahel, sport): `aggregator retag --dry-run`" in command("--config", path, "poll").output
    )
    told = json.loads(command("--config", path, "poll", "--format", "json").output)
    assert told["pending_tags"] == ["sahel", "sport"]
    retag(path)
    assert "retag" not in command("--config", path, "poll").output


def test_programs_are_told_too(path: Path) -> None:
    def told(name: str) -> dict[str, list[dict[str, object]]]:
        said = command("--config", path, name, "--format", "json")
        return json.loads(said.output)  # type: ignore[no-any-return]

    assert {tag["name"]: tag["pending"] for tag in told("tags")["tags"]} == {
        "sahel": True,
        "sport": True,
        "wire-only": False,
    }
    assert len(told("check")["warnings"]) == 1


def test_a_check_tells_nothing_of_a_database_that_it_cannot_read(path: Path) -> None:
    (path.parent / "news.db").write_bytes(b"not a database at all\n" * 100)
    said = command("--config", path, "check")
    assert said.status == 0
    assert "aggregator retag" not in said.errors


# --- interrupted -------------------------------------------------------------------------------

INTERRUPTED = """\
import os, signal, sys
from aggregator.cli.main import main
from aggregator.store.sqlite import SqliteStore

class Slow(SqliteStore):
    def retag(self, numbers, targets, judge, now):
        if numbers[0] > 1:
            os.kill(os.getpid(), signal.SIGINT)
        return super().retag(numbers, targets, judge, now)

import aggregator.app.store
aggregator.app.store.SqliteStore = Slow
main(sys.argv[1:])
"""


def test_ctrl_c_leaves_it_to_be_gone_on_with_and_says_so(tmp_path: Path) -> None:
    path = stocked(tmp_path, *(entry(f"Rabat {number}") for number in range(450)))
    path.write_text(CHANGED, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, "--config", path, "retag", "sahel"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == (
        "aggregator: Interrupted: 200 of 450 entries are done, and stay so;"
        " `aggregator retag sahel` goes on from there.\n"
    )
    assert sum(tags == ["sahel"] for tags in carried(path).values()) == 200
    said = retag(path, "sahel")
    assert summary(said) == {"sahel": "+250 −0 ~0 of 0"}
    assert "What the interrupted run had done is not counted." in said.output
    assert all(tags == ["sahel"] for tags in carried(path).values())
