"""Features of a voice within one recording."""

import numpy as np
import pytest

from ml.voice.timbre import COEFFICIENTS, VoiceFrameRecorder
from tests.ml.voice.dialogues import RATE_HZ, dialogue


def frames_of(samples, start_s=0.0):
    recorder = VoiceFrameRecorder(RATE_HZ)
    recorder.add(start_s, samples)
    return recorder.frames()


def test_times_are_those_of_the_recording_and_f0_is_that_of_the_tone():
    tone = (0.2 * np.sin(2 * np.pi * 200 * np.arange(RATE_HZ) / RATE_HZ)).astype(np.float32)
    frames = frames_of(tone, start_s=7.0)
    assert frames.times_s[0] == pytest.approx(7.032)
    assert np.diff(frames.times_s) == pytest.approx(0.02)
    assert frames.cents == pytest.approx(1200 * np.log2(200), abs=10)
    assert frames.cepstra.shape == (frames.times_s.size, COEFFICIENTS)


def test_the_level_changes_nothing_else():
    candidate, _, (answer, _), _ = dialogue()
    samples = candidate[round(answer[0] * RATE_HZ) : round(answer[0] * RATE_HZ) + RATE_HZ]
    loud, soft = frames_of(samples), frames_of(np.float32(0.25) * samples)
    audible = loud.level_db > loud.level_db.max() - 30
    assert (loud.level_db - soft.level_db)[audible] == pytest.approx(12.04, abs=0.1)
    assert np.median(np.abs(loud.cepstra - soft.cepstra)[audible]) < 0.2


def test_without_speech_there_are_no_frames():
    frames = frames_of(np.zeros(100, np.float32))
    assert frames.times_s.size == 0
    assert frames.cepstra.shape == (0, COEFFICIENTS)
