"""Whose fault it is that a host was lost: the publisher's, or that of our own network."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.outage import (
    ENOUGH_HOSTS,
    LAST_PROBE,
    Away,
    Belief,
    Fine,
    Suspected,
    Try,
    is_probe_due,
    needed,
    probed,
    tried,
)
from tests.builders import NOW

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def tries(lost: int, heard: int = 0, *, after: timedelta = SECOND) -> list[Try]:
    return [
        Try(f"{number}.example", NOW + after, lost=number < lost) for number in range(lost + heard)
    ]


def suspected(hosts: int) -> Suspected:
    return Suspected(NOW, hosts)


@pytest.mark.parametrize(
    ("hosts", "lost", "heard", "away"),
    [
        (3, 3, 0, True),
        (3, 2, 1, False),
        (5, 5, 0, True),
        (5, 4, 1, False),
        (40, 20, 20, True),
        (40, 20, 21, False),
        (40, 19, 1, False),
        # With one or two hosts it takes other witnesses.
        (1, 1, 0, False),
        (2, 2, 0, False),
        (1, 3, 0, True),
    ],
)
def test_row_40_it_is_us_if_half_of_the_hosts_are_lost_and_enough_of_them(
    hosts: int, lost: int, heard: int, *, away: bool
) -> None:
    assert isinstance(probed(suspected(hosts), tries(lost, heard), NOW), Away) is away


def test_row_40_polls_alone_may_decide_where_there_are_enough() -> None:
    assert isinstance(tried(suspected(40), tries(20), NOW), Away)
    assert isinstance(tried(suspected(40), tries(1, 19), NOW), Fine)
    assert isinstance(tried(suspected(40), tries(1, 18), NOW), Suspected)
    assert isinstance(tried(suspected(5), tries(1, 2), NOW), Suspected)


def test_row_40_what_was_heard_before_a_host_was_lost_says_nothing() -> None:
    before = tries(0, 100, after=-SECOND)
    belief = tried(suspected(20), [*before, *tries(20)], NOW)
    assert isinstance(belief, Away)


def test_row_40_the_last_word_on_a_host_counts() -> None:
    belief: Belief = suspected(3)
    for one in (tries(3), tries(0, 3)):
        assert isinstance(belief, Suspected)
        belief = tried(belief, one[:2], NOW)
    assert isinstance(belief, Suspected)
    assert not belief.lost
    assert belief.heard == {"0.example", "1.example"}


def test_row_40_the_probe_is_repeated_a_minute_later_each_time_up_to_five() -> None:
    belief: Belief = tried(suspected(3), tries(3), NOW)
    now, waits = NOW, []
    for _ in range(7):
        assert isinstance(belief, Away)
        waits.append((belief.probe_at - now) / MINUTE)
        now = belief.probe_at
        belief = probed(belief, tries(3, after=now - NOW), now)
    assert waits == [1, 2, 3, 4, 5, 5, 5]


def test_row_40_the_first_probe_that_hears_of_others_ends_it() -> None:
    away = Away(NOW, 20, 3, NOW + MINUTE)
    assert isinstance(probed(away, tries(9, 10), NOW), Fine)
    assert isinstance(probed(away, [], NOW), Fine)


def test_a_clock_that_is_set_back_puts_no_probe_off() -> None:
    away = Away(NOW, 20, 1, NOW + MINUTE)
    assert not is_probe_due(away, NOW)
    assert is_probe_due(away, NOW + MINUTE)
    assert is_probe_due(away, NOW - timedelta(days=1))


@given(
    st.integers(1, 60),
    st.lists(
        st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=30), min_size=1, max_size=6
    ),
)
def test_row_40_no_outage_without_enough_lost_hosts_and_none_while_most_are_heard_of(
    hosts: int, batches: list[list[tuple[int, bool]]]
) -> None:
    belief: Belief = suspected(hosts)
    last: dict[int, bool] = {}
    for batch in batches:
        if not isinstance(belief, Suspected):
            break
        last.update(batch)
        told = [Try(f"{host}.example", NOW, lost=lost) for host, lost in batch]
        belief = tried(belief, told, NOW)
    lost = sum(last.values())
    assert needed(hosts) <= max(3, min(ENOUGH_HOSTS, hosts))
    if isinstance(belief, Away):
        assert lost >= needed(hosts)
        assert lost >= len(last) - lost
        assert NOW < belief.probe_at <= NOW + LAST_PROBE
    if isinstance(belief, Fine):
        assert len(last) - lost > lost
    if isinstance(belief, Suspected):
        # Nothing is undecided once a probe has told all that there is to tell.
        assert isinstance(probed(belief, [], NOW), Fine)
