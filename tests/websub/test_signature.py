"""Signatures of what hubs send."""

import pytest

from aggregator.websub.signature import is_signed

BODY = b"what do ya want for nothing?"
KEY = "Jefe"
KNOWN = {
    # RFC 2202 §3, RFC 4231 §4.3
    "sha1": "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
    "sha256": "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    "sha384": "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
    "8e2240ca5e69e2c78b3239ecfab21649",
    "sha512": "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
    "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
}


@pytest.mark.parametrize("method", KNOWN)
def test_the_four_methods_are_known(method: str) -> None:
    assert is_signed(BODY, f"{method}={KNOWN[method]}", KEY)
    assert is_signed(BODY, f" {method.upper()}={KNOWN[method].upper()} ", KEY)
    assert not is_signed(BODY + b".", f"{method}={KNOWN[method]}", KEY)
    assert not is_signed(BODY, f"{method}={KNOWN[method]}", "jefe")
    assert not is_signed(BODY, f"{method}={KNOWN[method][:-1]}", KEY)


@pytest.mark.parametrize(
    "header", [None, "", "=", "sha256", "md5=750c783e6ab0b503eaa86e310a5db738", "sha256=\ud800"]
)
def test_anything_else_is_no_signature(header: str | None) -> None:
    assert not is_signed(BODY, header, KEY)
