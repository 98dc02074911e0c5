"""Publishers' pictures, where they are wanted: fetched by us, so that nobody learns who reads them.

The address of a picture here is signed with a key of this process: whoever did not get it from one
of our pages has us fetch nothing.
"""

import asyncio
import hmac
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from aggregator.errors import FetchError

AT_ONCE = 4
"""Pictures that are fetched at once; the others wait."""

MAX_BYTES = 5 * 2**20

_KEPT = {"Cache-Control": "private, max-age=86400"}
_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


def picture_type(body: bytes) -> str | None:
    """Return the media type of a picture made of dots, by how it begins; None for all else.

    SVG is none: it is a document that may hold scripts.
    """
    for beginning, told in _BEGINNINGS:
        if body.startswith(beginning):
            return told
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    return "image/avif" if body[4:12] in {b"ftypavif", b"ftypavis"} else None


class Images:
    """Signs the addresses of pictures, and shows what is at them.

    ``fetch`` returns the bytes at an address, `MAX_BYTES` at most, or raises `FetchError`.
    """

    def __init__(self, fetch: Callable[[str], bytes]) -> None:
        self._fetch = fetch
        self._key = secrets.token_bytes(32)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="image")

    def address(self, root: str, url: str) -> str:
        """Return where a picture is shown, below the path that we are served under."""
        return f"{root}/images/{self._signature(url)}?{urlencode({'url': url})}"

    async def show(self, request: Request) -> Response:
        """Answer with the picture that a signed address names."""
        url = request.query_params.get("url", "")
        signature = request.path_params["signature"].encode()
        if not hmac.compare_digest(signature, self._signature(url).encode()):
            return PlainTextResponse("No page of today leads here.\n", 404)
        loop = asyncio.get_running_loop()
        try:
            body = await loop.run_in_executor(self._threads, self._fetch, url)
        except FetchError as error:
            return PlainTextResponse(f"{error}\n", 502)
        told = picture_type(body)
        if told is None:
            return PlainTextResponse("What is there is no picture.\n", 502)
        return Response(body, headers=_KEPT, media_type=told)

    def close(self) -> None:
        """Fetch no more pictures."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _signature(self, url: str) -> str:
        return hmac.digest(self._key, url.encode("utf-8", "replace"), sha256).hex()
