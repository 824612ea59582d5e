"""Builds the data that pages, terminals and API answers show from stored rows. Read-only."""
