"""Benchmarks of voice activity."""
