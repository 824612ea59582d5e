"""What was said, as sentences with their seconds: Whisper ``tiny.en`` behind a guard that rather says nothing."""
