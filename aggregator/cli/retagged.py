"""What a retag moved, or would move: for people, and for programs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from textwrap import wrap

from rich.console import RenderableType
from rich.text import Text

from aggregator.cli import terminal
from aggregator.cli.marking import marked, plain
from aggregator.cli.places import evidence_objects, places
from aggregator.config.settings import Config
from aggregator.dates import rfc3339
from aggregator.definitions import lists_of
from aggregator.output.jsonfeed import Json
from aggregator.output.publication import publications
from aggregator.query.nodes import Node, Or
from aggregator.query.printing import show
from aggregator.reapplying import Sample, Tally
from aggregator.retagging import NO_RULE, notice
from aggregator.tagging import Rule
from aggregator.text import single_line, visible
from aggregator.wording import counted, local

_QUERY_WIDTH = 72


@dataclass(frozen=True, slots=True)
class Retagged:
    """What came of it; per tag the tally, its title, and its version before and now.

    A version is `NO_RULE` where there is none. ``entries`` were looked at. ``resumed`` says that
    an earlier run had done a part, which is not counted here.
    """

    tallies: Mapping[str, Tally]
    titles: Mapping[str, str]
    before: Mapping[str, str]
    targets: Mapping[str, str]
    entries: int
    is_dry: bool
    resumed: bool = False


# --- for people --------------------------------------------------------------------------------


def shown(retagged: Retagged, zone: tzinfo) -> Iterator[RenderableType]:
    """Yield the parts of the report."""
    if not retagged.targets:
        yield Text("Nothing to retag: all that is stored follows the rules of today.")
        return
    dry = "Nothing was changed: this is what would be. " if retagged.is_dry else ""
    rest = " What the interrupted run had done is not counted." if retagged.resumed else ""
    yield Text(
        f"{dry}{counted(retagged.entries, 'entry')} looked at: + gain the tag, − lose it, ~ keep it"
        f" for other words, of those that carried it.{rest}"
    )
    still = [name for name, tally in retagged.tallies.items() if not tally.moved]
    for name in (name for name in retagged.tallies if name not in still):
        tally = retagged.tallies[name]
        yield Text("")
        yield _heading(name, retagged)
        samples = [*_signed("+", tally.samples_gained), *_signed("−", tally.samples_lost)]
        if samples:
            yield terminal.pairs(_rows(samples, zone))
    if still:
        yield Text(f"\nNothing moves of {visible(', '.join(still))}.")


def _heading(name: str, retagged: Retagged) -> Text:
    title = retagged.titles.get(name)
    told = f" ({title})" if title and title.casefold() != name else ""
    heading = Text(f"{visible(name)}{visible(told)}: ", style="bold")
    heading.append(retagged.tallies[name].told())
    return heading.append(f"\n{_versions(name, retagged)}", style="dim not bold")


def _versions(name: str, retagged: Retagged) -> str:
    before, target = retagged.before.get(name, NO_RULE), retagged.targets[name]
    if target == NO_RULE:
        return "no rule gives it any more"
    if before in (NO_RULE, target):
        return f"version {target}"
    return f"version {target}, until now {before}"


def _signed(sign: str, samples: Sequence[Sample]) -> Iterator[tuple[str, Sample]]:
    return ((sign, sample) for sample in samples)


def _rows(samples: Sequence[tuple[str, Sample]], zone: tzinfo) -> Iterator[tuple[str, Text]]:
    colour = terminal.stdout().colour
    for number, (sign, sample) in enumerate(samples):
        if number:
            yield "", Text()
        entry, source = sample.subject.entry, sample.subject.source
        evidence = sample.tag.evidence
        spans = [(each.start, each.end) for each in evidence if each.field == "title"]
        if entry.title:
            yield sign, marked(_on_one_line(entry.title), spans, colour=colour)
        else:
            (publication,) = publications([sample.subject])
            yield sign, Text(visible(publication.title))
        told = f"{local(sample.subject.arrived_at, zone)} · {single_line(source.name)} · {entry.id}"
        yield "", Text(visible(told), style="dim")
        others = [each for each in evidence if each.field != "title"]
        yield from places(others, entry, colour=colour)


def _on_one_line(text: str) -> str:
    """Return a text on one line, every character in its place."""
    return "".join(" " if character.isspace() else character for character in text)


def advice(
    retagged: Retagged, config: Config, former: Rule | None, awaited: Sequence[str]
) -> Iterator[RenderableType]:
    """Yield what to type next; ``awaited`` are the tags that are still pending."""
    if retagged.is_dry:
        yield Text("\nThe same command without --dry-run applies it.")
        return
    former_versions = {
        name: version
        for name, version in retagged.before.items()
        if version not in (NO_RULE, retagged.targets[name]) and retagged.tallies[name].moved
    }
    if former_versions:
        yield Text("\nTo undo it:")
    for name, version in former_versions.items():
        yield Text(f"  aggregator retag {visible(name)} --to {version}")
    if former is not None and former.name in awaited:
        yield from _write_back(former, config)
    elif awaited:
        yield Text(f"\n{visible(notice(awaited))}")


def _write_back(former: Rule, config: Config) -> Iterator[Text]:
    today = config.rules_by_name().get(former.name)
    told = (
        f"still holds version {today.version} of {former.name}: new entries get that one."
        if today
        else f"has no rule for {former.name}: no new entry gets it."
    )
    yield Text(
        f"\n{visible(config.path.name)} {visible(told)} To keep the former one, write it back:\n"
    )
    yield plain(f"  {former.name}:")
    for line in _rule_lines(former):
        yield plain(f"    {line}")
    changed = {
        name: terms for name, terms in lists_of(former).items() if terms != config.lists.get(name)
    }
    if changed:
        yield Text("\nwith these lists, under terms:\n")
    for name, terms in changed.items():
        yield plain(f"  {name}:")
        yield from (plain(f"    {line}") for line in _list_lines(terms))


def _rule_lines(rule: Rule) -> Iterator[str]:
    if rule.query is not None:
        yield "query: |"
        # A line's end is a space to a query, be it within quotes.
        for line in wrap(
            rule.query_text, _QUERY_WIDTH, break_long_words=False, break_on_hyphens=False
        ):
            yield f"  {line}"
    if rule.score is not None:
        yield f"threshold: {rule.score.threshold:g}"
        yield "score:"
        for clause in rule.score.clauses:
            hits = "" if not clause.per_hit else ", per_hit: true"
            most = "" if clause.at_most is None else f", max: {clause.at_most}"
            quoted = clause.query_text.replace("'", "''")
            yield f"  - {{when: '{quoted}', weight: {clause.weight:g}{hits}{most}}}"
    if rule.feeds is not None:
        yield f"feeds: …    # those of the query {rule.feeds.query_text}"


def _list_lines(terms: Node) -> Iterator[str]:
    for item in terms.operands if isinstance(terms, Or) else (terms,):
        quoted = show(item).replace("'", "''")
        yield f"- '{quoted}'"


# --- for programs ------------------------------------------------------------------------------


def report(retagged: Retagged) -> Json:
    """Return the object that ``--format json`` prints; described in docs/json.md."""
    return {
        "version": 1,
        "dry_run": retagged.is_dry,
        "resumed": retagged.resumed,
        "entries": retagged.entries,
        "tags": [_tag(name, tally, retagged) for name, tally in retagged.tallies.items()],
    }


def _tag(name: str, tally: Tally, retagged: Retagged) -> Json:
    return {
        "name": name,
        "title": retagged.titles.get(name),
        "version": retagged.targets[name] or None,
        "previous_version": retagged.before.get(name) or None,
        "carried": tally.carried,
        "gained": tally.gained,
        "lost": tally.lost,
        "renewed": tally.renewed,
        "samples": {
            "gained": [_sample(sample) for sample in tally.samples_gained],
            "lost": [_sample(sample) for sample in tally.samples_lost],
        },
    }


def _sample(sample: Sample) -> Json:
    entry = sample.subject.entry
    return {
        "id": entry.id,
        "title": entry.title or None,
        "feed": sample.subject.source.name,
        "link": entry.link,
        "arrived": rfc3339(sample.subject.arrived_at),
        "evidence": evidence_objects(sample.tag.evidence, entry),
    }
