"""What verifies servers."""

from pathlib import Path

import pytest

from aggregator.errors import UsageError
from aggregator.fetch.tls import tls_context


def test_a_file_of_authorities_that_is_gone_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        tls_context(tmp_path / "gone.pem")
    path = tmp_path / "gone.pem"
    assert str(caught.value) == (
        f"poll.ca_bundle, {path}, cannot be used: No such file or directory."
    )
