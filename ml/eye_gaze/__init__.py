"""Eye gaze: the iris in the eye frame, corrected for the head, to nine areas."""
