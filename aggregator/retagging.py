"""What a change of rules means for entries that are stored already: who is concerned, what moves.

A tag is *settled* when all that is stored carries it just as today's rule gives it. It is
*pending* when it is not: its rule is new, was changed or is gone, entries came meanwhile that
another version tagged, or applying it was interrupted.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import islice

from aggregator.model.entries import Tag, TaggedEntry
from aggregator.query.nodes import And, Field, Node, Not, Or, Value, leaves
from aggregator.tagger import Tagger
from aggregator.tagging import Rule

NO_RULE = ""
"""Stands for a version where there is no rule: that of a tag which is taken off."""

MOST_TERMS = 3_000
"""Beyond so many terms together, to look for them takes longer than to judge every entry."""

MOST_NAMED = 5
"""Tags that a sentence names; of more it says how many."""


# --- which tags are concerned ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TagState:
    """How far what is stored follows the rules of one tag; versions are `NO_RULE` without one.

    ``carried`` says whether any entry carries it. ``used`` is the version by which polls tag,
    ``applied`` the one by which all that was stored at some time has been tagged, ``mixed``
    that another version has tagged entries since. ``target`` is the version that is being
    applied, None while none is. ``held`` is the version that somebody has undone by hand, None
    if none was: nobody but a person applies it again.
    """

    tag: str
    carried: bool = False
    used: str = NO_RULE
    applied: str = NO_RULE
    mixed: bool = False
    target: str | None = None
    held: str | None = None


@dataclass(frozen=True, slots=True)
class TagStates:
    """What has been applied to what is stored, and whether anything is."""

    has_entries: bool
    tags: tuple[TagState, ...] = ()

    def states(self, names: Iterable[str]) -> dict[str, TagState]:
        """Return the states of tags; one that was never heard of has none of anything."""
        known = {state.tag: state for state in self.tags}
        return {name: known.get(name, TagState(name)) for name in names}


def pending(rules: Iterable[Rule], known: TagStates) -> tuple[str, ...]:
    """Return the tags that are not settled: those of rules in their order, then those without."""
    if not known.has_entries:
        return ()
    versions = {rule.name: rule.version for rule in rules}
    states = known.states(versions)
    given = (name for name, version in versions.items() if not _is_settled(states[name], version))
    gone = (state.tag for state in known.tags if state.carried and state.tag not in versions)
    return (*given, *sorted(gone))


def _is_settled(state: TagState, version: str) -> bool:
    return state.applied == version and not state.mixed and state.target is None


def notice(names: Sequence[str]) -> str:
    """Say that tags are pending, and what to type; empty if none is."""
    if not names:
        return ""
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    told = f"{', '.join(names[:MOST_NAMED])}{more}"
    return (
        f"Rules were changed since the stored entries were tagged ({told}):"
        " `aggregator retag --dry-run` shows what would change, `aggregator retag` applies it."
    )


# --- which entries are concerned ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidates:
    """Entries whose tags may change: those that carry one of ``tags`` or match ``query``.

    Without a query the former alone, with ``everything`` all there are.
    """

    tags: tuple[str, ...]
    query: Node | None = None
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """To make the tags that ``targets`` names (with the version to come) what ``rules`` give.

    ``rules`` are in order and no more than needed; a tag without a rule among them is taken off.
    """

    rules: tuple[Rule, ...]
    targets: Mapping[str, str]
    candidates: Candidates

    def judge(self) -> Callable[[TaggedEntry], "Judged"]:
        """Return what says, for many entries, which of the tags in question each is to carry."""
        tagger = Tagger(self.rules)

        def judge(subject: TaggedEntry) -> Judged:
            given = (each for each in tagger.tag(subject) if each.name in self.targets)
            return Judged(subject, tuple(given))

        return judge


@dataclass(frozen=True, slots=True)
class Judged:
    """An entry as it was, and which of the tags in question it is to carry."""

    subject: TaggedEntry
    given: tuple[Tag, ...]


def plan(rules: Sequence[Rule], names: Iterable[str], unsettled: Collection[str]) -> Plan:
    """Return how to make these tags what ``rules``, in order, give.

    What stored entries carry of the ``unsettled`` tags says nothing about what they are to carry.
    """
    by_name = {rule.name: rule for rule in rules}
    targets = {
        name: by_name[name].version if name in by_name else NO_RULE for name in dict.fromkeys(names)
    }
    reach = _Reach(by_name, frozenset(unsettled))
    gaining = [by_name[name] for name in targets if name in by_name]
    query = _worthwhile(reach.of_any(gaining)) if gaining else None
    return Plan(
        needed(rules, targets),
        targets,
        Candidates(tuple(targets), query, everything=bool(gaining) and query is None),
    )


def _worthwhile(query: Node | None) -> Node | None:
    """Return a query if it has few enough terms."""
    if query is None:
        return None
    return query if sum(1 for _ in islice(leaves(query), MOST_TERMS + 1)) <= MOST_TERMS else None


def needed(rules: Sequence[Rule], names: Iterable[str]) -> tuple[Rule, ...]:
    """Return the rules of these tags and those that they stand behind, in the order given."""
    wanted = set(names)
    for rule in reversed(rules):  # so that whatever stands behind comes first
        if rule.name in wanted:
            wanted.update(rule.stands_behind())
    return tuple(rule for rule in rules if rule.name in wanted)


class _Reach:
    """Finds queries that match wherever a rule could; None is what matches everything."""

    def __init__(self, rules: Mapping[str, Rule], unsettled: Collection[str]) -> None:
        self._rules = rules
        self._unsettled = unsettled

    def of_any(self, rules: Iterable[Rule]) -> Node | None:
        """Return where one of several rules may give its tag."""
        return _any_of([self.of_rule(rule) for rule in rules])

    def of_rule(self, rule: Rule) -> Node | None:
        """Return where a rule may give its tag."""
        ways = [self.of_tag(name) for name in rule.implied_by]
        if rule.queries():
            ways.append(self._of_parts(rule))
        return _any_of(ways) if ways else None

    def _of_parts(self, rule: Rule) -> Node | None:
        scope = () if rule.feeds is None else (rule.feeds.query,)
        parts = [self.of(node, True) for node in (rule.query, *scope) if node is not None]
        if rule.score is not None and rule.score.threshold > 0:
            # Some clause that adds points must be true.
            adding = (clause.query for clause in rule.score.clauses if clause.weight > 0)
            parts.append(_any_of([self.of(query, True) for query in adding]))
        return _all_of(parts)

    def of_tag(self, name: str) -> Node | None:
        """Return where an entry may come to carry a tag."""
        if name in self._unsettled and name in self._rules:
            return self.of_rule(self._rules[name])
        return Field("tag", Value(name))

    def of(self, node: Node, wanted: bool) -> Node | None:
        """Return where a query may be true (or, not ``wanted``, false)."""
        match node:
            case Not():
                return self.of(node.operand, not wanted)
            case And() | Or():
                parts = [self.of(operand, wanted) for operand in node.operands]
                return _all_of(parts) if isinstance(node, And) is wanted else _any_of(parts)
            case Field(name="tag"):
                return self._of_tags(node.operand, wanted)
            case _:
                return node if wanted else Not(node)

    def _of_tags(self, node: Node, wanted: bool) -> Node | None:
        """Do the same for what stands in ``tag:``, be it in brackets."""
        match node:
            case Not():
                return self._of_tags(node.operand, not wanted)
            case And() | Or():
                parts = [self._of_tags(operand, wanted) for operand in node.operands]
                return _all_of(parts) if isinstance(node, And) is wanted else _any_of(parts)
            case Value(text=name) if name in self._unsettled:
                return self.of_tag(name) if wanted else None
            case _:
                return Field("tag", node) if wanted else Not(Field("tag", node))


def _all_of(parts: Sequence[Node | None]) -> Node | None:
    known = tuple(part for part in parts if part is not None)
    return And(known) if len(known) > 1 else next(iter(known), None)


def _any_of(parts: Sequence[Node | None]) -> Node | None:
    known = tuple(part for part in parts if part is not None)
    if len(known) < len(parts):
        return None
    return Or(known) if len(known) > 1 else next(iter(known), None)


# --- what moves --------------------------------------------------------------------------------


class Move(Enum):
    """What becomes of a tag of an entry; `RENEWED` is kept with other evidence."""

    GAINED = auto()
    LOST = auto()
    RENEWED = auto()
    KEPT = auto()


def moves(judged: Judged, names: Iterable[str]) -> dict[str, Move]:
    """Return what becomes of those of these tags that an entry carries or is to carry."""
    before = {each.name: each for each in judged.subject.tags}
    after = {each.name: each for each in judged.given}
    return {
        name: _move(before.get(name), after.get(name))
        for name in names
        if name in before or name in after
    }


def _move(before: Tag | None, after: Tag | None) -> Move:
    if before is None:
        return Move.GAINED
    if after is None:
        return Move.LOST
    return Move.KEPT if before.evidence == after.evidence else Move.RENEWED
