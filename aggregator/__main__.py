"""``python -m aggregator``: the command line."""

from aggregator.cli.main import main

if __name__ == "__main__":
    main()
