"""Classification of single faces."""

from types import SimpleNamespace

import numpy as np
import pytest

from ml.faces.classification import classify
from ml.faces.face_pass import FaceSample
from ml.faces.head_pose import READABLE, HeadPose
from ml.faces.quality import FaceQuality
from ml.gaps import TOO_DARK, TURNED_AWAY
from ml.modalities import EYE_EMOTION, FACIAL_EXPRESSION
from ml.timeline import Observation


def face(yaw_deg: float = 0.0, pitch_deg: float = 0.0, *, brightness: float = 120.0) -> FaceSample:
    crop, strip = np.zeros((48, 48), np.uint8), np.zeros((40, 96), np.uint8)
    pose, quality = HeadPose(yaw_deg, pitch_deg, 0.0, 60.0), FaceQuality(brightness, brightness / 2.5, 0.8, 0.4)
    return FaceSample(1, 2.0, 2.1, crop, strip, (None, None), pose, quality)


def classifier(shape):
    def recognize(picture):
        assert picture.shape == shape
        return np.array([0.25, 0.5, 0.25], np.float32)

    return SimpleNamespace(labels=("a", "b", "c"), recognize=recognize)


@pytest.mark.parametrize(("modality", "shape"), [(FACIAL_EXPRESSION, (48, 48)), (EYE_EMOTION, (40, 96))])
def test_each_modality_classifies_its_own_cut_of_the_face(modality, shape):
    assert classify(modality, classifier(shape), face()) == Observation(2.0, 2.1, "b", 0.5, (0.25, 0.5, 0.25))


@pytest.mark.parametrize("modality", [FACIAL_EXPRESSION, EYE_EMOTION])
def test_a_head_turned_beyond_the_limits_is_not_classified(modality):
    limits, anything = READABLE[modality], SimpleNamespace(labels=(), recognize=None)
    assert classify(modality, anything, face(yaw_deg=-limits.yaw_deg - 1)) == TURNED_AWAY
    assert classify(modality, anything, face(pitch_deg=limits.pitch_deg + 1)) == TURNED_AWAY


@pytest.mark.parametrize("modality", [FACIAL_EXPRESSION, EYE_EMOTION])
def test_a_face_in_the_dark_is_not_classified_and_the_dark_is_the_reason(modality):
    anything = SimpleNamespace(labels=(), recognize=None)
    assert classify(modality, anything, face(yaw_deg=60.0, brightness=13.0)) == TOO_DARK
