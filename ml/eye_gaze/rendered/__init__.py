"""Faces with a known gaze: a portrait turned in three dimensions, its eyes painted anew. Nothing here is served."""
