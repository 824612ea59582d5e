"""Rendering of faces with known head pose and gaze."""
