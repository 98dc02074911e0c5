"""What programs read: one JSON object, safe on a terminal all the same."""

import json
import re

from aggregator.output.jsonfeed import Json

_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def as_json(report: Json) -> str:
    """Return an object as indented JSON.

    Characters that could act on a terminal are escaped, which JSON reads back as the same: they
    stand within strings only.
    """
    written = json.dumps(report, ensure_ascii=False, indent=2)
    return _UNSAFE.sub(lambda unsafe: f"\\u{ord(unsafe[0]):04x}", written)
