"""Draws docs/demo.svg, the README's picture: `python docs/picture.py`, in a terminal's colours."""

import os
import pty
import re
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

COLUMNS, ROWS = 100, 200
LAST_LINE = "What others can subscribe to"


def played() -> str:
    """Return what the demo writes to a terminal of `COLUMNS` columns."""
    written = bytearray()

    def read(descriptor: int) -> bytes:
        piece = os.read(descriptor, 65_536)
        written.extend(piece)
        return piece

    pty.spawn(["sh", "-c", f"stty cols {COLUMNS} rows {ROWS}; aggregator demo"], read)
    return written.decode().replace("\r\n", "\n")


def draw(shown: str, picture: Path) -> None:
    """Write the part of the demo that fits a picture."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere)
        console.print(Text.from_ansi(shown.partition(LAST_LINE)[0].rstrip()), soft_wrap=False)
        drawing = console.export_svg(title="aggregator demo", unique_id="demo")
        # A picture that fetches its letters from elsewhere tells that elsewhere who reads it.
        picture.write_text(re.sub(r"@font-face \{.*?\}", "", drawing, flags=re.DOTALL))


if __name__ == "__main__":
    picture = Path(__file__).with_name("demo.svg")
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        draw(played(), picture)
