"""What was computed about a recording, and by which model version."""
