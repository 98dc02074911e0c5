"""How well tags fit, as people read it and as programs do."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.console import RenderableType
from rich.text import Text

from aggregator.cli import terminal
from aggregator.cli.explained import given_rows, unmet_object, unmet_rows
from aggregator.cli.places import evidence_objects
from aggregator.evaluation import Measure, Tally, Verdict, by_language, tally
from aggregator.model.entries import TaggedEntry
from aggregator.output.jsonfeed import Json
from aggregator.output.publication import publications
from aggregator.reasons import Given, Missed
from aggregator.text import single_line, visible
from aggregator.wording import counted


@dataclass(frozen=True, slots=True)
class Mistake:
    """An entry that carries a tag and should not, or the other way round, and why."""

    place: str
    id: str
    subject: TaggedEntry
    why: Given | Missed


@dataclass(frozen=True, slots=True)
class Assessed:
    """What came of one tag, and the first mistakes of either kind."""

    tag: str
    verdicts: tuple[Verdict, ...]
    wrongly_given: tuple[Mistake, ...]
    not_given: tuple[Mistake, ...]

    @property
    def tally(self) -> Tally:
        """The counts over all languages."""
        return tally(self.verdicts)

    @property
    def languages(self) -> dict[str, Tally]:
        """The counts by language."""
        return by_language(self.verdicts)


# --- for people -----------------------------------------------------------------------------------


def page(assessed: Sequence[Assessed], entries: int) -> Iterator[RenderableType]:
    """Yield the figures, of all languages and of each, then the mistakes."""
    names = ("tag", "judged", "hold", "precision", "recall", "F1")
    is_narrow = (terminal.stdout().columns or _NARROW) < _NARROW
    measure = _value if is_narrow else _with_interval
    told = "a wider terminal shows intervals" if is_narrow else "behind each figure its interval"
    yield terminal.columns(names, _figures(assessed, measure))
    yield Text(f"\n{counted(entries, 'entry')}; {told} of 95 %.")
    if by_language := list(_figures_by_language(assessed, measure)):
        yield Text("")
        yield terminal.columns(("language", *names[1:]), by_language)
    for each in assessed:
        wrong, lacking = each.tally.false_positives, each.tally.false_negatives
        yield from _told_mistakes(f"{each.tag}: wrongly given to", wrong, each.wrongly_given)
        yield from _told_mistakes(f"{each.tag}: not given to", lacking, each.not_given)


_NARROW = 70
"""A terminal with fewer columns has no room for intervals beside names that are not cut up."""

Line = tuple[str | int, ...]
Shown = Callable[[Measure | None], str]


def _figures(assessed: Sequence[Assessed], measure: Shown) -> Iterator[Line]:
    for each in assessed:
        yield _line(each.tag, each.tally, measure)
    if len(assessed) > 1:
        together = tally(one for each in assessed for one in each.verdicts)
        yield _line("together", together, measure)


def _figures_by_language(assessed: Sequence[Assessed], measure: Shown) -> Iterator[Line]:
    for each in assessed:
        languages = each.languages
        if len(languages) > 1:
            yield _line(each.tag, each.tally, measure)
            for language, counts in languages.items():
                yield _line(f"· {language}", counts, measure)


def _line(name: str, counts: Tally, measure: Shown) -> Line:
    measures = (counts.precision, counts.recall, counts.f1)
    return (name, counts.entries, counts.expected, *map(measure, measures))


def _value(measure: Measure | None) -> str:
    return "–" if measure is None else f"{measure.value:.2f}"


def _with_interval(measure: Measure | None) -> str:
    if measure is None:
        return "–"
    low, high = (f"{end:.2f}".removeprefix("0") for end in (measure.low, measure.high))
    return f"{measure.value:.2f} {low}–{high}"


def _told_mistakes(told: str, number: int, mistakes: Sequence[Mistake]) -> Iterator[RenderableType]:
    if not mistakes:
        return
    shown = f", the first {len(mistakes):,}" if number > len(mistakes) else ""
    title = f"{told} {counted(number, 'entry')}{shown}"
    yield Text(f"\n{visible(title)}", style="bold underline")
    for each in mistakes:
        yield from _told_mistake(each, colour=terminal.stdout().colour)


def _told_mistake(mistake: Mistake, *, colour: bool) -> Iterator[RenderableType]:
    subject = mistake.subject
    (publication,) = publications([subject])
    language = subject.entry.language or "und"
    yield Text(f"\n{visible(single_line(publication.title))}", style="bold")
    yield Text(visible(f"{mistake.place} · {mistake.id} · {language}"), style="dim")
    match mistake.why:
        case Given():
            yield terminal.pairs(given_rows(mistake.why, subject.entry, colour=colour))
        case Missed(unmet=unmet):
            yield terminal.pairs(
                row for part in unmet for row in unmet_rows(part, subject.entry, colour=colour)
            )


# --- for programs ---------------------------------------------------------------------------------


def assessed_object(
    assessed: Iterable[Assessed], part: str, entries: int, short: Sequence[str]
) -> Json:
    """Return the object of ``evaluate --format json``."""
    return {
        "version": 1,
        "part": part,
        "entries": entries,
        "tags": [_tag_object(each) for each in assessed],
        "short": list(short),
    }


def _tag_object(assessed: Assessed) -> Json:
    return {
        "name": assessed.tag,
        **_tally_object(assessed.tally),
        "languages": [
            {"language": language, **_tally_object(counts)}
            for language, counts in assessed.languages.items()
        ],
        "wrongly_given": [_mistake_object(each) for each in assessed.wrongly_given],
        "not_given": [_mistake_object(each) for each in assessed.not_given],
    }


def _tally_object(counts: Tally) -> Json:
    return {
        "entries": counts.entries,
        "true_positives": counts.true_positives,
        "false_positives": counts.false_positives,
        "false_negatives": counts.false_negatives,
        "precision": _measure_object(counts.precision),
        "recall": _measure_object(counts.recall),
        "f1": _measure_object(counts.f1),
    }


def _measure_object(measure: Measure | None) -> Json | None:
    if measure is None:
        return None
    return {"value": measure.value, "low": measure.low, "high": measure.high}


def _mistake_object(mistake: Mistake) -> Json:
    entry = mistake.subject.entry
    told: Json = {
        "place": mistake.place,
        "id": mistake.id,
        "title": entry.title or None,
        "language": entry.language,
    }
    match mistake.why:
        case Given(tag=tag):
            return {**told, "evidence": evidence_objects(tag.evidence, entry)}
        case Missed(unmet=unmet):
            return {**told, "unmet": [unmet_object(part, entry) for part in unmet]}
