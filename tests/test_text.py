"""What a word is: folding, splitting, and spans in the original."""

import sys
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aggregator.folding import fold_slowly
from aggregator.text import (
    BLOCK_END,
    Word,
    fold,
    index_words,
    single_line,
    visible,
    words,
)

ANY_TEXT = st.text(st.characters(), max_size=60)
SCRIPTS = st.lists(
    st.sampled_from(
        "aZé éß㈀œ'’-\u00ad\u200bﬁİıŁǅ½ﷺ№٠٣١ءأإؤئىیةکـِاﻻ"
        "ШйЁςΆἀאָּשׁकीक्षिनीポﾎﾟゐ々中國〇한국กั่งไທັກខ្មែរမြန်မာ"
        "\n\n \t.…_#\x00\ud800\U0001d400\U0001f1eb\ufe0f\u0301\u0345\u3099"
    ),
    max_size=40,
).map("".join)
TEXTS = st.one_of(ANY_TEXT, SCRIPTS)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("SAHEL Sahél sahe\u0301l", "sahel sahel sahel"),
        ("İstanbul ısı Straße STRASSE ẞ", "istanbul isi strasse strasse ss"),
        ("Ɓoko Ɗan Ƙano Ƴan Ŋ Ɛwe Ɔ Ø Łódź Đ Œuvre Æ Þ Ə", None),
        ("أحمد إلى آل ٱلله", "احمد الي ال الله"),
        ("مدرسة مؤتمر رئيس سماء کتاب ی", "مدرسه موتمر رييس سما كتاب ي"),
        ("كِتَابٌ مـــالي", "كتاب مالي"),
        ("١٢٣ ४५ ៦ ３", "123 45 6 3"),
        ("N’Djamena Nʼdjamena N＇Djamena", "n'djamena n'djamena n'djamena"),
        ("Liptako–Gourma Liptako‑Gourma", "liptako-gourma liptako-gourma"),
        ("Ёлка йод", "елка иод"),
        ("Ἀθῆναι ΑΘΗΝΑΣ", "αθηναι αθηνασ"),
        ("שָׁלוֹם", "שלום"),
        ("हिंदी", "हिंदी"),
        ("ﬁn №", "fin no"),
        ("Ndja\u00adme\u200bna \ufeff", "ndjamena "),
    ],
)
def test_texts_that_readers_take_for_the_same_fold_alike(written: str, folded: str | None) -> None:
    assert fold(written) == (folded or "boko dan kano yan n ewe o o lodz d oeuvre ae th e")


def test_composed_and_decomposed_texts_fold_alike() -> None:
    for written in ("ポート", "Việt Nam", "한국어", "क़लम", "Ελλάδα", "يؤمن"):
        forms = {fold(unicodedata.normalize(form, written)) for form in ("NFC", "NFD")}
        assert len(forms) == 1


def test_folding_a_folded_character_changes_nothing_in_all_of_unicode() -> None:
    folded: dict[str, str] = {}
    for first in range(0, sys.maxunicode + 1, 256):
        block = "".join(map(chr, range(first, first + 256)))
        # Nine of ten are of nobody, as yet or on purpose: such a block is folded as one text.
        if set(map(unicodedata.category, block)) <= {"Cn", "Co", "Cs"}:
            assert fold_slowly(block) == block
        else:
            folded |= {each: fold_slowly(each) for each in block}
    reached = set("".join(into for each, into in folded.items() if into != each))
    assert {each for each in reached if folded.get(each, each) != each} == set()


@given(TEXTS)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXTS, TEXTS)
def test_every_way_through_the_tables_is_the_one_definition(left: str, right: str) -> None:
    # A long ASCII text in front sends what follows through another branch.
    for text in (left, right, left + "a" * 200 + right):
        assert fold(text) == fold_slowly(text)


def test_characters_that_are_not_looked_up_stand_for_themselves() -> None:
    # Whether a character is looked up is decided by blocks of them, all of which lie here.
    for character in map(chr, range(0x80, 0xA000)):
        folded = fold_slowly(character)
        assert fold(character) == folded
        kept = [each for each in folded if each.isalnum() or unicodedata.category(each)[0] == "M"]
        assert index_words(character).replace(" ", "") == "".join(kept)


@given(TEXTS)
@example("½ﷺ")
@example("ءab")
@example("㈀b")
@example("中ءء国")
def test_a_word_stands_exactly_where_its_span_says(text: str) -> None:
    end = 0
    for word in words(text):
        assert 0 <= word.start < word.end <= len(text)
        assert word.end >= end
        end = word.end
        shown = text[word.start : word.end]
        within = index_words(shown).split()
        # One character may fold to several words (½).
        assert word.folded in within
        # Nothing but the word: what stands at its edges is a part of it, or dropped from it.
        assert all(index_words(edge) or not fold(edge) for edge in (shown[0], shown[-1]))


@given(TEXTS)
def test_the_index_holds_the_same_words(text: str) -> None:
    indexed = [token for token in index_words(text).split(" ") if token not in ("", BLOCK_END)]
    assert indexed == [word.folded for word in words(text)]


@given(TEXTS)
def test_folding_first_gives_the_same_words(text: str) -> None:
    assert index_words(fold(text)) == index_words(text)


def test_spans_survive_foldings_that_change_the_length() -> None:
    text = "Die Straße: ﬁn\u00adal œuvre, cafe\u0301 noir"
    slices = {word.folded: text[word.start : word.end] for word in words(text)}
    assert slices == {
        "die": "Die",
        "strasse": "Straße",
        "final": "ﬁn\u00adal",
        "oeuvre": "œuvre",
        "cafe": "cafe\u0301",
        "noir": "noir",
    }


def test_a_hamza_at_either_end_belongs_to_its_word() -> None:
    assert [(word.start, word.end) for word in words("هذا ءامن سماءِ")] == [(0, 3), (4, 8), (9, 14)]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("l'Algérie et N’Djamena", ["l", "algerie", "et", "n", "djamena"]),
        ("co-opération snake_case U.S.", ["co", "operation", "snake", "case", "u", "s"]),
        ("中国军队", ["中", "国", "军", "队"]),
        ("中国a中", ["中", "国", "a", "中"]),
        ("ポート", ["\u30db\u309a", "ー", "ト"]),
        ("กั่งไทย", ["กั่", "ง", "ไ", "ท", "ย"]),
        ("२०२६ में हिंदी", ["2026", "में", "हिंदी"]),
        ("한국 군대", [unicodedata.normalize("NFD", "한국"), unicodedata.normalize("NFD", "군대")]),
        ("", []),
        (" …!? ", []),
    ],
)
def test_words_are_split_at_whatever_is_no_letter_mark_or_digit(
    text: str, folded: list[str]
) -> None:
    assert [word.folded for word in words(text)] == folded


def test_a_half_width_letter_and_its_voice_mark_are_one_word() -> None:
    assert words("ﾎﾟ") == (Word("\u30db\u309a", 0, 2),)


def test_blocks_end_at_an_empty_line_alone() -> None:
    assert index_words("one two\nthree\n\n\n\nfour 中\n\n国") == "one two three ¶ four 中 ¶ 国"
    assert index_words("a¶b") == "a b"


def test_a_single_line_has_single_spaces() -> None:
    assert single_line("\t a\n\nb\u00a0 c \r\n") == "a b c"


def test_what_steers_a_terminal_becomes_a_symbol() -> None:
    assert visible("\x1b[31mred\x07\x9b\x7f") == "␛[31mred␇⟨U+009B⟩␡"
    assert visible("a\u202eb\u2066c\u2028d\ud800") == "a⟨U+202E⟩b⟨U+2066⟩c⟨U+2028⟩d⟨U+D800⟩"
    assert visible("a\n\tb") == "a␊␉b"
    assert visible("a\n\tb\x1b", keep_lines=True) == "a\n\tb␛"
    assert (
        visible("Sahél \u200fمالي می\u200cخواهم\u00a0!") == "Sahél \u200fمالي می\u200cخواهم\u00a0!"
    )


@given(TEXTS)
@settings(max_examples=50, deadline=None)
def test_what_is_visible_can_be_printed_and_steers_nothing(text: str) -> None:
    shown = visible(text)
    shown.encode()
    assert not any(unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") for each in shown)
    assert visible(shown) == shown
