"""What ``check`` found, in words and as one object."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aggregator.config.checking import ExampleFailure
from aggregator.config.linting.remark import Lint
from aggregator.config.settings import Config
from aggregator.durations import show_duration
from aggregator.errors import Problem
from aggregator.output.jsonfeed import Json
from aggregator.polling import USUAL_FLOOR
from aggregator.tagging import Rule
from aggregator.wording import counted

_SHOWN = 5
"""Lints of one kind, and feeds in a warning, that are told; how many more there are is."""


@dataclass(frozen=True, slots=True)
class Checked:
    """All that was found; ``config`` is None where it cannot be used.

    ``notes`` are sentences on the database: what is to be done there, or why it was not asked.
    """

    path: str
    config: Config | None
    problems: Sequence[Problem] = ()
    failures: Sequence[ExampleFailure] = ()
    lints: Sequence[Lint] = ()
    notes: Sequence[str] = ()

    def status(self, *, is_strict: bool) -> int:
        """Return the exit status."""
        if self.config is None:
            return 2
        return 1 if self.failures or (is_strict and self.lints) else 0


def told(found: Checked) -> Iterator[str]:
    """Yield what is wrong, each as ``file:line: sentence``, and how much of each sort there is."""
    yield from _all(found.problems, "mistake")
    yield from _warnings(found.config)
    yield from found.notes
    yield from _lints(found.lints)
    yield from _all(found.failures, "failing example")


def verdict(found: Checked) -> str | None:
    """Return the sentence on a configuration that is in order; None if it is not."""
    config = found.config
    if config is None or found.failures:
        return None
    counts = [counted(len(config.subscriptions), "feed"), counted(len(config.rules), "tag")]
    if config.lists:
        counts.append(counted(len(config.lists), "list"))
    counts.append(counted(len(config.outputs), "output"))
    examples = _all_hold(sum(map(_examples, config.rules)))
    return f"{found.path} is in order: {', '.join(counts)}; {examples}."


def _all(found: Sequence[Problem | ExampleFailure], what: str) -> Iterator[str]:
    yield from map(str, found)
    if found:
        yield f"{counted(len(found), what)}."


def _lints(lints: Sequence[Lint]) -> Iterator[str]:
    """Yield at most a few of each kind: what is wrong a hundred times need not be read so often."""
    seen = Counter[str]()
    for lint in lints:
        seen[lint.kind] += 1
        if seen[lint.kind] <= _SHOWN:
            yield str(lint)
    hidden = sum(max(0, number - _SHOWN) for number in seen.values())
    if hidden:
        yield f"… and {hidden:,} more like these: `check --format json` has them all."
    if lints:
        yield f"{counted(len(lints), 'lint')}."


def _all_hold(examples: int) -> str:
    match examples:
        case 0:
            return "there are no examples to run"
        case 1:
            return "the one example holds"
        case _:
            return f"all {examples:,} examples hold"


def _examples(rule: Rule) -> int:
    return len(rule.examples_match) + len(rule.examples_no_match)


def _warnings(config: Config | None) -> tuple[str, ...]:
    """Return what is allowed, but binds whoever writes it."""
    feeds = () if config is None else config.subscriptions
    hasty = [
        f"{feed.name or feed.url} ({show_duration(feed.interval)})"
        for feed in feeds
        if feed.interval is not None
        and feed.interval < USUAL_FLOOR
        and not feed.location.startswith("file:")
    ]
    insecure = [feed.name or feed.url for feed in feeds if feed.insecure]
    warnings = (
        (
            f"Polled more often than once in {show_duration(USUAL_FLOOR)}, which their publishers"
            " must have agreed to",
            hasty,
        ),
        ("Asked whatever the certificate, so that anybody on the way may write them", insecure),
    )
    return tuple(f"{told}: {_some(these)}." for told, these in warnings if these)


def _some(these: Sequence[str]) -> str:
    more = f" and {len(these) - _SHOWN} more" if len(these) > _SHOWN else ""
    return f"{', '.join(these[:_SHOWN])}{more}"


def report(found: Checked) -> Json:
    """Return the object that ``--format json`` prints; counts are null without a configuration."""
    config = found.config
    return {
        "version": 1,
        "config": found.path,
        "feeds": None if config is None else len(config.subscriptions),
        "tags": None if config is None else len(config.rules),
        "lists": None if config is None else len(config.lists),
        "outputs": None if config is None else len(config.outputs),
        "examples": None if config is None else sum(map(_examples, config.rules)),
        "problems": [
            {
                "path": problem.path,
                "line": problem.line,
                "sentence": problem.sentence,
                "excerpt": problem.excerpt,
            }
            for problem in found.problems
        ],
        "failing_examples": [
            {
                "path": failure.path,
                "line": failure.line,
                "tag": failure.rule,
                "sentence": failure.sentence,
            }
            for failure in found.failures
        ],
        "lints": [
            {
                "path": lint.path,
                "line": lint.line,
                "kind": lint.kind,
                "of": lint.owner,
                "sentence": lint.sentence,
            }
            for lint in found.lints
        ],
        "warnings": [*_warnings(config), *found.notes],
    }
