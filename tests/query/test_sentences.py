"""Sentences end at their marks, and not at those of abbreviations."""

import pytest

from aggregator.query.sentences import sentence_ends


def sentences(text: str) -> list[str]:
    starts = [0, *sentence_ends(text)]
    pieces = (text[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True))
    return [piece.strip() for piece in pieces if piece.strip()]


@pytest.mark.parametrize(
    "text",
    [
        "One. Two",
        "Who? Nobody",
        "Run! Now",
        "Well… Perhaps",
        "Really?! Yes",
        "He left.\nShe stayed",
        "“He left.” She stayed",
        "« Il part. » Elle reste",
        "(He left.) She stayed",
        "Ils vivent à l'est. Ils votent",
        "Un vol. Des coupables",
        "من فعل؟ لا أحد",
        "یہ ہوا۔ وہ گیا",
        "यह हुआ। वह गया",
        "马里。尼日尔",
        "谁！没有人",
        "これは。それ",
        "ቆመ። ሄደ",
        "Кто? Никто",
        "Τέλος. Αρχή",
        "דבר. אחר",
    ],
)
def test_a_mark_behind_words_ends_a_sentence(text: str) -> None:
    assert len(sentences(text)) == 2, sentences(text)


@pytest.mark.parametrize(
    "text",
    [
        "Gen. Tiani spoke",
        "M. J. Doe and the U.S. Army",
        "Mr. and MRS. Smith",
        "el Sr. Pérez de EE.UU. dijo",
        "about 3.5 percent at 10.30",
        "www.example.org/a?b",
        "Col. Goïta, Sept. 11",
        "e.g. this",
        "no mark at all",
        "What?and that",
        "",
    ],
)
def test_a_mark_elsewhere_ends_none(text: str) -> None:
    assert len(sentences(text)) <= 1


def test_a_text_of_marks_alone_is_read_once() -> None:
    # A mark tried anew from each of the others takes minutes.
    assert sentence_ends("." * 100_000 + "x") == []
    assert sentence_ends("?" * 100_000) == [100_000]
    assert sentence_ends("." + ")" * 100_000 + "x") == []
    assert sentence_ends("word " * 20_000 + "end" + "x" * 50_000 + ".") == [150_004]
