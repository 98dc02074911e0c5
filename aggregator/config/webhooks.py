"""The ``webhooks:`` of an output → `WebhookSettings`."""

import base64
import binascii
import os
from collections.abc import Iterator
from pathlib import Path

from aggregator.config.addresses import AddressError, WebAddress, locate
from aggregator.config.keys import WEBHOOK
from aggregator.config.reading import Problems, Section, items, section
from aggregator.config.settings import WebhookSettings
from aggregator.config.tree import Value

LEAST_BYTES = 16
"""How long a secret must be: a shorter one could be guessed."""

_BASE64 = "whsec_"
"""What begins a secret in base64, by Standard Webhooks 1.0; any other is taken as it is."""


def read_webhooks(value: Value | None, problems: Problems) -> tuple[WebhookSettings, ...]:
    """Read the list; what is wrong in it is a problem and left out."""
    if value is None:
        return ()
    return tuple(_read(value, problems))


def _read(value: Value, problems: Problems) -> Iterator[WebhookSettings]:
    for item in items(value, "`webhooks`", problems):
        keys = section(item, WEBHOOK, problems)
        if keys is None:
            continue
        url, key = _url(keys, item, problems), _key(keys, item, problems)
        if url is not None and key is not None:
            yield WebhookSettings(url, key)


def _url(keys: Section, item: Value, problems: Problems) -> str | None:
    written = keys.text("url")
    if written is None:
        if "url" not in keys:
            problems.at(item, "A webhook needs a `url`: where newly tagged entries are sent.")
        return None
    try:
        located = locate(written, Path("/"))
    except AddressError as error:
        keys.wrong("url", str(error))
        return None
    if isinstance(located, WebAddress):
        return located.url
    keys.wrong("url", f"{written!r} is not a web address: entries are sent by http or https.")
    return None


def _key(keys: Section, item: Value, problems: Problems) -> bytes | None:
    """Read the secret, or look it up in the environment."""
    secret, name = keys.text("secret"), keys.text("secret_env")
    if name is not None:
        secret = os.environ.get(name)
        if secret is None:
            keys.wrong("secret_env", f"There is no environment variable {name}.")
            return None
    if secret is None:
        told = "A webhook needs a `secret` that it shares with us, or a `secret_env` that has it."
        problems.at(item, told)
        return None
    key = _decoded(secret)
    if key is None or len(key) < LEAST_BYTES:
        of = "secret" if name is None else "secret_env"
        told = f"The secret must be {LEAST_BYTES} bytes at least; behind {_BASE64} it is in base64."
        keys.wrong(of, told)
        return None
    return key


def _decoded(secret: str) -> bytes | None:
    if not secret.startswith(_BASE64):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_BASE64), validate=True)
    except binascii.Error:
        return None
