"""The states of a subscription, and the laws they keep whatever happens."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from aggregator.model.fetching import Hub
from aggregator.websub.answers import Intent, confirmed, denied, failed
from aggregator.websub.subscription import (
    Callback,
    Forget,
    Prospect,
    Push,
    Standing,
    Step,
    Subscribe,
    Unsubscribe,
    Wait,
    next_step,
)
from tests.builders import FEED, NOW

HUB = Hub("https://hub.example/", FEED)
OTHER = Hub("https://other.example/", FEED)
ADDRESS = "https://newsroom.example/websub"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CHALLENGE = Intent("subscribe", FEED, "challenge", "864000")


def fresh(number: int = 1, address: str = ADDRESS) -> Callback:
    return Callback(f"token-{number}", f"secret-{number}", address)


def step(push: Push | None, now: datetime, number: int = 2, **changes: object) -> Step:
    prospect = replace(Prospect(FEED, True, HUB, push), **changes)  # type: ignore[arg-type]
    return next_step(prospect, fresh(number), now)


def subscribed(taken: Step) -> Push:
    assert isinstance(taken, Subscribe)
    assert taken.callback == taken.push.pending
    return taken.push


def live(now: datetime = NOW) -> Push:
    push = confirmed(subscribed(step(None, now, 1)), "token-1", CHALLENGE, now)
    assert isinstance(push, Push)
    return push


def test_a_renewal_keeps_the_old_callback_until_the_new_one_is_verified() -> None:
    renewing = subscribed(step(live(), NOW + 7 * DAY))
    assert renewing.standing is Standing.RENEWING
    assert renewing.callbacks == (fresh(1), fresh(2))
    assert renewing.pushed == live().pushed
    renewed = confirmed(renewing, "token-2", CHALLENGE, NOW + 7 * DAY)
    assert isinstance(renewed, Push)
    assert renewed.callbacks == (fresh(2),)
    assert renewed.since == NOW
    assert renewed.lease_until == NOW + 17 * DAY


def test_a_lease_of_minutes_is_not_renewed_before_it_has_run_out() -> None:
    push = confirmed(live(), "token-1", replace(CHALLENGE, lease_seconds="300"), NOW)
    assert isinstance(push, Push)
    assert push.act_at == NOW + timedelta(minutes=5)
    waiting = step(push, push.act_at)
    assert isinstance(waiting, Wait)
    assert (waiting.push.standing, waiting.push.callbacks) == (Standing.EXPIRED, ())
    assert subscribed(step(waiting.push, NOW + HOUR)).since is None


def test_another_hub_is_asked_at_once_but_for_the_hour_since_the_last_request() -> None:
    push = live()
    assert isinstance(step(push, NOW + HOUR / 2, hub=OTHER), Wait)
    moved = subscribed(step(push, NOW + HOUR, hub=OTHER))
    assert (moved.hub, moved.attempts) == (OTHER, 1)
    assert moved.live == fresh(1)


def test_so_is_the_same_hub_once_we_have_another_address() -> None:
    prospect = Prospect(FEED, True, HUB, live())
    elsewhere = fresh(2, "https://elsewhere.example")
    assert isinstance(next_step(prospect, elsewhere, NOW + HOUR / 2), Wait)
    assert subscribed(next_step(prospect, elsewhere, NOW + HOUR)).pending == elsewhere


def test_a_feed_that_nobody_reads_leaves_its_hub_and_is_forgotten_the_next_day() -> None:
    leaving = step(live(), NOW + HOUR, is_active=False)
    assert isinstance(leaving, Unsubscribe)
    assert leaving.callback == fresh(1)
    assert isinstance(step(leaving.push, NOW + 2 * HOUR, is_active=False), Wait)
    assert step(leaving.push, NOW + 26 * HOUR, is_active=False) == Forget(FEED)
    assert step(None, NOW, hub=None) == Forget(FEED)
    assert step(subscribed(step(None, NOW)), NOW, hub=None) == Forget(FEED)
    # If it is read again meanwhile, its hub is asked again, after an hour.
    assert isinstance(step(leaving.push, NOW + HOUR * 1.5), Wait)
    assert subscribed(step(leaving.push, NOW + 2 * HOUR)).standing is Standing.PENDING


def test_a_hub_that_asks_us_to_wait_is_waited_for_a_month_at_most() -> None:
    push = subscribed(step(None, NOW))
    assert failed(push, "No.", None, NOW).ask_at == NOW + HOUR
    assert failed(push, "No.", 3 * HOUR, NOW).ask_at == NOW + 3 * HOUR
    assert failed(push, "No.", 999 * DAY, NOW).ask_at == NOW + 31 * DAY


def told(event: str, push: Push, now: datetime) -> Push | None:
    """Return what becomes of a subscription when its hub does something."""
    match event:
        case "deny":
            return denied(push, Intent("denied", FEED), now)
        case "fail":
            return failed(push, "No.", HOUR, now)
        case _:
            callback = push.pending if event.endswith("pending") else push.live
            said = callback and confirmed(push, callback.token, CHALLENGE, now)
            return said if isinstance(said, Push) else push


EVENTS = some.sampled_from(
    ["act", "verify pending", "verify live", "deny", "fail", "other hub", "no hub", "paused"]
)


@given(some.lists(some.tuples(EVENTS, some.integers(0, 30 * 60)), max_size=40))
def test_whatever_happens_a_hub_is_not_asked_twice_in_an_hour_and_no_callback_comes_back(
    events: list[tuple[str, int]],
) -> None:
    push: Push | None = None
    prospect = Prospect(FEED, True, HUB)
    now, asked_at, given_away = NOW, None, 0
    over: set[str] = set()
    for number, (event, minutes) in enumerate(events):
        now += timedelta(minutes=minutes)
        before = push.callbacks if push else ()
        match event:
            case "act":
                taken = next_step(replace(prospect, push=push), fresh(number), now)
                if isinstance(taken, Subscribe):
                    assert asked_at is None or now - asked_at >= HOUR
                    asked_at, given_away = now, given_away + 1
                push = None if isinstance(taken, Forget) else taken.push
                asked_at = asked_at if push else None
            case "other hub":
                prospect = Prospect(FEED, True, OTHER if prospect.hub == HUB else HUB)
            case "no hub":
                prospect = Prospect(FEED, True)
            case "paused":
                prospect = replace(prospect, is_active=not prospect.is_active)
            case _:
                push = push and told(event, push, now)
        after = push.callbacks if push else ()
        assert not over & {one.token for one in after}
        over |= {one.token for one in before} - {one.token for one in after}
        if push and push.pushed:
            assert push.live
            assert push.act_at <= push.pushed.until
