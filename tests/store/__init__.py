"""What every store must do, and what is particular to SQLite."""
