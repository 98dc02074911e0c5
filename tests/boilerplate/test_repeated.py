from aggregator.boilerplate.repeated import MOST_ENTRIES, remembered, repeated
from aggregator.model.entries import Entry
from aggregator.model.raw import RawEntry, RawFeed, RawText
from aggregator.normalise import normalise
from aggregator.query.fields import counted
from tests import builders

FOOTER = "Mali Daily is read by forty thousand people every morning."


def entries(count: int, footer: str = FOOTER, first: int = 0) -> tuple[Entry, ...]:
    """Build a document of entries, the latest first."""
    return tuple(
        builders.entry(f"Report number {n}", summary="", content=f"News {n} today.\n\n{footer}")
        for n in reversed(range(first, first + count))
    )


def judged(found: tuple[Entry, ...], **known: tuple[Entry, ...]) -> list[str]:
    before = remembered(known.get("before", ()), ())
    spans = repeated(found, before)
    return [entry.title for entry in found if spans.get(entry.id)]


def test_at_a_first_poll_all_but_the_first_published_lose_what_they_share() -> None:
    assert judged(entries(4)) == ["Report number 3", "Report number 2", "Report number 1"]
    assert judged(entries(3)) == []


def test_later_what_was_read_before_decides() -> None:
    new = entries(1, first=9)
    assert judged(new, before=entries(3)) == ["Report number 9"]
    assert judged(new, before=entries(2)) == []
    assert judged(entries(9, first=20), before=entries(9, footer="Another end of the text.")) == []


def test_a_background_paragraph_of_few_entries_counts() -> None:
    assert judged(entries(4) + entries(20, footer="", first=50)) == []


def test_what_is_short_or_says_the_subject_counts() -> None:
    assert judged(entries(9, footer="Burkina Faso")) == []
    assert judged(entries(9, footer="Filed under: Mali, Burkina Faso, Niger, Chad")) == []


def test_a_number_that_changes_is_news() -> None:
    assert judged(tuple(
        builders.entry(f"Report {n}", summary="", content=f"Mali counts {n} new cases on Monday.")
        for n in range(9)
    )) == []  # fmt: skip


def test_the_title_of_its_own_does_not_tell_a_block_apart() -> None:
    found = tuple(
        builders.entry(f"Report number {n}", content=f"Report number {n} – all of it on our pages")
        for n in range(5)
    )
    assert len(judged(found)) == 4


def test_reading_again_adds_nothing_and_what_is_old_is_forgotten() -> None:
    once = remembered(entries(9), remembered(entries(50, first=100), ()))
    assert remembered(entries(9), once) == once
    assert len(once) == MOST_ENTRIES


def raw(count: int) -> RawFeed:
    return RawFeed(
        "rss20",
        tuple(
            RawEntry(guid=str(n), content=RawText(f"<p>News {n} of today.</p><p>{FOOTER}</p>"))
            for n in range(count)
        ),
    )


def test_what_others_repeat_is_no_revision_and_stays_in_the_text() -> None:
    _, alone = normalise(raw(1), key="k", url="https://x.example/")
    _, many = normalise(raw(5), key="k", url="https://x.example/")
    assert alone[0].content_hash == many[0].content_hash
    assert alone[0].content == many[0].content
    assert not alone[0].boilerplate
    assert FOOTER not in counted(many[0], "content")
    assert len(counted(many[0], "content")) == len(many[0].content)
