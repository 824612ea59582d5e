"""The gaze benchmark, and the figures and cards of the gaze versions."""
