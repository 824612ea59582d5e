"""Quality of the camera picture."""

import numpy as np
import pytest

from ml.live.capture_quality import SENTENCES, CaptureQuality, assess

WIDTH, HEIGHT = 640, 360
MIDDLE = (270.0, 110.0, 370.0, 250.0)


def picture(*, face: int = 130, background: int = 120) -> np.ndarray:
    """Gray levels of the box in the middle and around it."""
    rgb = np.full((HEIGHT, WIDTH, 3), background, np.uint8)
    left, top, right, bottom = map(int, MIDDLE)
    rgb[top : bottom + 4, left : right + 4] = face
    return rgb


def moved(x: float, y: float) -> tuple[float, float, float, float]:
    """The box so many widths to the right and heights down from the middle of the picture."""
    left, top, right, bottom = MIDDLE
    return left + x * WIDTH, top + y * HEIGHT, right + x * WIDTH, bottom + y * HEIGHT


def test_a_well_lit_face_in_the_middle_is_good():
    assert assess(picture(), MIDDLE, 1) == CaptureQuality("one", "good", "good", SENTENCES["good"])


def test_without_a_face_nothing_else_is_known():
    assert assess(picture(), None, 0) == CaptureQuality("none", "unknown", "unknown", SENTENCES["none"])


@pytest.mark.parametrize(
    ("box", "framing"),
    [
        (moved(0.3, 0.0), "left"),  # the candidate's own left is on the right of the picture
        (moved(-0.3, 0.0), "right"),
        (moved(0.0, 0.25), "low"),
        (moved(0.0, -0.25), "high"),
        ((300.0, 160.0, 340.0, 210.0), "far"),
        ((200.0, 20.0, 440.0, 340.0), "near"),
    ],
)
def test_framing_is_the_size_and_the_place_of_the_face(box, framing):
    found = assess(picture(), box, 1)
    assert (found.framing, found.sentence) == (framing, SENTENCES[framing])


@pytest.mark.parametrize(
    ("face", "background", "light"),
    [(40, 40, "dark"), (230, 200, "bright"), (110, 220, "backlit"), (40, 220, "backlit")],
)
def test_light_is_that_of_the_face_and_the_difference_to_the_background(face, background, light):
    found = assess(picture(face=face, background=background), MIDDLE, 1)
    assert (found.light, found.sentence) == (light, SENTENCES[light])


def test_the_light_of_a_face_outside_the_picture_is_unknown():
    assert assess(picture(), (700.0, 110.0, 800.0, 250.0), 1).light == "unknown"


def test_the_sentence_is_about_people_first_then_framing_then_light():
    dark = picture(face=30, background=30)
    assert assess(dark, moved(0.3, 0.0), 2).sentence == SENTENCES["several"]
    assert assess(dark, moved(0.3, 0.0), 1).sentence == SENTENCES["left"]
    assert assess(dark, MIDDLE, 1).sentence == SENTENCES["dark"]
