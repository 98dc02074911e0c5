"""What every store does when the rules change: what it keeps, what it says, what it moves."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from aggregator.errors import OvertakenError
from aggregator.model.entries import Tag, TaggedEntry
from aggregator.query.syntax import parse
from aggregator.retagging import NO_RULE, Candidates, Judged, TagState
from aggregator.store.base import Store
from aggregator.store.rules import KeptRule
from tests.builders import NOW, entry, evidence, tag, tagged
from tests.store.steps import LATER, newest, poll, subscribe, titles

V1 = KeptRule("mali", "v1", '{"query": "Mali"}', NOW)
V2 = replace(V1, version="v2", first_used_at=LATER)
SECOND = {"mali": "v2"}


def state(store: Store, name: str = "mali") -> TagState:
    return store.tag_states().states([name])[name]


def stocked(store: Store, *entries: TaggedEntry) -> None:
    subscribe(store)
    poll(store, new=entries or (tagged(tags=(tag(),)),))


def applied(store: Store, targets: dict[str, str]) -> None:
    store.begin_retag(targets, {})
    store.finish_retag(targets)


class RetaggingContract:
    # --- rules that are kept -------------------------------------------------------------------

    def test_rules_are_kept_once_and_for_good(self, store: Store) -> None:
        store.keep_rules([V1, V2])
        store.keep_rules([replace(V1, definition="{}", first_used_at=LATER), V1])
        assert store.kept_rules("mali") == (V2, V1)
        assert store.kept_rules("chad") == ()

    # --- what follows them ---------------------------------------------------------------------

    def test_what_is_polled_first_follows_the_rules(self, store: Store) -> None:
        store.follow_rules({"mali": "v1"})
        store.follow_rules(SECOND)
        assert not store.tag_states().has_entries
        assert state(store) == TagState("mali", used="v2", applied="v2")
        stocked(store)
        assert state(store) == TagState("mali", carried=True, used="v2", applied="v2")
        assert store.tag_states().has_entries

    def test_of_a_tag_without_any_state_it_is_known_who_carries_it(self, store: Store) -> None:
        stocked(store, tagged(tags=(tag("a"), tag("b"))))
        assert store.tag_states().tags == (TagState("a", carried=True), TagState("b", carried=True))

    def test_another_version_changes_nothing_by_itself(self, store: Store) -> None:
        store.follow_rules({"mali": "v1"})
        stocked(store)
        store.follow_rules(SECOND)
        assert state(store) == TagState("mali", carried=True, used="v2", applied="v1")
        poll(store, at=LATER)
        assert not state(store).mixed
        store.follow_rules({})
        assert state(store).used == NO_RULE

    def test_what_another_version_has_tagged_is_noted(self, store: Store) -> None:
        store.follow_rules({"mali": "v1", "chad": "v1"})
        stocked(store)
        store.follow_rules({"mali": "v2", "chad": "v1"})
        poll(store, at=LATER, new=(tagged(entry("Two")),))
        store.follow_rules({"mali": "v1", "chad": "v1"})
        assert state(store).mixed
        assert not state(store, "chad").mixed

    # --- which entries -------------------------------------------------------------------------

    def test_candidates_are_those_that_carry_a_tag_and_those_that_match(self, store: Store) -> None:
        carrying = tagged(entry("Carrying"), tags=(tag("mali"),))
        others = tagged(entry("Bamako")), tagged(entry("Oslo")), tagged(entry("Rabat"))
        stocked(store, carrying, *others)

        def found(wanted: Candidates, after: int = 0) -> list[str]:
            return titles(store.numbered(store.candidates(wanted, after)))

        assert found(Candidates(("mali",))) == ["Carrying"]
        wanted = Candidates(("mali",), parse("Bamako OR Oslo"))
        assert found(wanted) == ["Carrying", "Bamako", "Oslo"]
        first, *_ = store.candidates(wanted, 0)
        assert found(wanted, first) == ["Bamako", "Oslo"]
        assert len(found(Candidates((), everything=True), first)) == 3
        assert found(Candidates(("chad",))) == []
        assert store.numbered([10**9]) == ()

    # --- applying ------------------------------------------------------------------------------

    def retag(
        self, store: Store, *given: Tag, targets: dict[str, str] | None = None, at: datetime = LATER
    ) -> tuple[Judged, ...]:
        numbers = store.candidates(Candidates((), everything=True), 0)
        return store.retag(numbers, targets or SECOND, lambda subject: Judged(subject, given), at)

    def test_only_the_tags_in_question_move(self, store: Store) -> None:
        stocked(store, tagged(tags=(tag("chad"), tag("mali"))))
        store.begin_retag({"mali": NO_RULE, "niger": "v1"}, {})
        (judged,) = self.retag(store, tag("niger"), targets={"mali": NO_RULE, "niger": "v1"})
        assert [each.name for each in judged.subject.tags] == ["chad", "mali"]
        assert newest(store)[0].tags == (tag("chad"), tag("niger"))
        assert newest(store)[0].revised_at is None

    def test_who_keeps_a_tag_has_it_by_the_new_version_and_evidence(self, store: Store) -> None:
        stocked(store)
        store.begin_retag(SECOND, {})
        renewed = tag(rule_version="v2", evidence=(evidence(start=0, end=5, value="Talks"),))
        self.retag(store, renewed)
        assert newest(store)[0].tags == (renewed,)
        assert store.tag_counts() == (("mali", 1),)

    def test_a_tag_that_is_taken_off_may_be_given_again(self, store: Store) -> None:
        stocked(store)
        for given in ((), (tag(),)):
            store.begin_retag(SECOND, {})
            self.retag(store, *given)
            assert newest(store)[0].tags == given

    def test_an_error_in_judging_moves_nothing(self, store: Store) -> None:
        stocked(store, tagged(tags=(tag(),)), tagged(entry("Two"), tags=(tag(),)))
        store.begin_retag(SECOND, {})

        def judge(subject: TaggedEntry) -> Judged:
            if subject.entry.title == "Two":
                raise ValueError("a mistake of ours")
            return Judged(subject, ())

        numbers = store.candidates(Candidates(("mali",)), 0)
        with pytest.raises(ValueError, match="of ours"):
            store.retag(numbers, SECOND, judge, LATER)
        assert store.tag_counts() == (("mali", 2),)
        assert store.begin_retag(SECOND, {}) == 0

    def test_it_goes_on_where_it_was_interrupted(self, store: Store) -> None:
        stocked(store, tagged(), tagged(entry("Two")))
        assert store.begin_retag(SECOND, {}) == 0
        first, second = store.candidates(Candidates((), everything=True), 0)
        store.retag([first], SECOND, lambda subject: Judged(subject, ()), LATER)
        assert state(store).target == "v2"
        assert store.begin_retag(SECOND, {}) == first
        store.retag([second], SECOND, lambda subject: Judged(subject, ()), LATER)
        assert store.begin_retag({**SECOND, "chad": "v1"}, {}) == 0
        assert store.begin_retag(SECOND, {}) == second
        assert store.begin_retag({"mali": "v3"}, {}) == 0

    def test_at_the_end_it_follows_the_rules(self, store: Store) -> None:
        store.follow_rules({"mali": "v1"})
        stocked(store)
        store.follow_rules(SECOND)
        poll(store, at=LATER, new=(tagged(entry("Two")),))
        applied(store, SECOND)
        assert state(store) == TagState("mali", carried=True, used="v2", applied="v2")

    def test_what_is_polled_by_another_version_meanwhile_is_noted(self, store: Store) -> None:
        store.follow_rules({"mali": "v1"})
        stocked(store)
        store.begin_retag(SECOND, {"mali": "v1"})
        poll(store, at=LATER, new=(tagged(entry("Two")),))
        store.finish_retag(SECOND)
        assert state(store) == TagState(
            "mali", carried=True, used="v1", applied="v2", mixed=True, held="v1"
        )
        applied(store, {"mali": "v1"})
        assert state(store) == TagState("mali", carried=True, used="v1", applied="v1")

    def test_what_another_has_begun_or_ended_is_left_to_it(self, store: Store) -> None:
        stocked(store)
        store.begin_retag(SECOND, {})
        applied(store, {"mali": "v3"})
        with pytest.raises(OvertakenError, match="mali"):
            self.retag(store)
        with pytest.raises(OvertakenError):
            store.finish_retag(SECOND)
        assert newest(store)[0].tags == (tag(),)
        assert state(store).applied == "v3"

    def test_tags_of_a_retag_are_counted_on_the_day_their_entry_arrived(self, store: Store) -> None:
        stocked(store, tagged())
        store.begin_retag(SECOND, {})
        self.retag(store, tag(), at=NOW + timedelta(days=30))
        (day,) = store.tag_days(NOW - timedelta(days=1))
        assert (day.tag, day.day) == ("mali", NOW.date())
