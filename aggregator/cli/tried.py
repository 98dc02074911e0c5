"""What a query finds, as people read it and as programs do."""

from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from aggregator.asking.trial import BREAKDOWNS, Change, Sample, Tried, breakdown
from aggregator.cli import terminal
from aggregator.cli.explained import heading
from aggregator.cli.marking import plain
from aggregator.cli.places import evidence_objects, places
from aggregator.output.jsonfeed import Json
from aggregator.text import single_line, visible
from aggregator.wording import counted

MOST_ROWS = 6
"""Rows of a breakdown; the others are one row together."""
_BAR = 24
"""The length of the longest bar, where there is room for it."""
_SHORTEST_BAR = 4


# --- for people -----------------------------------------------------------------------------------


def page(tried: Tried) -> Iterator[RenderableType]:
    """Yield what people read."""
    yield Text(_summary(tried), style="bold")
    if tried.refusal is not None:
        yield Text("\nA rule may not ask this:", style="bold")
        yield plain(tried.refusal)
    for name in BREAKDOWNS if tried.counted else ():
        yield Text("")
        yield _table(name, breakdown(tried.counted, name))
    left = tried.matching - len(tried.counted)
    if tried.counted and left > 0:
        newest = f"the newest {len(tried.counted):,}"
        yield Text(f"\nCounted are {newest} of them: --limit 0 counts all.", style="dim")
    yield from _told_samples("The newest", tried.samples)
    if tried.change:
        yield from _told_change(tried.change)


def _summary(tried: Tried) -> str:
    if tried.stored == 0:
        return "No entries are stored (in this period): there is nothing to try it on."
    if tried.matching == 0:
        return f"No entry matches, of {tried.stored:,}."
    share = tried.matching / tried.stored
    told = f"{share:.1%}" if share >= 0.001 else "less than 0.1%"
    verb = "matches" if tried.matching == 1 else "match"
    return f"{counted(tried.matching, 'entry')} of {tried.stored:,} {verb} ({told})."


def _table(name: str, counts: Sequence[tuple[str, int]]) -> RenderableType:
    most = max(count for _, count in counts)
    length = _room(name, *(of for of, _ in counts[:MOST_ROWS]))
    rows = [(of, count, _bar(count / most, length)) for of, count in counts[:MOST_ROWS]]
    if rest := counts[MOST_ROWS:]:
        rows.append((f"and {len(rest):,} more", sum(count for _, count in rest), ""))
    return terminal.columns((name, "entries", ""), rows)


def _room(*names: str) -> int:
    """Return how long a bar may be beside the names and counts."""
    columns = terminal.stdout().columns
    if columns is None:
        return _BAR
    beside = max(cell_len(visible(single_line(name))) for name in names) + len("  entries  ")
    return max(_SHORTEST_BAR, min(_BAR, columns - beside))


def _bar(share: float, length: int) -> str:
    """Return a bar, in eighths of a character."""
    eighths = max(1, round(8 * length * share))
    return "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()


def _told_samples(title: str, samples: Sequence[Sample]) -> Iterator[RenderableType]:
    if not samples:
        return
    colour = terminal.stdout().colour
    yield Text(f"\n{title}", style="bold underline")
    for sample in samples:
        yield Text("")
        yield from heading(sample.subject)
        yield terminal.pairs(places(sample.evidence, sample.subject.entry, colour=colour))


def _told_change(change: Change) -> Iterator[RenderableType]:
    figures = f"+{change.added:,} −{change.taken:,} ={change.kept:,}"
    told = f"added, taken off, kept, of {change.tagged:,} that carry it"
    yield Text(f"\nAs the tag {visible(change.tag)}: {figures}", style="bold")
    yield Text(f"({told})", style="dim")
    if change.scope:
        yield plain(f"Within the feeds of its rule: {change.scope}")
    yield from _told_samples(f"It would add {change.added:,}", change.samples_added)
    yield from _told_samples(f"It would take off {change.taken:,}", change.samples_taken)


# --- for programs ---------------------------------------------------------------------------------


def tried_object(tried: Tried) -> Json:
    """Return the object of ``try --format json``."""
    return {
        "version": 1,
        "query": tried.query_text,
        "stored": tried.stored,
        "matching": tried.matching,
        "counted": len(tried.counted),
        **{
            f"by_{name}": [
                {name: of, "entries": count} for of, count in breakdown(tried.counted, name)
            ]
            for name in BREAKDOWNS
        },
        "refused_in_rules": tried.refusal,
        "samples": _sample_objects(tried.samples),
        "change": None if tried.change is None else _change_object(tried.change),
    }


def _change_object(change: Change) -> Json:
    return {
        "tag": change.tag,
        "feeds": change.scope,
        "tagged": change.tagged,
        "added": change.added,
        "taken": change.taken,
        "kept": change.kept,
        "samples_added": _sample_objects(change.samples_added),
        "samples_taken": _sample_objects(change.samples_taken),
    }


def _sample_objects(samples: Iterable[Sample]) -> list[Json]:
    return [
        {
            "id": sample.subject.entry.id,
            "title": sample.subject.entry.title or None,
            "feed": sample.subject.source.name,
            "link": sample.subject.entry.link,
            "evidence": evidence_objects(sample.evidence, sample.subject.entry),
        }
        for sample in samples
    ]
