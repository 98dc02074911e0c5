"""Where entries, tags and schedules are kept."""
