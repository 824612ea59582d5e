"""The inference engine: one candidate's frames and sound, the worker processes that read them, and their answers."""
