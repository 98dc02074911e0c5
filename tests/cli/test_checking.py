"""``check`` lints, strictly if asked, and watches the files for whoever writes them."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from aggregator.cli.checking import watch_file
from aggregator.config.following import ConfigFile
from tests.builders import entry
from tests.cli.command import command
from tests.cli.stocked import CONFIG, stocked

LINTED = """\
tags:
  a:
    query: |
      Mali OR "Mali Empire"
    examples: {match: [Mali], no_match: [Oslo]}
"""


def written(directory: Path, text: str = LINTED) -> Path:
    path = directory / "feeds.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_lints_come_with_file_and_line_and_are_no_failure(tmp_path: Path) -> None:
    path = written(tmp_path)
    said = command("--config", path, "check")
    assert said.status == 0
    assert f"{path}:4: The tag `a`: there are terms that another one finds" in said.errors
    assert said.errors.endswith("1 lint.\n")
    assert "1 tag, 0 outputs; all 2 examples hold." in said.output


def test_strictly_a_lint_is_a_failure(tmp_path: Path) -> None:
    assert command("--config", written(tmp_path), "check", "--strict").status == 1
    fine = written(tmp_path, LINTED.replace(' OR "Mali Empire"', ""))
    assert command("--config", fine, "check", "--strict").status == 0


def test_programs_get_the_lints_too(tmp_path: Path) -> None:
    said = command("--config", written(tmp_path), "check", "--format", "json")
    (lint,) = json.loads(said.output)["lints"]
    assert (lint["kind"], lint["of"], lint["line"], said.status) == ("shadowed", "a", 4, 0)


def test_lists_are_counted(tmp_path: Path) -> None:
    path = written(tmp_path, "terms: {a: [Mali]}\ntags: {}\n")
    assert "0 tags, 1 list, 0 outputs" in command("--config", path, "check").output


def test_what_is_wrong_a_hundred_times_is_told_a_few_times(tmp_path: Path) -> None:
    many = "".join(f"  t{number}: {{query: word{number}}}\n" for number in range(100))
    said = command("--config", written(tmp_path, f"tags:\n{many}"), "check")
    assert len(said.errors.splitlines()) == 7
    assert "… and 95 more like these" in said.errors
    assert said.errors.endswith("100 lints.\n")


def test_where_there_is_a_database_the_stored_entries_are_asked(tmp_path: Path) -> None:
    entries = (entry(f"Talks in Bamako, day {number}") for number in range(100))
    path = stocked(tmp_path, *entries)
    said = command("--config", path, "check")
    assert said.status == 0
    assert f"{path}:9: The tag `sahel`: words stand alone that over a fifth" not in said.errors
    path.write_text(CONFIG + "  # more\n", encoding="utf-8")
    path.write_text(CONFIG.replace("football OR", "Bamako OR football OR"), encoding="utf-8")
    said = command("--config", path, "check")
    assert "words stand alone that over a fifth of the stored entries have" in said.errors
    assert "`Bamako` in 100 of 100" in said.errors


def test_a_database_that_cannot_be_read_is_no_reason_to_fail(tmp_path: Path) -> None:
    path = written(tmp_path, f"database: news.db\n{LINTED}")
    (tmp_path / "news.db").write_text("this is no database at all, but a text of some length")
    said = command("--config", path, "check")
    assert said.status == 0
    assert "What is stored was not asked:" in said.errors
    assert "1 lint." in said.errors


def test_no_database_is_made(tmp_path: Path) -> None:
    command("--config", written(tmp_path, f"database: news.db\n{LINTED}"), "check")
    assert not (tmp_path / "news.db").exists()


def test_watching_has_no_format_for_programs(tmp_path: Path) -> None:
    said = command("--config", written(tmp_path), "check", "--watch", "--format", "json")
    assert (said.status, said.output) == (2, "")


def test_watching_checks_again_whenever_a_file_is_saved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path)
    more = tmp_path / "more.yaml"
    file = ConfigFile(path)
    seen: list[int] = []

    def check() -> None:
        with suppress(Exception):
            seen.append(len(file.load().rules))

    def saves() -> Iterator[None]:
        yield
        path.write_text(f"include: [more.yaml]\n{LINTED}", encoding="utf-8")  # a mistake
        yield
        more.write_text("tags: {b: {query: x}}\n", encoding="utf-8")
        path.write_text(f"include: [more.yaml]\n\n{LINTED}", encoding="utf-8")
        yield
        yield
        more.write_text("tags: {b: {query: x}, c: {query: y}}\n", encoding="utf-8")
        yield
        raise KeyboardInterrupt

    happening = saves()
    with pytest.raises(KeyboardInterrupt):
        watch_file(file, check, lambda: next(happening))
    assert seen == [1, 2, 3]
    assert capsys.readouterr().err.count("Changed at ") == 3


def test_who_waives_certificates_is_warned(tmp_path: Path) -> None:
    feeds = "feeds:\n- {url: https://a.example/, insecure: true}\n- url: https://b.example/\n"
    said = command("--config", written(tmp_path, feeds), "check")
    assert said.status == 0
    assert "Asked whatever the certificate" in said.errors
    assert "write them: https://a.example/." in said.errors
