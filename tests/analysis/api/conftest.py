"""What the tests of the API share: a live room and its host's browser."""

from tests.factories.rooms import host, make_room, room  # noqa: F401
