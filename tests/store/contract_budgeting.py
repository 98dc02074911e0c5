"""What every store knows of the pace of all feeds together."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.cadence.pace import USUAL_KAPPA
from aggregator.store.base import Store
from tests.builders import NOW, subscription
from tests.store.steps import LATER, claim, health, poll, subscribe


class BudgetingContract:
    def test_the_pace_is_the_usual_one_until_another_is_kept(self, store: Store) -> None:
        assert store.kappa() == USUAL_KAPPA
        for hours in (5, 7):
            store.keep_kappa(timedelta(hours=hours))
        assert store.kappa() == timedelta(hours=7)

    def test_the_planned_rate_is_what_active_feeds_rest_for(self, store: Store) -> None:
        urls = [f"https://host-{number}.example/" for number in range(4)]
        feeds = [subscription(url) for url in urls]
        subscribe(store, *feeds)
        assert store.planned_rate(own=False) == 0
        for url, admitted in zip(urls[1:], (False, True, False), strict=True):
            poll(store, url, due_at=LATER, admitted=admitted)
        assert store.planned_rate(own=False) == pytest.approx(2 / 3600)
        assert store.planned_rate(own=True) == pytest.approx(3 / 3600)
        subscribe(store, *feeds[:3], replace(feeds[3], paused=True))
        assert store.planned_rate(own=False) == pytest.approx(1 / 3600)

    def test_a_changed_weight_touches_no_schedule(self, store: Store) -> None:
        subscribe(store)
        poll(store, due_at=LATER, due_reason="learned")
        subscribe(store, subscription(weight=4.0), at=NOW)
        assert (health(store).due_at, health(store).due_reason) == (LATER, "learned")
        assert claim(store, at=LATER).weight == 4.0
