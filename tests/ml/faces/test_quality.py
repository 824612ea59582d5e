"""Light and sharpness of a face, and what is withheld."""

import cv2
import numpy as np
import pytest

from ml.demo.portrait import Pose, frame
from ml.faces.face_pass import FacePass
from ml.faces.quality import FaceQuality, face_quality
from ml.gaps import BLURRED, TOO_DARK
from ml.media.video import Frame
from ml.modalities import EYE_EMOTION, EYE_GAZE, FACIAL_EXPRESSION

FACE_MODALITIES = (FACIAL_EXPRESSION, EYE_EMOTION, EYE_GAZE)


@pytest.fixture(scope="module")
def quality():
    """The quality of the drawn portrait after a change of its picture (RGB, 320 x 240: about 40 pixels of eyes)."""
    picture = frame(Pose(), width=320, height=240)
    faces = FacePass(tiled=False)
    first = Frame(0.0, 0.1, picture)
    (seen,) = faces.observe(first)

    def of(change=lambda rgb: rgb) -> FaceQuality:
        changed = FacePass(tiled=False)
        shown = Frame(0.0, 0.1, np.ascontiguousarray(change(picture)))
        changed.observe(shown)
        return changed.sample(shown, seen).quality  # the same place, whether or not a face is found there

    return of


def darker(light, *, noise=3.0):
    def change(rgb):
        grain = np.random.default_rng(1).normal(0, noise, rgb.shape) if noise else 0.0
        return np.clip(rgb * light + grain, 0, 255).astype(np.uint8)

    return change


def blurred(sigma):
    return lambda rgb: np.asarray(cv2.GaussianBlur(rgb, (0, 0), sigma), np.uint8)


@pytest.mark.parametrize("modality", FACE_MODALITIES)
def test_a_face_in_good_light_and_focus_is_read(quality, modality):
    assert quality().problem(modality) is None
    assert quality(darker(0.5)).problem(modality) is None
    assert quality(blurred(0.5)).problem(modality) is None


@pytest.mark.parametrize("modality", FACE_MODALITIES)
def test_a_face_in_an_eighth_of_the_light_is_too_dark(quality, modality):
    assert quality(darker(0.125)).problem(modality) == TOO_DARK


@pytest.mark.parametrize("modality", FACE_MODALITIES)
def test_a_face_far_out_of_focus_is_blurred(quality, modality):
    assert quality(blurred(9.0)).problem(modality) == BLURRED


@pytest.mark.parametrize("modality", FACE_MODALITIES)
def test_dark_skin_in_good_light_is_not_too_dark(modality):
    assert FaceQuality(brightness=32.0, contrast=20.0, sharpness=0.6, eye_sharpness=0.3).problem(modality) is None


def test_face_and_eyes_have_their_own_sharpness():
    soft_eyes = FaceQuality(brightness=120.0, contrast=50.0, sharpness=0.5, eye_sharpness=0.05)
    assert [soft_eyes.problem(modality) for modality in FACE_MODALITIES] == [None, BLURRED, BLURRED]


def test_sharpness_does_not_depend_on_light_and_contrast():
    crop = np.random.default_rng(2).integers(0, 250, (48, 48)).astype(np.uint8)
    crop = np.asarray(cv2.GaussianBlur(crop, (0, 0), 1.0), np.uint8)
    dim = (crop // 2 + 10).astype(np.uint8)
    assert face_quality(dim, dim).sharpness == pytest.approx(face_quality(crop, crop).sharpness, rel=0.05)


def test_a_flat_picture_has_no_sharpness():
    flat = np.full((48, 48), 120, np.uint8)
    assert face_quality(flat, flat) == FaceQuality(120.0, 0.0, 0.0, 0.0)
