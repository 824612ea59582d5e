"""What the readers of a recording do with a face that is turned away."""

from types import SimpleNamespace

import numpy as np
import pytest

from ml import artifacts
from ml.faces.face_pass import FaceSample
from ml.faces.head_pose import HeadPose
from ml.modalities import FACIAL_EXPRESSION
from ml.offline.runners import FacialExpressionReader


@pytest.fixture(autouse=True)
def network(monkeypatch) -> None:
    def recognizer(artifact):
        labels = artifact.manifest.labels
        return SimpleNamespace(
            labels=labels, artifact=artifact, recognize=lambda _: np.eye(len(labels), dtype=np.float32)[0]
        )

    monkeypatch.setattr("ml.facial_expression.recognizer.Recognizer", recognizer)


def sample(at_s: float, yaw_deg: float) -> FaceSample:
    crop, strip = np.zeros((48, 48), np.uint8), np.zeros((40, 96), np.uint8)
    return FaceSample(1, at_s, at_s + 0.1, crop, strip, (None, None), HeadPose(yaw_deg, 0.0, 0.0, 60.0))


def test_turned_faces_are_no_expression_and_their_time_is_known():
    reader = FacialExpressionReader(lambda: artifacts.find(FACIAL_EXPRESSION))
    reader.start()
    for i, yaw_deg in enumerate((0, 10, 30, -40, 20)):
        reader.give(sample(i / 10, yaw_deg))
    reader.finish()
    assert reader.problem == ""
    assert [o.start_s for o in reader.timeline({1}).observations] == pytest.approx([0.0, 0.1, 0.4])
    assert reader.turned_s({1}) == pytest.approx(0.2)
    assert reader.turned_s({2}) == 0
