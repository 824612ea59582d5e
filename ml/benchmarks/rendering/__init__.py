"""Rendered faces with a known head pose and gaze."""
