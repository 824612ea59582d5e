"""Analysis of a whole recording: the video pass and the runners of the recognisers."""
