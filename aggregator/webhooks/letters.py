"""What is sent to a webhook, and when again where it was not taken; pure.

A letter is one item of a JSON Feed. Its headers are those of Standard Webhooks 1.0
(https://www.standardwebhooks.com): ``webhook-id`` is the same whenever one entry is sent to one
address, so that a receiver can tell what came twice; ``webhook-signature`` is an HMAC-SHA256 of
id, time and body.
"""

import base64
import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from aggregator.fetch.posting import Letter
from aggregator.model.entries import TaggedEntry
from aggregator.output.jsonfeed import render_items

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)


def letter(url: str, key: bytes, webhook: str, subject: TaggedEntry, now: datetime) -> Letter:
    """Return what tells a webhook of an entry."""
    content = render_items([subject]).strip()
    number = idempotency_key(webhook, subject.entry.id)
    return Letter(
        url,
        content,
        (
            (b"Content-Type", b"application/json"),
            (b"Idempotency-Key", number.encode()),
            *_signed(number, content, key, now),
        ),
    )


def idempotency_key(webhook: str, entry_id: str) -> str:
    """Return what is the same whenever an entry is sent to a webhook, and never else."""
    told = "\n".join((webhook, entry_id))
    return f"msg_{sha256(told.encode()).hexdigest()[:32]}"


def retry_at(failures: int, asked: timedelta | None, now: datetime) -> datetime:
    """Return when to try again: twice as late after each failure, or when we are asked to."""
    doubled: timedelta = FIRST_WAIT * 2 ** min(failures - 1, 20)
    return now + min(max(doubled, asked or timedelta(0)), LONGEST_WAIT)


def _signed(
    number: str, content: bytes, key: bytes, now: datetime
) -> tuple[tuple[bytes, bytes], ...]:
    at = str(int(now.timestamp()))
    signed = b".".join((number.encode(), at.encode(), content))
    signature = base64.b64encode(hmac.digest(key, signed, "sha256"))
    return (
        (b"webhook-id", number.encode()),
        (b"webhook-timestamp", at.encode()),
        (b"webhook-signature", b"v1," + signature),
    )
