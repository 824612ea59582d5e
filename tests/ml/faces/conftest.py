"""One detector and one mesh for all tests of the faces room."""

from collections.abc import Callable

import pytest

from ml.faces.detector import FaceDetector
from ml.faces.geometry import Face, Picture
from ml.faces.landmarks import FaceMesh


@pytest.fixture(scope="session")
def detector() -> FaceDetector:
    return FaceDetector()


@pytest.fixture(scope="session")
def mesh() -> FaceMesh:
    return FaceMesh()


@pytest.fixture(scope="session")
def face_of(detector: FaceDetector, mesh: FaceMesh) -> Callable[[Picture], Face]:
    """The one face of a picture."""

    def find(picture: Picture) -> Face:
        (detection,) = detector.detect(picture)
        return mesh.landmark(picture, detection.region)

    return find
