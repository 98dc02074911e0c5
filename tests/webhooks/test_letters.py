"""What is sent to a webhook, and when again."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from aggregator.webhooks.letters import LONGEST_WAIT, idempotency_key, letter, retry_at
from tests.builders import NOW, entry, tag, tagged

KEY = b"a secret of some length"


def test_a_letter_is_one_item_of_a_json_feed() -> None:
    subject = tagged(entry("Talks in Mali"), tags=(tag("mali"),))
    sent = letter("https://desk.example/in", KEY, "sahel desk", subject, NOW)
    item = json.loads(sent.content)
    assert sent.url == "https://desk.example/in"
    assert (item["title"], item["tags"]) == ("Talks in Mali", ["mali"])
    assert item["_aggregator"]["evidence"]["mali"]


def test_whoever_has_the_secret_can_tell_that_it_is_ours() -> None:
    sent = letter("https://desk.example/", KEY, "desk", tagged(), NOW)
    headers = dict(sent.headers)
    told = b".".join((headers[b"webhook-id"], headers[b"webhook-timestamp"], sent.content))
    expected = base64.b64encode(hmac.new(KEY, told, hashlib.sha256).digest())
    assert headers[b"webhook-signature"] == b"v1," + expected
    assert int(headers[b"webhook-timestamp"]) == NOW.timestamp()
    assert headers[b"Idempotency-Key"] == headers[b"webhook-id"]


def test_one_entry_has_one_key_at_each_webhook() -> None:
    keys = {idempotency_key(hook, one) for hook in ("a", "b") for one in ("x", "y")}
    assert len(keys) == 4
    assert idempotency_key("a", "x") == idempotency_key("a", "x")


@given(st.integers(1, 10_000), st.timedeltas(timedelta(0), timedelta(days=99)))
def test_after_more_failures_it_is_never_tried_sooner(failures: int, asked: timedelta) -> None:
    first, second = (retry_at(each, asked, NOW) for each in (failures, failures + 1))
    assert NOW + timedelta(minutes=1) <= first <= second <= NOW + LONGEST_WAIT
