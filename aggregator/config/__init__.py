"""The configuration: ``feeds.yaml`` → values, every problem at once with its line; its edits."""
