"""Points in an entry: georss:point, gml:pos in georss:where, geo:lat and geo:long (W3C).

All say latitude before longitude. Lines, polygons and boxes are no points and are left out.
"""

import re
from collections.abc import Iterator

from aggregator.model.details import Place
from aggregator.parse.asides import Element

_NUMBER = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?")
_BETWEEN = re.compile(r"[\s,]+")


def places(within: Element) -> tuple[Place, ...]:
    """Return the points of an entry's asides, each once."""
    name = next((one.text for one in within.all("georss:featurename") if one.text), "")
    pairs = (_BETWEEN.split(text.strip()) for text in _written(within))
    read = (place for pair in pairs if (place := _place(pair, name)))
    return tuple(dict.fromkeys(read))


def _written(within: Element) -> Iterator[str]:
    for tag in ("georss:point", "gml:pos"):
        yield from (one.text for one in within.all(tag))
    latitudes, longitudes = within.all("geo:lat"), within.all("geo:long")
    for latitude, longitude in zip(latitudes, longitudes, strict=False):
        yield f"{latitude.text} {longitude.text}"


def _place(pair: list[str], name: str) -> Place | None:
    if len(pair) < 2 or not all(_NUMBER.fullmatch(part) for part in pair[:2]):
        return None
    latitude, longitude = float(pair[0]), float(pair[1])
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return Place(latitude, longitude, name)
