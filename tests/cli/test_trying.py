"""``aggregator try``: what a query finds among what is stored, and what it changes of a tag."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import NOW, entry
from tests.cli.command import Said, Screen, command
from tests.cli.stocked import HOSTILE, MATCH, TALKS, VISIT, stocked


def told(path: Path, *arguments: object) -> Said:
    return command("--config", path, "try", *arguments)


def test_a_query_is_counted_and_shown(tmp_path: Path) -> None:
    said = told(stocked(tmp_path, TALKS, MATCH, VISIT), "Bamako OR Tunis", "--samples", "1")
    assert (said.status, said.errors) == (0, "")
    bar = "█" * 24
    assert said.output == (
        "2 entries of 3 match (66.7%).\n"
        "\n"
        "feed          entries\n"
        f"Example News        2  {bar}\n"
        "\n"
        "language  entries\n"
        f"en              1  {bar}\n"
        f"fr              1  {bar}\n"
        "\n"
        "month    entries\n"
        f"2026-03        2  {bar}\n"
        "\n"
        "The newest\n"
        "\n"
        "Talks resume in Bamako\n"
        f"{TALKS.id} · Example News\n"
        "title    Talks resume in «Bamako»\n"
        "content  …The Sahel needs peace, they said in «Bamako».\n"
    )


def test_bars_are_as_long_as_a_narrow_terminal_has_room_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    path = stocked(tmp_path, TALKS, MATCH, VISIT)
    for columns, longest in ((80, 24), (40, 17), (20, 4)):
        monkeypatch.setenv("COLUMNS", str(columns))
        said = command("--config", path, "try", "Bamako OR Tunis", to=Screen)
        bars = [line.split()[-1] for line in said.output.splitlines() if "█" in line]
        assert bars[0] == "█" * longest
        assert all(len(line) <= columns for line in said.output.splitlines())


def test_a_query_as_a_tag_shows_what_comes_and_goes(tmp_path: Path) -> None:
    path = stocked(tmp_path, TALKS, MATCH, VISIT, entry("Football in Oslo"))
    said = told(path, "Tunis OR Rabat", "--as", "sport")
    change = said.output.partition("\nAs the tag ")[2].splitlines()
    assert change == [
        "sport: +1 −1 =1",
        "(added, taken off, kept, of 2 that carry it)",
        "",
        "It would add 1",
        "",
        "A visit to Rabat",
        f"{VISIT.id} · Example News",
        "title  A visit to «Rabat»",
        "",
        "It would take off 1",
        "",
        "Football in Oslo",
        f"{entry('Football in Oslo').id} · Example News",
        "title  «Football» in Oslo",
    ]


def test_the_feeds_of_the_tags_rule_stay(tmp_path: Path) -> None:
    said = told(stocked(tmp_path, TALKS), "Bamako", "--as", "wire-only")
    assert "As the tag wire-only: +0 −0 =0" in said.output
    assert said.output.endswith("Within the feeds of its rule: label:press\n")


def test_a_period_confines_all_counts(tmp_path: Path) -> None:
    path = stocked(tmp_path, TALKS, MATCH)
    before = (NOW - timedelta(days=1)).date()
    said = told(path, "Bamako", "--until", before)
    assert said.output == "No entries are stored (in this period): there is nothing to try it on.\n"
    assert told(path, "Bamako", "--since", before).output.startswith("1 entry of 2 matches (50.0%)")


def test_an_empty_database_is_told_kindly(tmp_path: Path) -> None:
    said = told(stocked(tmp_path), "Bamako", "--as", "sahel")
    assert said.status == 0
    assert said.output.startswith("No entries are stored")


def test_where_nothing_matches_no_table_stands(tmp_path: Path) -> None:
    said = told(stocked(tmp_path, TALKS), "Oslo")
    assert (said.status, said.output) == (0, "No entry matches, of 1.\n")


def test_only_the_newest_are_counted_where_there_are_many(tmp_path: Path) -> None:
    path = stocked(tmp_path, *(entry(f"Mali {number}") for number in range(5)))
    said = told(path, "Mali", "--limit", "2", "--samples", "0")
    assert said.output.startswith("5 entries of 5 match (100.0%).")
    assert "Example News        2" in said.output
    assert said.output.endswith("Counted are the newest 2 of them: --limit 0 counts all.\n")
    assert "Example News        5" in told(path, "Mali", "--limit", "0").output


def test_many_rows_are_cut_and_summed(tmp_path: Path) -> None:
    languages = ("en", "fr", "ha", "sw", "ar", "pt", "es", "de")
    said = told(
        stocked(tmp_path, *(entry(f"Mali {each}", language=each) for each in languages)), "Mali"
    )
    assert "and 2 more        2\n" in said.output


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("published:>now-7d", "A rule may not count from now"),
        ("NOT Mali", "nothing but NOT"),
        ("tag:sahel Mali", "A rule may not ask for its own tag."),
    ],
)
def test_what_a_rule_may_not_ask_is_said(tmp_path: Path, query: str, why: str) -> None:
    said = told(stocked(tmp_path, TALKS), query, "--as", "sahel")
    assert said.status == 0
    head, _, refusal = said.output.partition("\nA rule may not ask this:\n")
    assert "match" in head
    assert why in refusal
    assert "^^^" in refusal


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("Mali AND",), "^^^"),
        (("tag:sahl",), "did you mean sahel?"),
        (("Mali", "--as", "sahl"), "There is no tag 'sahl': did you mean sahel?"),
        (("Mali", "--samples", "-1"), "--samples"),
    ],
)
def test_what_cannot_be_tried_is_a_usage_error(
    tmp_path: Path, arguments: tuple[str, ...], why: str
) -> None:
    said = told(stocked(tmp_path, TALKS), *arguments)
    assert (said.status, said.output) == (2, "")
    assert why in said.errors


def test_the_lists_of_the_configuration_are_known(tmp_path: Path) -> None:
    path = stocked(tmp_path, TALKS)
    lists = "terms: {towns: [Bamako, Gao]}\n"
    path.write_text(f"{path.read_text('utf-8')}{lists}", encoding="utf-8")
    assert told(path, "$towns").output.startswith("1 entry of 1 matches")


def test_without_a_database_it_is_said_what_to_do(tmp_path: Path) -> None:
    path = stocked(tmp_path)
    (tmp_path / "news.db").unlink()
    said = told(path, "Mali")
    assert said.status == 1
    assert "aggregator poll" in said.errors


def test_nothing_in_an_entry_acts_on_the_terminal(tmp_path: Path) -> None:
    said = told(stocked(tmp_path, HOSTILE), "alert OR Delegates OR red")
    assert "1 entry of 1" in said.output
    assert not set(said.output) & {"\x1b", "\x07", "\x9b", "\u202e"}


def test_json_says_the_same(tmp_path: Path) -> None:
    path = stocked(tmp_path, TALKS, MATCH)
    found = json.loads(told(path, "Bamako", "--as", "sport", "--format", "json").output)
    assert (found["matching"], found["stored"], found["counted"]) == (1, 2, 1)
    assert found["by_month"] == [{"month": "2026-03", "entries": 1}]
    assert found["samples"][0]["evidence"][0]["value"] == "Bamako"
    change = found["change"]
    assert [change[key] for key in ("tagged", "added", "taken", "kept")] == [1, 1, 1, 0]
