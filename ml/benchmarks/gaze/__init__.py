"""The gaze benchmark: rendered sessions with ground truth, the metrics on them, and the card of a gaze version."""
