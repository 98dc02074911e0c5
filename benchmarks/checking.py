"""Measures `check` over 1,000 rules: `python -m benchmarks.checking [RULES]`.

Written for the promise that all examples and all lints take under a second. The rules have ten
terms each, every tenth one is a score, every fifth mentions one of ten lists of a hundred terms,
every seventh refers to another tag; each has two examples of either kind. Prints CPU seconds, the
best of three rounds: reading the files, running the examples, the lints, all together.
"""

import random
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from aggregator.config.checking import check_examples
from aggregator.config.linting.lint import lint
from aggregator.config.load import Loaded, load_written

SYLLABLES = ("ba", "de", "fi", "go", "ku", "la", "mé", "no", "ra", "si", "to", "ve", "zal", "phor")
LISTS, TERMS = 10, 100


def words(chance: random.Random, count: int) -> list[str]:
    """Return invented words."""
    return ["".join(chance.choices(SYLLABLES, k=chance.randint(3, 5))) for _ in range(count)]


def term(chance: random.Random, vocabulary: list[str]) -> str:
    """Return a word, a phrase, a wildcard or an exception, as often as people write them."""
    one, two, three = chance.choices(vocabulary, k=3)
    return chance.choice((one, f'"{one} {two}"', f'"{one} {two} {three}"', f"{one}*"))


def rule(number: int, chance: random.Random, vocabulary: list[str]) -> str:
    """Return the section of one tag."""
    terms = [term(chance, vocabulary) for _ in range(10)]
    examples = [" ".join(chance.choices(vocabulary, k=8)) for _ in range(3)]
    matching = terms[0].replace('"', "").replace("*", "")
    lines = [f"  tag-{number}:"]
    if number % 10 == 0:
        lines.append("    score:")
        lines += [f"      - {{when: '{each}', weight: 2}}" for each in terms]
        lines.append("    threshold: 2")
    else:
        more = [f"$list-{number % LISTS}"] if number % 5 == 1 else []
        more += [f"tag:tag-{number - 1}"] if number % 7 == 1 and number > 1 else []
        lines += ["    query: |", "      " + "\n      OR ".join([*terms, *more])]
    lines += ["    examples:", f"      match: [{matching}, {matching} {examples[0]}]"]
    return "\n".join([*lines, f"      no_match: [unrelated news, nothing {number}]", ""])


def configuration(rules: int) -> str:
    """Return a whole feeds.yaml."""
    chance = random.Random(3)
    vocabulary = words(chance, 4_000)
    lists = (
        f"  list-{number}: [{', '.join(chance.choices(vocabulary, k=TERMS))}]\n"
        for number in range(LISTS)
    )
    tags = (rule(number, chance, vocabulary) for number in range(rules))
    return f"terms:\n{''.join(lists)}tags:\n{''.join(tags)}"


def seconds(function: Callable[[], object]) -> float:
    """Return the CPU time that a call takes."""
    begun = process_time()
    function()
    return process_time() - begun


def measured(path: Path) -> tuple[float, float, float]:
    """Return the seconds of reading, examples and lints."""
    loaded: list[Loaded] = []
    reading = seconds(lambda: loaded.append(load_written(path)))
    examples = seconds(lambda: check_examples(loaded[0].config.rules))
    return reading, examples, seconds(lambda: lint(loaded[0], None))


def main() -> None:
    """Print the table."""
    rules = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with TemporaryDirectory() as directory:
        path = Path(directory) / "feeds.yaml"
        path.write_text(configuration(rules), encoding="utf-8")
        rounds = [measured(path) for _ in range(3)]
    reading, examples, lints = (min(each) for each in zip(*rounds, strict=True))
    print(f"CPU seconds for {rules:,} rules", "reading", "examples", "lints", "together", sep="\t")
    total = reading + examples + lints
    print("".ljust(24), *(f"{each:.2f}" for each in (reading, examples, lints, total)), sep="\t")


if __name__ == "__main__":
    main()
