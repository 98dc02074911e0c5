"""Section G of the polling rules: limits."""

import gzip
from collections.abc import Callable
from itertools import repeat
from typing import Any

import pytest

from tests.publisher import (
    Drip,
    Raw,
)
from tests.rows.asking import (
    polls,
)
from tests.scenario import Newsroom


def test_row_63_a_length_beyond_the_cap_is_not_even_read(newsroom: Newsroom) -> None:
    announced = Raw([b"HTTP/1.1 200 OK\r\nContent-Length: 10485761\r\n\r\n"])
    (refresh,) = polls(newsroom, announced)
    assert refresh.poll.error_code == "too_large"


@pytest.mark.parametrize("coding", [bytes, gzip.compress])
def test_row_63_a_body_beyond_the_cap_is_given_up(
    limited: Newsroom, coding: Callable[[bytes], bytes]
) -> None:
    body = coding(b"<rss>" + b" " * 200_000)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
    (refresh,) = polls(limited, Raw([head, body]))
    assert refresh.poll.error_code == "too_large"


@pytest.mark.parametrize(
    "drops", [repeat(b"x"), (b"HTTP/1.1 200 OK\r\n", *repeat(b"X-Drip: 1\r\n", 1000))]
)
def test_row_65_a_drip_is_cut_at_the_deadline(limited: Newsroom, drops: Any) -> None:
    (refresh,) = polls(limited, Drip(drops, 0.02))
    assert refresh.poll.error_code == "timeout"
