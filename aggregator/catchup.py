"""What the daemon does about rules that were changed: it looks first, and then acts or says so.

Where little moves it retags by itself. Where much does, or somebody has undone that very change
by hand, stored tags stay as they are until a person says `aggregator retag`; new entries get the
new rules in any case.
"""

from collections.abc import Callable, Generator, Sequence
from datetime import UTC, datetime, timedelta

from aggregator.app.rules import pending_tags
from aggregator.errors import StoreError
from aggregator.pipeline import Clock
from aggregator.reapplying import Application, examine
from aggregator.retagging import NO_RULE, notice, plan
from aggregator.store.base import Store
from aggregator.tagging import Rule

RETRY = timedelta(minutes=1)
"""When to begin again after the database could not do it."""

Tell = Callable[[str], None]

Work = Generator[bool, None, None]
"""A slice at a time; true where stored tags have moved, and all of that is done."""


class Catchup:
    """Work in slices, each of which takes some tenths of a second, for the thread of the store."""

    def __init__(self, store: Store, clock: Clock, tell: Tell) -> None:
        self._store = store
        self._clock = clock
        self._tell = tell
        self._told = ""
        self._left: dict[str, str] = {}
        self._rules: tuple[Rule, ...] = ()
        self._work: Work | None = None
        self._not_before = datetime.min.replace(tzinfo=UTC)

    def begin(self, rules: tuple[Rule, ...]) -> None:
        """Compare what is stored with these rules from now on; what is under way ends."""
        self._rules = rules
        self._work = self._catch_up()

    def is_due(self) -> bool:
        """Tell whether there is something to do now."""
        return self._work is not None and self._clock() >= self._not_before

    def step(self) -> bool:
        """Do a slice; say whether with it tags have come to be others than before.

        Raises `StoreError`: then all of it begins again, a while later.
        """
        if self._work is None:
            return False
        try:
            moved = next(self._work, None)
        except StoreError:
            self._work = self._catch_up()
            self._not_before = self._clock() + RETRY
            raise
        if moved is None:
            self._work = None
        return bool(moved)

    def _catch_up(self) -> Work:
        """Look at what is pending, retag what moves little, tell of the rest."""
        pending = pending_tags(self._store, self._rules)
        asked = self._undecided(pending)
        walk = examine(self._store, plan(self._rules, asked, pending))
        while walk.step():
            yield False
        little = [name for name in asked if not walk.tallies[name].moves_much]
        self._left |= {name: walk.plan.targets[name] for name in asked if name not in little}
        if little:
            application = Application(self._store, plan(self._rules, little, pending), self._clock)
            while application.step():
                yield False
            for name, tally in application.walk.tallies.items():
                self._tell(f"retagged {name}, whose rule was changed: {tally.told()}")
            yield True
        self._tell_of(pending_tags(self._store, self._rules))

    def _undecided(self, names: Sequence[str]) -> list[str]:
        """Return those of the tags which nobody, neither a person nor we, has left as they are."""
        states = self._store.tag_states().states(names)
        versions = {rule.name: rule.version for rule in self._rules}
        return [
            name
            for name, state in states.items()
            if versions.get(name, NO_RULE) not in (state.held, self._left.get(name))
        ]

    def _tell_of(self, names: Sequence[str]) -> None:
        """Tell once of what a person is to decide."""
        told = notice(names)
        if told and told != self._told:
            self._tell(told)
        self._told = told
