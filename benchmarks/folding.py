"""Measures folding and splitting a text of 1,500 characters: `python -m benchmarks.folding`.

Written for the promise that folding Latin text costs 15-30 µs; prints microseconds a text, the
best of several rounds, for five scripts.
"""

import timeit
from collections.abc import Callable

from aggregator.text import fold, index_words, words

LENGTH = 1_500
TEXTS = {
    "English": "The Sahel states of Mali, Niger and Burkina Faso have announced joint patrols. ",
    "French": "Les États du Sahel, à savoir le Mali et le Niger, ont annoncé des opérations. ",
    "Arabic": "أعلنت دول الساحل وهي مالي وبوركينا فاسو والنيجر عن دوريات مشتركة على الحدود. ",
    "Russian": "Страны Сахеля — Мали, Буркина-Фасо и Нигер — объявили о патрулировании границ. ",
    "Chinese": "马里、布基纳法索和尼日尔宣布在边境联合巡逻。",
}


def microseconds(function: Callable[[str], object], text: str) -> float:
    """Return the best time of one call."""
    calls = 200
    return min(timeit.repeat(lambda: function(text), number=calls, repeat=7)) / calls * 1e6


def main() -> None:
    """Print the table."""
    functions = (fold, index_words, words)
    print(f"µs a text of {LENGTH:,} characters", *(each.__name__ for each in functions), sep="\t")
    for name, sentence in TEXTS.items():
        text = (sentence * LENGTH)[:LENGTH]
        print(name.ljust(24), *(f"{microseconds(each, text):.1f}" for each in functions), sep="\t")


if __name__ == "__main__":
    main()
