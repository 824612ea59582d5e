"""Benchmarks: what is measured beyond the evaluation of a version."""
