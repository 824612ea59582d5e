"""Eye gaze: nine areas from iris offset and head pose. A geometric model without trained weights."""
