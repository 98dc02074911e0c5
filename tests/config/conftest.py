"""Configurations are written to a directory of the test's own."""

from pathlib import Path

import pytest

from tests.config.mistakes import Write


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write feeds.yaml, and whatever files are named beside it."""

    def write_files(text: str, /, **others: str) -> Path:
        for name, content in others.items():
            other = tmp_path / name.replace("__", "/").replace("_yaml", ".yaml")
            other.parent.mkdir(exist_ok=True)
            other.write_text(content, encoding="utf-8")
        path = tmp_path / "feeds.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write_files
