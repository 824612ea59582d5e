"""The transcript: sentences with their seconds, by Whisper ``tiny.en`` and a guard against invented text."""
