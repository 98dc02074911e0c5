"""What is allowed in rules and lists, but most likely not what was meant."""
