"""Analyses of recordings: runs, results, reports, model versions and live readings."""
