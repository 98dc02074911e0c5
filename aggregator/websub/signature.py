"""Whether what came in a hub's name was sent by who knows the secret (WebSub §7.1).

::

    X-Hub-Signature: sha256=ae84…    the HMAC (RFC 2104) of the body as it travelled, in hex
"""

import hashlib
import hmac

METHODS = ("sha1", "sha256", "sha384", "sha512")
"""Those that the Recommendation names; hubs choose."""


def is_signed(body: bytes, header: str | None, secret: str) -> bool:
    """Tell whether the signature is the body's; how long that takes tells nothing of it."""
    method, _, given = (header or "").strip().partition("=")
    if method.lower() not in METHODS:
        return False
    expected = hmac.new(secret.encode(), body, getattr(hashlib, method.lower())).hexdigest()
    return hmac.compare_digest(expected.encode(), given.strip().lower().encode("utf-8", "replace"))
