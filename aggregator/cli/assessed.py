"""How well tags fit, as people read it and as programs do."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.console import RenderableType
from rich.text import Text

from aggregator.cli import terminal
from aggregator.cli.explained import given_rows, unmet_object, unmet_rows
from aggregator.cli.places import evidence_objects
from aggregator.cli.reasons import Given, Missed
from aggregator.evaluation import Measure, Tally, Verdict, by_language, tally
from aggregator.model import TaggedEntry
from aggregator.output.jsonfeed import Json
from aggregator.output.publication import publications
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
    """What came of one tag."""

    tag: str
    verdicts: tuple[Verdict, ...]
    mistakes: tuple[Mistake, ...]

    @property
    def tally(self) -> Tally:
        """The counts over all languages."""
        return tally(self.verdicts)

    @property
    def languages(self) -> dict[str, Tally]:
        """The counts by language."""
        return by_language(self.verdicts)


# --- for people -----------------------------------------------------------------------------------


def page(assessed: Sequence[Assessed], entries: int, most: int) -> Iterator[RenderableType]:
    """Yield the figures, then at most so many mistakes of each kind and tag."""
    names = ("tag", "judged", "hold", "precision", "recall", "F1")
    yield terminal.columns(names, _figures(assessed))
    yield Text("")
    yield Text(f"{counted(entries, 'entry')}; behind each figure its interval of 95 %.")
    if most:
        for each in assessed:
            yield from _told_mistakes(each, most)


def _figures(assessed: Sequence[Assessed]) -> Iterator[tuple[str | int, ...]]:
    for each in assessed:
        yield _line(each.tag, each.tally)
        languages = each.languages
        if len(languages) > 1:
            for language, of_language in languages.items():
                yield _line(f"· {language}", of_language)
    if len(assessed) > 1:
        yield _line("together", tally(one for each in assessed for one in each.verdicts))


def _line(name: str, counts: Tally) -> tuple[str | int, ...]:
    measures = (counts.precision, counts.recall, counts.f1)
    return (name, counts.entries, counts.expected, *map(_measure, measures))


def _measure(measure: Measure | None) -> str:
    if measure is None:
        return "–"
    low, high = (f"{end:.2f}".removeprefix("0") for end in (measure.low, measure.high))
    return f"{measure.value:.2f} {low}–{high}"


def _told_mistakes(assessed: Assessed, most: int) -> Iterator[RenderableType]:
    colour = terminal.stdout().colour
    kinds = (("wrongly given", Given), ("not given", Missed))
    for told, kind in kinds:
        mistakes = [each for each in assessed.mistakes if isinstance(each.why, kind)]
        if not mistakes:
            continue
        shown = f", the first {most:,}" if len(mistakes) > most else ""
        title = f"{assessed.tag}: {told} to {counted(len(mistakes), 'entry')}{shown}"
        yield Text(f"\n{visible(title)}", style="bold underline")
        for each in mistakes[:most]:
            yield from _told_mistake(each, colour=colour)


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
    assessed: Iterable[Assessed], part: str, most: int, short: Sequence[str]
) -> Json:
    """Return the object of ``evaluate --format json``."""
    return {
        "version": 1,
        "part": part,
        "tags": [_tag_object(each, most) for each in assessed],
        "short": list(short),
    }


def _tag_object(assessed: Assessed, most: int) -> Json:
    wrong = [each for each in assessed.mistakes if isinstance(each.why, Given)]
    lacking = [each for each in assessed.mistakes if isinstance(each.why, Missed)]
    return {
        "name": assessed.tag,
        **_tally_object(assessed.tally),
        "languages": [
            {"language": language, **_tally_object(counts)}
            for language, counts in assessed.languages.items()
        ],
        "wrongly_given": [_mistake_object(each) for each in wrong[:most]],
        "not_given": [_mistake_object(each) for each in lacking[:most]],
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
