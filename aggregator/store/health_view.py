"""The view of feeds for people, without the passwords that may stand in their addresses."""

from sqlite_utils import Database

from aggregator.store.views import change_view

_REST = "substr({address}, instr({address}, '://') + 3)"
_AUTHORITY = (
    f"substr({_REST}, 1, instr(replace(replace({_REST}, '?', '/'), '#', '/') || '/', '/') - 1)"
)
# What is left when all but the last @ and what stands before it is taken off.
_CREDENTIALS = f"rtrim({_AUTHORITY}, replace({_AUTHORITY}, '@', ''))"
_SHOWN = f"replace({{address}}, '://' || {_CREDENTIALS}, '://')"


def hide_passwords(database: Database) -> None:
    """Let the view show addresses as they may be shown: it showed them as they are polled."""
    for column in ("key", "fetch_url"):
        shown = _SHOWN.format(address=f"feed.{column}")
        change_view(database, "feed_health", f"feed.{column}", f"{shown} AS {column}")
