"""Speech in a recording's sound, before any emotion: voice activity, windows, music, background sound, bandwidth."""
