"""What the tests of the API share: a live room, its host's browser, and a transcript."""

from tests.factories.rooms import host, make_room, room  # noqa: F401
from tests.factories.transcripts import program, queued, recording, transcript  # noqa: F401
