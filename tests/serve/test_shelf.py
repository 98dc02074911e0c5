"""Documents that are kept: made once for one state, never handed out for another."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from aggregator.serve.shelf import KEPT, Document, Made, Shelf
from tests.builders import NOW

OLD = NOW - timedelta(days=9)


class Maker:
    """Makes documents, and counts them."""

    def __init__(self) -> None:
        self.made = 0
        self.text = b"text"

    async def __call__(self) -> Made:
        self.made += 1
        await asyncio.sleep(0)
        return Made(self.text, OLD, None)


def run(act: Callable[[Shelf], Awaitable[None]]) -> None:
    async def all() -> None:
        await act(Shelf(NOW))

    asyncio.run(all())


def test_many_readers_cost_one_document() -> None:
    async def act(shelf: Shelf) -> None:
        make = Maker()
        for _ in range(2):
            await asyncio.gather(*(shelf.document(1, "/", NOW, make) for _ in range(500)))
        assert make.made == 1

    run(act)


@pytest.mark.parametrize(
    ("state", "address", "now"), [(2, "/", NOW), (1, "/other", NOW), (1, "/", NOW + KEPT)]
)
def test_another_state_address_or_minute_makes_another(
    state: int, address: str, now: datetime
) -> None:
    async def act(shelf: Shelf) -> None:
        make = Maker()
        await shelf.document(1, "/", NOW, make)
        await shelf.document(state, address, now, make)
        assert make.made == 2

    run(act)


def test_what_failed_is_tried_again() -> None:
    async def fail() -> Made:
        raise ValueError

    async def act(shelf: Shelf) -> None:
        with pytest.raises(ValueError):  # noqa: PT011  # any exception would do
            await shelf.document(1, "/", NOW, fail)
        assert (await shelf.document(1, "/", NOW, Maker())).made.body == b"text"

    run(act)


def test_a_document_is_as_old_as_its_bytes_as_far_as_is_known() -> None:
    async def act(shelf: Shelf) -> None:
        make = Maker()

        async def at(state: int, hours: int) -> Document:
            return await shelf.document(state, "/", NOW + timedelta(hours=hours), make)

        assert (await at(1, 1)).modified_at == NOW
        assert (await at(2, 2)).modified_at == NOW
        make.text = b"less"
        assert (await at(3, 3)).modified_at == NOW + timedelta(hours=3)
        assert (await at(4, 4)).modified_at == NOW + timedelta(hours=3)

    run(act)


def test_a_few_documents_are_kept_and_the_latest_of_them() -> None:
    async def act(shelf: Shelf) -> None:
        make = Maker()
        for number in range(200):
            await shelf.document(1, number, NOW, make)
        await shelf.document(1, 199, NOW, make)
        await shelf.document(1, 0, NOW, make)
        assert make.made == 201

    run(act)


def test_a_document_is_coded_once_and_large_ones_are_not_kept() -> None:
    async def act(shelf: Shelf) -> None:
        make = Maker()
        document = await shelf.document(1, "/", NOW, make)
        packed = await shelf.coded("/", document, "br")
        assert await shelf.coded("/", document, "br") is packed
        make.text = bytes(40_000_000)
        for _ in range(2):
            await shelf.document(1, "/large", NOW, make)
        assert make.made == 3

    run(act)
