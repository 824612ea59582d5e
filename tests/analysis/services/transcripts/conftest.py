"""What the tests of transcripts share."""

from tests.factories.transcripts import program, queued, recording, transcript  # noqa: F401  (fixtures)
