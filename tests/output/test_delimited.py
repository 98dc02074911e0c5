"""CSV: flat, and harmless in a spreadsheet."""

import csv
import io

import pytest
from hypothesis import given, settings

from aggregator.model.entries import TaggedEntry
from aggregator.output import delimited
from aggregator.output.publication import publications
from tests.builders import entry, full_entry, tag, tagged
from tests.output.hostile import outputs


def read(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode(), newline=""), strict=True))


@settings(max_examples=60)
@given(outputs)
def test_any_entries_make_rows_that_no_spreadsheet_runs(entries: list[TaggedEntry]) -> None:
    rows = read(delimited.render(entries))
    assert [row["id"] for row in rows] == [one.tagged.entry.id for one in publications(entries)]
    for row in rows:
        assert all(cell[:1] not in {*"=+-@\t\r"} for cell in row.values())
        assert all("\n" not in cell and "\r" not in cell for cell in row.values())


def test_everything_is_in_its_column() -> None:
    (row,) = read(delimited.render([tagged(full_entry(), tags=(tag("mali"), tag("sahel")))]))
    assert row == {
        "id": full_entry().id,
        "first_seen": "2026-03-02T12:00:00Z",
        "published": "2026-03-02T09:00:00Z",
        "modified": "2026-03-02T12:00:00Z",
        "feed": "Example News",
        "title": "Everything at once",
        "link": "https://news.example/everything-at-once",
        "tags": "mali; sahel",
        "language": "en",
        "authors": "Awa Traoré; https://awa.example/",
        "categories": "africa; sahel",
        "summary": "Delegates met on Monday.",
        "guid": "everything-at-once",
    }


def test_no_entries_leave_the_header() -> None:
    assert delimited.render([]) == (
        b"id,first_seen,published,modified,feed,title,link,tags,language,authors,categories,"
        b"summary,guid\r\n"
    )


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_a_formula_is_quoted_unless_raw(title: str) -> None:
    (row,) = read(delimited.render([tagged(entry(title))]))
    assert row["title"] == f"'{title}"
    (row,) = read(delimited.render([tagged(entry(title))], escape=False))
    assert row["title"] == title


def test_a_row_is_a_line() -> None:
    body = delimited.render([tagged(entry('One,\r\n two "three"\x1b[31m'))])
    assert body.count(b"\r\n") == 2
    assert read(body)[0]["title"] == 'One, two "three"[31m'
