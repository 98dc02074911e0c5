"""Measures how well the languages of short news texts are told: `python -m benchmarks.languages`.

The texts are the labelled entries of ``tests/data/tagging``: their titles alone, and all they say.
The first table has what the detector says when it must answer, and what is decided when nothing is
declared; the second what becomes of a wrong declaration (``en-US`` over everything that is not in
English) and of a right one. Prints shares of the texts of each length, and milliseconds a text.
"""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from aggregator.detection.deciding import language_of
from aggregator.detection.detector import detect

LABELLED = Path(__file__).parents[1] / "tests" / "data" / "tagging"
LENGTHS = (40, 80, 150, 400)
WRONG = "en-US"


@dataclass(frozen=True, slots=True)
class Sample:
    """A text and the language that it is in."""

    language: str
    texts: tuple[str, ...]

    @property
    def length(self) -> str:
        """The bin of its length in characters."""
        characters = sum(map(len, self.texts))
        return next((f"< {most}" for most in LENGTHS if characters < most), f">= {LENGTHS[-1]}")


def samples() -> Iterator[Sample]:
    """Yield every labelled entry twice: its title, and all its texts if there are more."""
    for path in sorted(LABELLED.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            title = entry["title"]
            yield Sample(entry["language"], (title,))
            more = tuple(entry[key] for key in ("summary", "content_text") if entry.get(key))
            if more:
                yield Sample(entry["language"], (title, *more))


def forced(sample: Sample) -> str:
    """Return what the detector alone says."""
    found = detect("\n".join(sample.texts))
    return found.language if found else "und"


OUTCOMES: dict[str, Callable[[Sample], bool]] = {
    "detector right": lambda sample: forced(sample) == sample.language,
    "undeclared right": lambda sample: language_of(None, sample.texts) == sample.language,
    "undeclared unknown": lambda sample: language_of(None, sample.texts) is None,
    "right kept": lambda sample: language_of(sample.language, sample.texts) == sample.language,
    "wrong mended": lambda sample: language_of(WRONG, sample.texts) == sample.language,
    "wrong kept": lambda sample: language_of(WRONG, sample.texts) == WRONG,
}


def table(columns: list[str], binned: dict[str, list[Sample]]) -> None:
    """Print shares in per cent, a line for each length."""
    print("characters", "texts", *columns, sep="\t")
    for name, group in binned.items():
        shares = (sum(map(OUTCOMES[column], group)) / len(group) for column in columns)
        print(name.ljust(10), len(group), *(f"{share:.1%}" for share in shares), sep="\t")


def by(key: Callable[[Sample], str], group: list[Sample]) -> dict[str, list[Sample]]:
    """Return the samples by what they have in common."""
    binned: defaultdict[str, list[Sample]] = defaultdict(list)
    for sample in sorted(group, key=lambda one: sum(map(len, one.texts))):
        binned[key(sample)].append(sample)
    return dict(binned)


def main() -> None:
    """Print the tables."""
    group = list(samples())
    started = time.perf_counter()
    for sample in group:
        language_of(WRONG, sample.texts)
    each = (time.perf_counter() - started) / len(group)
    table(
        ["detector right", "undeclared right", "undeclared unknown", "right kept"],
        by(lambda sample: sample.length, group),
    )
    foreign = [sample for sample in group if sample.language != "en"]
    table(["wrong mended", "wrong kept"], by(lambda sample: sample.length, foreign))
    table(["detector right", "undeclared right"], by(lambda sample: sample.language, group))
    print(f"{each * 1e3:.3f} ms a text")


if __name__ == "__main__":
    main()
