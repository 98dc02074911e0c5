"""Places in an entry: GeoRSS and GML points and shapes, geo:lat and geo:long (W3C).

All say latitude before longitude. A line, a box or a polygon is told as the middle of the least
box around it, a circle as its centre.
"""

import re
from collections.abc import Iterator, Sequence

from aggregator.model.details import Place
from aggregator.parse.asides import Element

_NUMBER = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?")
_BETWEEN = re.compile(r"[\s,]+")
_POINTS = ("georss:point", "gml:pos", "georss:circle")
_SHAPES = ("georss:line", "georss:box", "georss:polygon", "gml:poslist")
_MOST_CORNERS = 10_000

_Point = tuple[float, float]


def places(within: Element) -> tuple[Place, ...]:
    """Return the places of an entry's asides, each once; what lies off the globe is left out."""
    name = next((one.text for one in within.all("georss:featurename") if one.text), "")
    found = (point for written in _written(within) if (point := _middle(_points(written))))
    return tuple(Place(*point, name) for point in dict.fromkeys(found))


def _written(within: Element) -> Iterator[Sequence[str]]:
    """Yield the numbers of each place as they are written."""
    for tag in _POINTS:
        yield from (_BETWEEN.split(one.text.strip())[:2] for one in within.all(tag))
    for tag in _SHAPES:
        yield from (_BETWEEN.split(one.text.strip()) for one in within.all(tag))
    latitudes, longitudes = within.all("geo:lat"), within.all("geo:long")
    for latitude, longitude in zip(latitudes, longitudes, strict=False):
        yield latitude.text.strip(), longitude.text.strip()


def _points(numbers: Sequence[str]) -> tuple[_Point, ...]:
    """Return the points that numbers in pairs stand for; none if one of them is no place."""
    if len(numbers) % 2 or len(numbers) > _MOST_CORNERS:
        return ()
    if not all(_NUMBER.fullmatch(number) for number in numbers):
        return ()
    read = [float(number) for number in numbers]
    points = tuple(zip(read[::2], read[1::2], strict=True))
    return points if all(abs(lat) <= 90 and abs(long) <= 180 for lat, long in points) else ()


def _middle(points: Sequence[_Point]) -> _Point | None:
    if len(points) < 2:
        return next(iter(points), None)
    latitudes, longitudes = zip(*points, strict=True)
    return (
        (min(latitudes) + max(latitudes)) / 2,
        (min(longitudes) + max(longitudes)) / 2,
    )
