"""The meaning of a store: every store's tests inherit `StoreContract`."""

from collections.abc import Iterator

import pytest

from aggregator.store.base import Store
from tests.store.contract_applying import ApplyingContract
from tests.store.contract_budgeting import BudgetingContract
from tests.store.contract_claiming import ClaimingContract
from tests.store.contract_courtesy import CourtesyContract
from tests.store.contract_metering import MeteringContract
from tests.store.contract_moving import MovingContract
from tests.store.contract_nearness import NearnessContract
from tests.store.contract_placing import PlacingContract
from tests.store.contract_pushing import PushingContract
from tests.store.contract_reading import ReadingContract
from tests.store.contract_retagging import RetaggingContract
from tests.store.contract_retracting import RetractingContract
from tests.store.contract_searching import SearchingContract
from tests.store.contract_subscribing import SubscribingContract


class StoreContract(
    SubscribingContract,
    ClaimingContract,
    CourtesyContract,
    BudgetingContract,
    ApplyingContract,
    MeteringContract,
    MovingContract,
    NearnessContract,
    PlacingContract,
    PushingContract,
    ReadingContract,
    SearchingContract,
    RetaggingContract,
    RetractingContract,
):
    """Inherit this and say what ``store`` and `fresh` are: a fresh store, closed afterwards."""

    @pytest.fixture
    def store(self) -> Iterator[Store]:
        raise NotImplementedError
