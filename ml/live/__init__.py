"""The recognisers on one person who is here now: a frame in, a reading out. Knows no process and no socket."""
