"""Speech in a recording's sound, before any emotion: voice activity, windows, background sounds, bandwidth."""
