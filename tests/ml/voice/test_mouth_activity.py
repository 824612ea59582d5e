"""Evidence from the movement of a mouth."""

import numpy as np
import pytest

from ml.voice.mouth_activity import MAX_EVIDENCE, mouth_activity
from tests.ml.voice.dialogues import mouth


def test_a_moving_mouth_speaks_and_a_shut_one_does_not():
    found = mouth_activity(*mouth(10.0, [(0.0, 5.0)]), np.array([2.0, 8.0]))
    assert found.evidence[0] > 1
    assert found.evidence[1] < -1
    assert np.all(np.abs(found.evidence) <= MAX_EVIDENCE)


def test_a_mouth_that_opens_slowly_does_not_speak():
    times_s = np.arange(0.0, 4.0, 0.1)
    found = mouth_activity(times_s, 0.3 * times_s / 4.0, np.array([2.0]))
    assert found.movement[0] == pytest.approx(0.0075)
    assert found.evidence[0] < 0


@pytest.mark.parametrize(
    ("times_s", "openness"),
    [
        (np.zeros(0), np.zeros(0)),
        (np.arange(0.0, 5.0, 1.0), np.array([0.1, 0.0, 0.1, 0.0, 0.1])),
        (np.arange(0.0, 5.0, 0.1), np.full(50, 0.05)),
        (np.arange(10.0, 15.0, 0.1), np.tile([0.0, 0.1], 25)),
    ],
    ids=["no face", "a picture a second", "a photo", "elsewhere"],
)
def test_where_no_living_mouth_is_in_view_there_is_no_evidence(times_s, openness):
    found = mouth_activity(times_s, openness, np.array([2.0]))
    assert np.isnan(found.movement[0])
    assert found.evidence[0] == 0
