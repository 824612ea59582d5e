"""What a live room's readings are kept in: the journal of a take and the running summary."""
