"""Entries on a terminal and in a pipe."""

from datetime import UTC
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from rich.cells import cell_len

from aggregator.model.entries import TaggedEntry
from aggregator.output.table import render_table
from tests.builders import entry, source, tag, tagged
from tests.output.hostile import outputs

LONG = "Security cooperation between the two countries enters a new phase, ministers say in Rabat"


def test_in_a_pipe_an_entry_is_a_line_with_nothing_cut() -> None:
    subject = entry(LONG, id="abcdefghijklmnop")
    shown = render_table([tagged(subject, tags=(tag("sahel"), tag("security-cooperation")))], UTC)
    assert shown == (
        f"id      time (UTC)        feed          {'title':{len(LONG)}}  tags\n"
        f"abcdef  2026-03-02 12:00  Example News  {LONG}  sahel security-cooperation\n"
    )


def test_times_are_local_and_the_header_names_the_zone_once() -> None:
    shown = render_table([tagged()], ZoneInfo("Africa/Casablanca"))
    assert shown.count("Africa/Casablanca") == 1
    assert "2026-03-02 12:00" in shown or "2026-03-02 13:00" in shown
    assert "2026-03-02 21:00" in render_table([tagged()], ZoneInfo("Asia/Tokyo"))


def test_eighty_columns_are_enough() -> None:
    tags = (tag("security-cooperation"), tag("sahel"))
    shown = render_table([tagged(entry(LONG), tags=tags)], UTC, columns=80)
    assert max(map(cell_len, shown.splitlines())) <= 80
    assert [line[8:18].rstrip() for line in shown.splitlines()][1:3] == ["2026-03-02", "12:00"]
    words = " ".join(line[34:60] for line in shown.splitlines()).split()
    assert {"Security", "cooperation", "countries", "Rabat"} <= set(words), "words stay whole"


def test_a_narrow_terminal_shows_title_and_tags() -> None:
    shown = render_table([tagged(entry(LONG), tags=(tag("sahel"),))], UTC, columns=40)
    assert max(map(cell_len, shown.splitlines())) <= 40
    assert "sahel" in shown
    assert "Example News" not in shown


def test_no_entries_leave_the_header() -> None:
    assert render_table([], UTC) == "id  time (UTC)  feed  title  tags\n"


def test_nothing_is_coloured_unless_asked() -> None:
    assert "\x1b" not in render_table([tagged()], UTC, columns=80)
    assert "\x1b[1m" in render_table([tagged()], UTC, columns=80, colour=True)


def test_a_title_is_no_markup() -> None:
    title = "[bold]Shouting[/bold] :smile: [link=https://evil.example]x[/link]"
    assert title in render_table([tagged(entry(title))], UTC)


def test_right_to_left_text_is_closed_by_a_mark_on_a_terminal_only() -> None:
    subject = tagged(entry("زيارة إلى الرباط"), source=source(name="صحيفة"))
    assert "\u200eزيارة إلى الرباط\u200e" in render_table([subject], UTC, columns=100)
    assert "\u200e" not in render_table([subject], UTC)


@settings(max_examples=40)
@given(outputs)
def test_no_entry_can_act_on_the_terminal(entries: list[TaggedEntry]) -> None:
    for columns in (None, 80, 30):
        shown = render_table(entries, UTC, columns=columns)
        assert not set(shown) & {"\x1b", "\x07", "\r", "\x9b", "\u202e", "\u2066", "\x00"}
        assert all(line == line.rstrip() for line in shown.split("\n"))
        if columns:
            assert max(map(cell_len, shown.splitlines())) <= columns
