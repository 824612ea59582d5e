"""The analysis of one recording as a confined program, and its supervisor."""
