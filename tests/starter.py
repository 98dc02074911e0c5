"""The starter at the top, read once: its thousands of terms take longer than most tests."""

from functools import cache
from pathlib import Path

from aggregator.config.load import load
from aggregator.config.settings import Config

STARTER = Path(__file__).parent.parent / "feeds.yaml"


@cache
def starter_config() -> Config:
    return load(STARTER)
