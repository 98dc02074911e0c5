"""The view of feeds for people, without the passwords that may stand in their addresses."""

from sqlite_utils import Database

_REST = "substr({address}, instr({address}, '://') + 3)"
_AUTHORITY = (
    f"substr({_REST}, 1, instr(replace(replace({_REST}, '?', '/'), '#', '/') || '/', '/') - 1)"
)
# What is left when all but the last @ and what stands before it is taken off.
_CREDENTIALS = f"rtrim({_AUTHORITY}, replace({_AUTHORITY}, '@', ''))"
_SHOWN = f"replace({{address}}, '://' || {_CREDENTIALS}, '://')"


def create(database: Database) -> None:
    """Replace the view of migration 0005: it showed addresses as they are polled."""
    database.execute("DROP VIEW feed_health")
    database.execute(f"""
        CREATE VIEW feed_health AS SELECT
            feed.name,
            feed.status,
            (SELECT group_concat(label, ', ') FROM feed_label WHERE feed_label.feed = feed.number)
                AS labels,
            (SELECT count(*) FROM entry WHERE entry.feed = feed.number) AS entries,
            feed.last_poll,
            poll.outcome AS last_outcome,
            poll.error_code AS last_error,
            poll.sentence AS last_sentence,
            feed.last_success,
            feed.failures,
            feed.failing_since,
            feed.problem,
            feed.due_at,
            feed.due_reason,
            {_SHOWN.format(address="feed.key")} AS key,
            {_SHOWN.format(address="feed.fetch_url")} AS fetch_url
        FROM feed LEFT JOIN poll
            ON poll.number = (SELECT max(number) FROM poll WHERE poll.feed = feed.number)
        ORDER BY feed.name""")
