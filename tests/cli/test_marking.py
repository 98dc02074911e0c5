"""Marked spans and the excerpts around them."""

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.text import Text

from aggregator.cli.marking import MOST_EXCERPTS, marked, shown_evidence
from aggregator.cli.terminal import Terminal, draw
from aggregator.excerpts import AROUND, excerpts

LONG = "word " * 100


def lines(*parts: Text) -> str:
    return draw(parts, Terminal())


def test_spans_are_marked_by_signs_or_by_colour() -> None:
    assert lines(marked("a b c", [(2, 3)], colour=False)) == "a «b» c\n"
    coloured = draw([marked("a b c", [(2, 3)], colour=True)], Terminal(80, colour=True))
    assert coloured == "a \x1b[1;33mb\x1b[0m c\n"


def test_spans_that_overlap_or_touch_are_one() -> None:
    assert lines(marked("abcdef", [(3, 5), (1, 2), (2, 4)], colour=False)) == "a«bcde»f\n"


def test_spans_outside_the_text_are_left_out() -> None:
    assert lines(marked("abc", [(2, 9), (1, 1)], colour=False)) == "abc\n"


def test_marks_stay_true_beside_symbols() -> None:
    shown = lines(marked("\x1b\u202eMali\x07", [(2, 6)], colour=False))
    assert shown == "␛⟨U+202E⟩«Mali»␇\n"


def test_an_excerpt_is_cut_between_words() -> None:
    text = f"{LONG}Mali {LONG}"
    ((around, ((start, end),)),) = excerpts(text, [(500, 504)])
    assert around[start:end] == "Mali"
    assert around.startswith("…word ")
    assert around.endswith(" word…")
    assert len(around) <= 2 * AROUND + 6


def test_an_excerpt_stays_in_its_block() -> None:
    text = "First block.\n\nMali is\nhere.\n\nLast block, Mali."
    spans = [(14, 18), (41, 45)]
    assert [around for around, _ in excerpts(text, spans)] == [
        "…Mali is here.…",
        "…Last block, Mali.",
    ]


def test_spans_close_together_share_an_excerpt() -> None:
    ((around, within),) = excerpts("Mali and Niger", [(0, 4), (9, 14)])
    assert (around, within) == ("Mali and Niger", [(0, 4), (9, 14)])


def test_only_the_first_excerpts_are_shown() -> None:
    text = f"Mali {LONG}" * 6
    spans = [(start, start + 4) for start in range(len(text)) if text.startswith("Mali", start)]
    shown = shown_evidence(text, spans, colour=False)
    assert len(shown) == MOST_EXCERPTS + 1
    assert shown[-1].plain == "and in 3 more places"


@settings(max_examples=60)
@given(
    st.text("ab \n\x1b", max_size=300),
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300))),
)
def test_every_span_of_the_text_stands_in_an_excerpt(
    text: str, spans: list[tuple[int, int]]
) -> None:
    found = excerpts(text, spans)
    told = "".join(around[start:end] for around, within in found for start, end in within)
    wanted = {at for start, end in spans if start < end <= len(text) for at in range(start, end)}
    assert len(told) == len(wanted)
    assert all("\n" not in around for around, _ in found)
