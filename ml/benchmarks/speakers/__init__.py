"""Benchmark of speaker attribution: who speaks, in recordings of two people that are built for it."""
