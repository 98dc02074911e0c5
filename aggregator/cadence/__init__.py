"""The parts of deciding when to poll: what a feed's rhythm is, backoff, spreading over time."""
