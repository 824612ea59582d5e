"""Stored live readings: the journal of a room, and its running summary."""
