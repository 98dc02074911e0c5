"""All lints of a configuration, in the order of files and lines."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aggregator.config.linting import logic, rules, scripts, stored, words
from aggregator.config.linting.remark import Lint
from aggregator.config.linting.stored import Corpus
from aggregator.config.linting.written import Owner, owner_of_list, owner_of_rule
from aggregator.config.load import Loaded
from aggregator.query.nodes import Listed
from aggregator.tagging import Rule


@dataclass(frozen=True, slots=True)
class _Written:
    """The rules and lists of a configuration as they are written."""

    rules: tuple[tuple[Rule, Owner], ...]
    lists: dict[str, Owner]

    def owners(self) -> Iterator[Owner]:
        """Yield all of them."""
        yield from self.lists.values()
        yield from (owner for _, owner in self.rules)

    def standing_alone(self) -> tuple[Owner, ...]:
        """Return the rules, and the lists that some rule gives its tag for at a single hit."""
        owners = [owner for rule, owner in self.rules if rule.query is not None]
        seen: dict[str, Owner] = {}
        waiting = list(owners)
        while waiting:
            for part in words.alone(waiting.pop()):
                name = f"${part.node.name}" if isinstance(part.node, Listed) else ""
                if name in self.lists and name not in seen:
                    seen[name] = self.lists[name]
                    waiting.append(seen[name])
        return (*seen.values(), *owners)


def lint(loaded: Loaded, corpus: Corpus | None) -> tuple[Lint, ...]:
    """Return what is to be remarked; without a ``corpus``, nothing that takes stored entries."""
    written = _written(loaded.config.rules, loaded)
    alone = written.standing_alone()
    found = [*_pure(written, alone)]
    if corpus is not None:
        found += scripts.languages(
            written.rules, written.lists, scripts.Languages(corpus.languages)
        )
        found += stored.remarks(alone, tuple(written.owners()), corpus)
    files = {path: number for number, path in enumerate(loaded.files)}
    return tuple(sorted(found, key=lambda each: (files.get(each.path, 0), each.line)))


def _written(given: Iterable[Rule], loaded: Loaded) -> _Written:
    owners = ((rule, owner_of_rule(rule, loaded.asked.get(rule.name, ()))) for rule in given)
    return _Written(tuple(owners), {f"${each.name}": owner_of_list(each) for each in loaded.lists})


def _pure(written: _Written, alone: tuple[Owner, ...]) -> Iterator[Lint]:
    lists = logic.ListFinders(written.lists)
    hopeless = set[str]()
    for owner in written.owners():
        for each in logic.never(owner):
            hopeless.add(each.owner)
            yield each
        yield from logic.shadowed(owner, lists)
        yield from words.stars(owner)
        yield from words.quotes(owner)
    for owner in alone:
        yield from words.short(owner)
    implied = rules.Implied((rule for rule, _ in written.rules), written.lists)
    for rule, owner in written.rules:
        if rule.name not in hopeless:  # of what never comes true, anything is
            yield from implied.remarks(rule, owner)
        yield from rules.examples(rule, owner)
