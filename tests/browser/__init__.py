"""The pages in a real browser: headless Chromium, where it is installed (``pytest -m browser``)."""
