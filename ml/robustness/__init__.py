"""Corrupted copies of stretches of a recording, as a program of its own (:mod:`ml.robustness.__main__`)."""
