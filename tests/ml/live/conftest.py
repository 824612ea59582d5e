"""Frames of a face as a browser sends them."""

from collections.abc import Callable

import cv2
import pytest

from ml.demo.portrait import Pose, frame
from ml.live.recognizer_cache import RecognizerCache, SessionRecognizers


@pytest.fixture(scope="session")
def jpeg() -> Callable[..., bytes]:
    """``jpeg(Pose(...))``: the astronaut in 640 x 360."""

    def make(pose: Pose | None = None, *, quality: int = 80) -> bytes:
        picture = frame(pose or Pose(), width=640, height=360)
        return cv2.imencode(".jpg", picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()

    return make


@pytest.fixture(scope="session")
def recognizers() -> SessionRecognizers:
    return RecognizerCache().load({})
