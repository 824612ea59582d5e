"""Reading recordings: probe, frames by presentation timestamp, mono sound."""
