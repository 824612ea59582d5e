"""The tensor that carries a window's picture, contours and numbers."""

import numpy as np
import pytest

from ml.speech_emotion import contours, descriptors, front_ends, functionals, log_mel, pitch, voice_window


def test_picture_contours_and_numbers_share_a_tensor(spoken_window):
    packed = voice_window.to_input(spoken_window)
    assert packed.shape == voice_window.INPUT_SHAPE == (1, 168, 80, 1)
    assert packed.dtype == np.float32
    assert np.array_equal(packed[:, voice_window.PICTURE], log_mel.to_input(spoken_window))

    rows = packed[0, voice_window.PICTURE.stop : voice_window.PICTURE_AND_CONTOURS.stop].ravel()
    count = contours.COLUMNS * log_mel.FRAMES
    track = pitch.track(spoken_window)[: log_mel.FRAMES]
    assert np.array_equal(rows[:count].reshape(contours.COLUMNS, -1).T, contours.of_track(track))
    assert not rows[count:].any()

    for rows, count in ((voice_window.NUMBERS, functionals.COUNT), (voice_window.DESCRIPTORS, descriptors.COUNT)):
        numbers = packed[0, rows].ravel()
        assert numbers[count - 1] != 0
        assert not numbers[count:].any()


def test_the_manifest_asks_for_it(spoken_window):
    front_end = front_ends.front_end({"features": "log_mel_voice"})
    assert front_end.to_input(spoken_window).shape == voice_window.INPUT_SHAPE
    assert front_end.lead_s == log_mel.LEAD_S
    with pytest.raises(ValueError, match="has 66150 samples"):
        front_end.to_input(spoken_window[:100])
