"""Attempts of workers at rows: the state machine, the heartbeat, the stored file, the outcome, and the stop."""
