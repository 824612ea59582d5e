"""What the management commands of training and evaluation call."""
