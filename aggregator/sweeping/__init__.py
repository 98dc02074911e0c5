"""Many polls: feeds are claimed, visited when it is their turn, and what came is committed."""
