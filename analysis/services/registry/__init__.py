"""Writing model versions: registering, activating, trying and retiring them."""
