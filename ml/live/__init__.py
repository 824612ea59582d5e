"""The recognisers during a live session: frames and sound in, readings out. Knows no process and no socket."""
