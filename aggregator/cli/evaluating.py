"""``evaluate``: how well the rules' tags fit what people say."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, wraps

import click

from aggregator.app.store import opened_store, utc_now
from aggregator.asking.names import known_name
from aggregator.cli import terminal
from aggregator.cli.assessed import Assessed, Mistake, assessed_object, page
from aggregator.cli.context import Context
from aggregator.cli.labels import Label, Part, find_files, read_labels
from aggregator.cli.shapes import Shape, shape_option, write_object
from aggregator.config.settings import Config
from aggregator.errors import NoSuchEntryError, UsageError
from aggregator.evaluation import Verdict
from aggregator.model.entries import Entry, Source, TaggedEntry
from aggregator.reasons import explain
from aggregator.store.base import Store
from aggregator.tagger import Tagger
from aggregator.tagging import Rule

USUAL_MISTAKES = 5
PARTS: tuple[Part, ...] = ("all", "development", "held-out")


@dataclass(frozen=True, slots=True)
class Floor:
    """The least F1 that will do; of every tag that is evaluated, or of one."""

    tag: str | None
    f1: float


class FloorType(click.ParamType[Floor]):
    """A number from 0 to 1, or one for a tag."""

    name = "f1"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Floor:
        """Read ``0.8`` or ``sahel=0.85``."""
        name, _, number = str(value).rpartition("=")
        try:
            least = float(number)
        except ValueError:
            least = -1.0
        if not 0 <= least <= 1:
            self.fail(f"{value!r} is neither a number from 0 to 1 nor like sahel=0.85.")
        return Floor(name or None, least)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be evaluated, what will do, and how much is shown."""

    tags: tuple[str, ...] = ()
    part: Part = "all"
    floors: tuple[Floor, ...] = ()
    mistakes: int = USUAL_MISTAKES


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """Add --tag, --part, --min-f1 and --mistakes, given to the command as ``wanted``."""

    @click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only this tag.")
    @click.option(
        "--part",
        type=click.Choice(PARTS),
        default="all",
        show_default=True,
        help="Two thirds of the lines or the held-out third, by a hash of their ids.",
    )
    @click.option(
        "--min-f1",
        "floors",
        type=FloorType(),
        multiple=True,
        metavar="F1|TAG=F1",
        help="Fail if a tag's F1 is below; for all tags or for one.",
    )
    @click.option(
        "--mistakes",
        type=click.IntRange(min=0),
        default=USUAL_MISTAKES,
        show_default=True,
        help="At most so many of each kind and tag are shown; 0 shows none.",
    )
    @wraps(command)
    def wanting(
        *args: object,
        tags: tuple[str, ...],
        part: Part,
        floors: tuple[Floor, ...],
        mistakes: int,
        **others: object,
    ) -> None:
        command(*args, wanted=Wanted(tags, part, floors, mistakes), **others)

    return wanting


@click.command()
@click.argument("labels", nargs=-1, required=True, metavar="LABELS...")
@_options
@shape_option
@click.pass_obj
def evaluate_command(
    context: Context, labels: tuple[str, ...], wanted: Wanted, shape: Shape
) -> None:
    """Hold today's rules against LABELS: lines of JSON that say which tags entries should carry.

    A line is an item of a JSON Feed whose tags are those that hold: of a stored entry, named by
    its id, or with texts of its own. Shows precision, recall and F1, each with an interval of
    95 %, per tag and language, and the mistakes.

    \b
    Examples:
      aggregator search --limit 0 --format jsonl > labels.jsonl   # then correct the tags
      aggregator evaluate labels.jsonl --part development
      aggregator evaluate 'labels/*.jsonl' --min-f1 0.8 --min-f1 sahel=0.85
    """
    config = context.config()
    rules = config.rules_by_name()
    for name in (*wanted.tags, *(floor.tag for floor in wanted.floors if floor.tag)):
        known_name(name, "tag", rules)
    subjects = _subjects(context, config, labels, wanted.tags)
    counting = [
        each for each in subjects if each.label.judged and wanted.part in ("all", each.label.part)
    ]
    if not counting:
        raise UsageError("No line is left to evaluate: none judges such a tag, in this part.")
    assessed = _assess(counting, config, wanted.mistakes)
    short = tuple(_short(assessed, wanted.floors))
    if shape == "json":
        write_object(assessed_object(assessed, wanted.part, len(counting), short))
    else:
        parts = page(assessed, len(counting))
        terminal.write_text(terminal.draw(parts, terminal.stdout()))
    if short:
        terminal.complain(f"F1 falls short: {'; '.join(short)}.")
        raise click.exceptions.Exit(1)


# --- from labels to entries -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Labelled:
    """A label beside the entry that it is about; ``is_stored`` if its feed is known."""

    label: Label
    subject: TaggedEntry
    is_stored: bool


def _subjects(
    context: Context, config: Config, patterns: Iterable[str], asked: tuple[str, ...]
) -> list[_Labelled]:
    """Return the entries that labels speak of. Raises `UsageError` with all that is wrong."""
    read = read_labels(find_files(patterns), asked, config.rules_by_name())
    problems = list(read.problems)
    found: list[_Labelled] = []
    with _store_if_wanted(context, config, read.labels) as store:
        for label in read.labels:
            try:
                found.append(_subject(label, store))
            except NoSuchEntryError as error:
                problems.append(f"{label.place}: {error}")
    if problems:
        raise UsageError("\n".join(("The labels cannot be used.", *problems)))
    return found


@contextmanager
def _store_if_wanted(
    context: Context, config: Config, labels: Iterable[Label]
) -> Iterator[Store | None]:
    """Open the database if a label may name an entry in it, and it is there."""
    database = context.database_option or config.database
    if not any(label.stored_id for label in labels) or not database.exists():
        yield None
        return
    with opened_store(database) as store:
        yield store


def _subject(label: Label, store: Store | None) -> _Labelled:
    if label.stored_id and store:
        try:
            return _Labelled(label, store.entry(label.stored_id), is_stored=True)
        except NoSuchEntryError:
            if label.entry is None:
                raise
    if label.entry is None:
        raise NoSuchEntryError(f"No entry {label.stored_id!r} is stored: there is no database.")
    return _Labelled(label, _of_text(label.entry), is_stored=False)


def _of_text(entry: Entry) -> TaggedEntry:
    now = utc_now()
    return TaggedEntry(entry, Source("", ""), now, now)


# --- from entries to verdicts ---------------------------------------------------------------------


class _Judge:
    """Tags entries by the rules and compares; the first ``most`` mistakes of a kind are kept."""

    def __init__(self, rules: tuple[Rule, ...], most: int) -> None:
        self.most = most
        self.rules = {rule.name: rule for rule in rules}
        self.verdicts: dict[str, list[Verdict]] = {name: [] for name in self.rules}
        self.mistakes: dict[tuple[str, bool], list[Mistake]] = {}
        self.skipped: set[str] = set()
        self._for_texts = {rule.name: replace(rule, feeds=None) for rule in rules}
        self._of_feeds = {name for name, rule in self._for_texts.items() if _asks_nothing(rule)}

    # Most files hold entries of one kind only, and to make a tagger takes a while.

    @cached_property
    def _tagger(self) -> Tagger:
        return Tagger(tuple(self.rules.values()))

    @cached_property
    def _tagger_for_texts(self) -> Tagger:
        return Tagger(tuple(self._for_texts.values()))

    def judge(self, each: _Labelled) -> None:
        """Compare one entry's tags with its label."""
        tagger = self._tagger if each.is_stored else self._tagger_for_texts
        subject = replace(each.subject, tags=tagger.tag(each.subject))
        given = {found.name for found in subject.tags}
        untold = set() if each.is_stored else self._of_feeds & each.label.judged
        self.skipped |= untold
        language = (subject.entry.language or "und").partition("-")[0]
        for name in each.label.judged - untold:
            verdict = Verdict(name, language, name in each.label.tags, name in given)
            self.verdicts[name].append(verdict)
            kept = self.mistakes.setdefault((name, verdict.given), [])
            if verdict.expected != verdict.given and len(kept) < self.most:
                rules = self.rules if each.is_stored else self._for_texts
                kept.append(_mistake(each.label, subject, name, rules))

    def assessed(self) -> Iterator[Assessed]:
        """Yield what came of each tag that somebody judged, in the order of the rules."""
        for name, verdicts in self.verdicts.items():
            if verdicts:
                mistakes = (self.mistakes.get((name, given), ()) for given in (True, False))
                yield Assessed(name, tuple(verdicts), *map(tuple, mistakes))


def _asks_nothing(rule: Rule) -> bool:
    return not rule.queries() and not rule.implied_by


def _assess(subjects: Iterable[_Labelled], config: Config, most: int) -> tuple[Assessed, ...]:
    judge = _Judge(config.rules, most)
    for each in subjects:
        judge.judge(each)
    if judge.skipped:
        names = ", ".join(sorted(judge.skipped))
        terminal.say(f"Not evaluated on texts, which have no feed that could give it: {names}.")
    return tuple(judge.assessed())


def _mistake(label: Label, subject: TaggedEntry, name: str, rules: Mapping[str, Rule]) -> Mistake:
    explained = explain(subject, rules, name)
    why = explained.missed or explained.given[0]
    return Mistake(label.place, label.id, subject, why)


def _short(assessed: Iterable[Assessed], floors: Iterable[Floor]) -> Iterator[str]:
    """Yield each tag whose F1 is too low. Raises `UsageError` for a tag that nobody judged."""
    general = [floor.f1 for floor in floors if floor.tag is None]
    wanted = {floor.tag: floor.f1 for floor in floors if floor.tag is not None}
    by_name = {each.tag: each.tally.f1 for each in assessed}
    if unjudged := [name for name in wanted if name not in by_name]:
        raise UsageError(f"--min-f1 {unjudged[0]}=…: no line of the labels judges that tag.")
    for name, measure in by_name.items():
        least = wanted.get(name, max(general, default=0.0))
        if measure is None and name in wanted:
            yield f"{name} has none, since no line carries it"
        elif measure is not None and measure.value < least:
            yield f"{name} has {measure.value:.2f}, not {least:g}"
