"""Decoding of recordings: probe, frames by presentation timestamp, mono sound."""
