"""What browsers play of a recording: a playable copy on the same clock, and a poster."""
