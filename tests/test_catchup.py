"""What the daemon does about changed rules: it applies what moves little, and tells of the rest."""

from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.app.rules import plan_for
from aggregator.catchup import RETRY, Catchup
from aggregator.errors import StoreFullError
from aggregator.query.syntax import parse
from aggregator.reapplying import Application
from aggregator.store.sqlite import SqliteStore
from aggregator.tagging import Rule, tag
from tests.builders import entry, tagged
from tests.empty import empty_database
from tests.scenario import Clock
from tests.store.steps import poll, subscribe

TITLES = (*(f"Mali {number}" for number in range(9)), "Rabat", "Oslo")


def rules(**queries: str) -> tuple[Rule, ...]:
    return tuple(
        Rule(name, name, parse(query), query, version=query) for name, query in queries.items()
    )


BEFORE = rules(mali="Mali", rare="Rabat")
LITTLE = rules(mali="Mali OR Oslo", rare="Rabat")


class Newsroom:
    """A store with entries that the rules of before have tagged, and a daemon's catching up."""

    def __init__(self, path: Path) -> None:
        self.store = SqliteStore(empty_database(path))
        self.clock = Clock()
        self.said: list[str] = []
        self.catchup = Catchup(self.store, self.clock, self.said.append)
        self.follow(BEFORE)
        subscribe(self.store)
        subjects = (tagged(entry(title, summary="")) for title in TITLES)
        poll(self.store, new=tuple(replace(each, tags=tag(each, BEFORE)) for each in subjects))

    def follow(self, of_today: tuple[Rule, ...]) -> None:
        self.store.follow_rules({rule.name: rule.version for rule in of_today})

    def adopt(self, of_today: tuple[Rule, ...]) -> list[str]:
        """Take up rules, and catch up; return what is said of it."""
        self.follow(of_today)
        self.catchup.begin(of_today)
        return self.work()

    def work(self) -> list[str]:
        """Do all that is due, and return what is said of it."""
        before = len(self.said)
        while self.catchup.is_due():
            self.catchup.step()
        return self.said[before:]

    def counts(self) -> dict[str, int]:
        return dict(self.store.tag_counts())


@pytest.fixture
def newsroom(path: Path) -> Iterator[Newsroom]:
    newsroom = Newsroom(path)
    with closing(newsroom.store):
        yield newsroom


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.db"


def test_where_nothing_was_changed_nothing_is_done_or_said(newsroom: Newsroom) -> None:
    assert not newsroom.catchup.is_due()
    assert not newsroom.catchup.step()
    assert newsroom.adopt(BEFORE) == []


def test_what_moves_little_is_applied_and_said(newsroom: Newsroom) -> None:
    newsroom.follow(LITTLE)
    newsroom.catchup.begin(LITTLE)
    moved = []
    while newsroom.catchup.is_due():
        moved.append(newsroom.catchup.step())
    assert newsroom.said == ["retagged mali, whose rule was changed: +1 −0 ~0 of 9"]
    assert moved.count(True) == 1
    assert newsroom.counts() == {"mali": 10, "rare": 1}


@pytest.mark.parametrize(
    ("changed", "counts"),
    [
        (rules(mali="Mali OR Oslo OR Rabat", rare="Rabat"), {"mali": 9, "rare": 1}),
        (rules(mali="Mali", rare="Rabat", new="Oslo"), {"mali": 9, "rare": 1}),
        (rules(mali="Mali"), {"mali": 9, "rare": 1}),
        (rules(mali="Mali OR Oslo"), {"mali": 10, "rare": 1}),
    ],
    ids=["much moves", "a new tag", "a rule is gone", "one moves little, one is gone"],
)
def test_what_moves_much_is_left_to_a_person_and_said_once(
    newsroom: Newsroom, changed: tuple[Rule, ...], counts: dict[str, int]
) -> None:
    *applied, told = newsroom.adopt(changed)
    assert "`aggregator retag` applies it" in told
    assert len(applied) == (counts["mali"] == 10)
    assert newsroom.counts() == counts
    newsroom.catchup.begin(changed)
    newsroom.catchup.step()
    assert not newsroom.catchup.is_due()  # it is not looked at again
    assert len(newsroom.said) == len(applied) + 1
    assert newsroom.counts() == counts


def test_what_a_person_has_undone_is_not_done_again(newsroom: Newsroom) -> None:
    newsroom.adopt(LITTLE)
    plan = plan_for(newsroom.store, BEFORE, ["mali"])
    work = Application(newsroom.store, plan, newsroom.clock, held={"mali": LITTLE[0].version})
    while work.step():
        pass
    (told,) = newsroom.adopt(LITTLE)
    assert "(mali)" in told
    assert newsroom.counts() == {"mali": 9, "rare": 1}
    # The rule is changed once more: that nobody has undone.
    assert len(newsroom.adopt(rules(mali="Mali OR =Oslo", rare="Rabat"))) == 1
    assert newsroom.counts() == {"mali": 10, "rare": 1}


def test_a_configuration_that_comes_meanwhile_counts_at_once(newsroom: Newsroom) -> None:
    newsroom.follow(LITTLE)
    newsroom.catchup.begin(LITTLE)
    newsroom.catchup.step()
    newsroom.adopt(BEFORE)
    assert newsroom.counts() == {"mali": 9, "rare": 1}
    assert newsroom.said == []


class CrowdedStore(SqliteStore):
    """A store that is full, once."""

    is_full = True

    def finish_retag(self, targets: object) -> None:
        if self.is_full:
            self.is_full = False
            raise StoreFullError("The disk is full.")
        super().finish_retag(targets)  # type: ignore[arg-type]


def test_what_the_disk_prevents_is_tried_again_later(newsroom: Newsroom, path: Path) -> None:
    newsroom.follow(LITTLE)
    with closing(CrowdedStore(path)) as store:
        catchup = Catchup(store, newsroom.clock, newsroom.said.append)
        catchup.begin(LITTLE)
        while catchup.is_due():
            with suppress(StoreFullError):
                catchup.step()
        assert store.tag_states().states(["mali"])["mali"].applied == BEFORE[0].version
        newsroom.clock.advance(seconds=RETRY.total_seconds())
        while catchup.is_due():
            catchup.step()
    assert newsroom.counts() == {"mali": 10, "rare": 1}
    assert newsroom.store.tag_states().states(["mali"])["mali"].applied == LITTLE[0].version
