"""Live readings at rest: the journal of a room, and the running summary of what it holds."""
