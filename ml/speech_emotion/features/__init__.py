"""The features of a window of speech that the networks take."""
