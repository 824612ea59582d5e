"""Training of the speech emotion networks."""
