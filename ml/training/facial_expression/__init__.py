"""Training of the facial expression networks."""
