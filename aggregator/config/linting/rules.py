"""Lints of whole rules: one that another one implies, and tags without a counter-example."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from aggregator.config.linting.finders import Finder, Finders, enough, needs
from aggregator.config.linting.remark import Lint, remark
from aggregator.config.linting.written import Owner, Part
from aggregator.query.fields import DEFAULT
from aggregator.query.nodes import Listed
from aggregator.tagging import Rule


def examples(rule: Rule, owner: Owner) -> Iterator[Lint]:
    """Yield a remark on a tag that no example holds back."""
    if rule.examples_no_match or not owner.roots:
        return
    told = "has no example of what it must not match" if rule.examples_match else "has no examples"
    to_do = "Add a headline that comes close, under `no_match`."
    yield remark(owner, None, "example", f"it {told}. {to_do}")


class Implied:
    """Finds rules whose every entry gets the tag of another rule too, without saying so."""

    def __init__(self, rules: Iterable[Rule], lists: Mapping[str, Owner]) -> None:
        self._rules = {rule.name: rule for rule in rules}
        self._users: defaultdict[str, set[str]] = defaultdict(set)
        found: list[Finder] = []
        for rule in self._rules.values():
            if rule.query is None or rule.feeds is not None or rule.score is not None:
                continue
            for node, atom in enough(rule.query, DEFAULT):
                found.append(Finder(atom, len(found), "", rule.name))
                if isinstance(node, Listed) and atom.field == DEFAULT:
                    self._users[f"${node.name}"].add(rule.name)
        for name, owner in lists.items():
            if name in self._users:
                for root in owner.roots:
                    found += (Finder(atom, 0, "", name) for _, atom in enough(root, DEFAULT))
        self._finders = Finders(found)

    def remarks(self, rule: Rule, owner: Owner) -> Iterator[Lint]:
        """Yield a remark on a rule whose alternatives are all found by another rule's terms."""
        if rule.query is None:
            return
        implying: set[str] | None = None
        for part in owner.alternatives(owner.whole()[0]):
            by = self._finding(part) - {rule.name}
            implying = by if implying is None else implying & by
            if not implying:
                return
        for name in sorted(implying or ()):
            if not self._is_said(rule, name):
                told = f"every entry that gets it gets `{name}` too"
                to_do = f"Say so by `implies: [{name}]`, or make it narrower"
                yield remark(owner, None, "implied", f"{told}. {to_do}.")

    def _finding(self, part: Part) -> set[str]:
        """Return the rules that match wherever a part does."""
        names: set[str] = set()
        for alternatives in needs(part.node, part.field):
            common: set[str] | None = None
            for atom in alternatives:
                by = {finder.owner for finder in self._finders.covering(atom)}
                by = by.union(*(self._users[each] for each in by if each.startswith("$")))
                common = by if common is None else common & by
                if not common:
                    break
            names |= common or set()
        return {name for name in names if not name.startswith("$")}

    def _is_said(self, rule: Rule, name: str) -> bool:
        """Tell whether the one rule implies the other, or asks for it, over any number of steps."""
        waiting, seen = [rule.name], set[str]()
        while waiting:
            known = self._rules.get(waiting.pop())
            for other in () if known is None else (*known.implies, *known.refers_to):
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        return name in seen
