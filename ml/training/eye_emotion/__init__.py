"""Training of the eye emotion networks."""
