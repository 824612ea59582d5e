"""The recognisers on a recording: one face pass over its frames, one pass over its sound, timelines at the end."""
