"""Speech emotion on Whisper's encoder: its weights, the network around it, and how that is trained."""
