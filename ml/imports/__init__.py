"""Taking in a network that somebody else trained, without ever running anything that came with it."""
