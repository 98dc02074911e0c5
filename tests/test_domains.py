"""Which hosts are one site."""

import pytest

from aggregator.domains import registrable


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.example.org", "example.org"),
        ("example.org", "example.org"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("alice.tumblr.com", "tumblr.com"),
        ("alice.github.io", "github.io"),
        ("alice.blogspot.com", "blogspot.com"),
        ("alice.wordpress.com", "wordpress.com"),
        ("news.bücher.example".encode("idna").decode(), "xn--bcher-kva.example"),
        ("co.uk", None),
        ("org", None),
        ("nas", None),
        ("192.0.2.7", None),
        ("2001:db8::7", None),
        (None, None),
    ],
)
def test_a_site_is_what_somebody_registered(host: str | None, domain: str | None) -> None:
    assert registrable(host) == domain
