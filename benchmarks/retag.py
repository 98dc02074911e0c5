"""What a changed rule costs: examining and retagging, for a rare rule and for a topic.

Run it with ``python -m benchmarks.retag [ENTRIES] [DATABASE]``; the database is that of
`benchmarks.search`, filled if it is not there, in a directory of its own unless one is given.
What a rule costs is proportional to its candidates, not to what is stored; a rule whose
candidates are all entries is measured beside it.
"""

import sys
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from aggregator.query.syntax import parse
from aggregator.reapplying import Application, Manner, examine
from aggregator.retagging import Plan, plan
from aggregator.store.sqlite import SqliteStore
from aggregator.tagging import Rule
from benchmarks.search import fill, word
from benchmarks.store import NOW

ENTRIES = 100_000


def queries() -> dict[str, tuple[str, str]]:
    """Return what a rule asks for, at first and after an edit."""
    topic = " OR ".join(
        (
            *(word(2_000 + 150 * number) for number in range(30)),
            *(f'"{word(20 + number)} {word(30 + number)}"' for number in range(10)),
            *(f"({word(300 + n)} NEAR/5 ({word(350 + n)} OR {word(450 + n)}))" for n in range(5)),
        )
    )
    return {
        "rare": (word(20_000), f"{word(20_000)} OR {word(20_001)}"),
        "topic": (topic, f"({topic}) AND NOT {word(100)}"),
        "everyday": (f"{word(0)} OR {word(1)}", word(0)),
    }


def planned(name: str, query: str) -> Plan:
    """Return how to apply a rule; every version of it is another."""
    version = f"{time.time_ns():x}"
    return plan([Rule(name, name, parse(query), query, version)], [name], [])


def measure(store: SqliteStore, what: str, planned: Plan, *, dry: bool) -> None:
    """Walk all the way and print a line."""
    begun = time.perf_counter()
    if dry:
        walk = examine(store, planned, Manner(samples=3))
        step = walk.step
    else:
        application = Application(store, planned, lambda: NOW)
        walk, step = application.walk, application.step
    listed, longest, more = time.perf_counter() - begun, 0.0, True
    while more:
        started = time.perf_counter()
        more = step()
        longest = max(longest, time.perf_counter() - started)
    took = time.perf_counter() - begun
    (tally,) = walk.tallies.values()
    each = took / max(1, walk.done) * 1e6
    print(
        f"{what:<30}{took:>8.2f} s {walk.done:>10,} {each:>8.0f} µs {listed:>8.2f} s"
        f" {longest:>8.2f} s   {tally.told()}"
    )


def main() -> None:
    """Print the table."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    with TemporaryDirectory() as directory:
        path = Path(sys.argv[2] if len(sys.argv) > 2 else Path(directory, "retag.db"))
        is_filled = path.exists()
        with closing(SqliteStore(path)) as store:
            if not is_filled:
                fill(store, entries)
            print(f"{store.figures().entries:,} entries")
            heads = ("whole", "candidates", "each", "to list", "a slice")
            print(f"{'':<30}{heads[0]:>10}{heads[1]:>11}{heads[2]:>12}{heads[3]:>11}{heads[4]:>11}")
            for name, (first, edited) in queries().items():
                measure(store, f"{name}: a new tag, dry run", planned(name, first), dry=True)
                measure(store, f"{name}: a new tag", planned(name, first), dry=False)
                measure(store, f"{name}: after an edit", planned(name, edited), dry=False)


if __name__ == "__main__":
    main()
