"""Tests of the libexpat that we insist on."""

import pytest

from aggregator.errors import ParserFailedError
from aggregator.parse.expat import refuse_old_expat


def test_an_old_libexpat_is_refused_with_what_to_do() -> None:
    refuse_old_expat((2, 4, 1))
    refuse_old_expat((2, 10, 0))
    with pytest.raises(ParserFailedError, match=r"libexpat 2\.4\.0.*libexpat 2\.4\.1 or newer\.$"):
        refuse_old_expat((2, 4, 0))
