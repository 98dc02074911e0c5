"""``aggregator`` and ``python -m aggregator``: the command line.

Every worker process imports the module that the program was started with, whence the import inside.
"""

from importlib import import_module


def main() -> None:
    """Run the command line."""
    import_module("aggregator.cli.main").main()


if __name__ == "__main__":
    main()
