"""The daemon's pace follows the budget of requests, in whole polls."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.app.polling import sweeping
from aggregator.budgeting import Budgeting
from aggregator.cadence.pace import USUAL_KAPPA
from tests.publisher import Reply
from tests.scenario import Newsroom, rss

HOUR = timedelta(hours=1)


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    with Newsroom(tmp_path) as newsroom:
        newsroom.subscribe("/feed")
        newsroom.publisher.serve("/feed", Reply(rss("A")))
        newsroom.poll()
        yield newsroom


def wait_under(newsroom: Newsroom, budget: int | None, hours: int) -> timedelta:
    """Let the daemon look every ten minutes for so long; return for how long it rests then."""
    budgeting = Budgeting(newsroom.store, newsroom.clock)
    budgeting.begin(budget, newsroom.sweep)
    for _ in range(hours * 6):
        newsroom.clock.advance(minutes=10)
        budgeting.act(newsroom.sweep)
    refresh = newsroom.poll_next()
    return refresh.due_at - refresh.poll.ended_at


def test_a_small_budget_slows_polling_down(newsroom: Newsroom) -> None:
    assert wait_under(newsroom, None, 3) < 8 * HOUR
    assert newsroom.store.kappa() == USUAL_KAPPA
    assert wait_under(newsroom, 1, 8) > 20 * HOUR
    assert newsroom.store.kappa() > 12 * HOUR


def test_a_large_budget_speeds_it_up_to_the_floor_at_most(newsroom: Newsroom) -> None:
    assert HOUR <= wait_under(newsroom, 10_000, 3) <= 2.3 * HOUR
    assert newsroom.store.kappa() == HOUR


def test_nothing_is_adjusted_before_ten_minutes(newsroom: Newsroom) -> None:
    budgeting = Budgeting(newsroom.store, newsroom.clock)
    budgeting.begin(1, newsroom.sweep)
    newsroom.clock.advance(minutes=9)
    budgeting.act(newsroom.sweep)
    assert newsroom.store.kappa() == USUAL_KAPPA


def test_what_the_daemon_has_found_holds_for_commands_and_after_a_restart(
    newsroom: Newsroom,
) -> None:
    newsroom.store.keep_kappa(9 * HOUR)
    with sweeping(newsroom.store, newsroom.wiring, newsroom.heard) as sweep:
        assert sweep.wiring.policy.pace.kappa == 9 * HOUR
        # What is our own costs nobody anything, whatever the budget.
        assert sweep.wiring.policy.own_pace.kappa == USUAL_KAPPA
    restarted = newsroom.sweep_over(newsroom.store)
    Budgeting(newsroom.store, newsroom.clock).begin(None, restarted)
    assert restarted.wiring.policy.pace.kappa == 9 * HOUR
