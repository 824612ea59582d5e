"""A speaker's usual level."""

import numpy as np
import pytest

from ml.speech_emotion.features import level, mfcc
from ml.speech_emotion.features.level import REFERENCE_DB, SpeakerLevel
from ml.speech_emotion.features.window import WINDOW_SAMPLES


def noise(db, seed=0):
    samples = np.random.default_rng(seed).normal(size=WINDOW_SAMPLES)
    return (samples * 10 ** (db / 20)).astype(np.float32)


def test_level_is_rms_in_decibels():
    assert level.level_db(noise(-30)) == pytest.approx(-30, abs=0.1)
    assert level.level_db(np.zeros(WINDOW_SAMPLES, np.float32)) == -80


def test_the_usual_level_becomes_the_reference():
    speaker = SpeakerLevel()
    assert level.level_db(speaker.to_reference(noise(-45))) == pytest.approx(REFERENCE_DB, abs=0.1)


def test_louder_than_usual_stays_louder():
    speaker = SpeakerLevel()
    for seed in range(8):
        speaker.to_reference(noise(-45, seed))
    assert level.level_db(speaker.to_reference(noise(-30))) == pytest.approx(REFERENCE_DB + 15, abs=1)


def test_silence_is_not_counted_and_not_blown_up():
    speaker = SpeakerLevel()
    silence = np.zeros(WINDOW_SAMPLES, np.float32)
    assert not speaker.to_reference(silence).any()
    assert level.level_db(speaker.to_reference(noise(-40))) == pytest.approx(REFERENCE_DB, abs=0.1)


def test_the_gain_has_a_limit():
    assert level.gain_db([-79.0]) == 40.0


def test_a_gain_adds_its_share_to_the_features():
    quiet = noise(-40)
    louder = (quiet * np.float32(10 ** (12 / 20))).astype(np.float32)
    difference = mfcc.features(louder) - mfcc.features(quiet)
    assert difference == pytest.approx(12 * level.FEATURES_PER_DB, abs=1e-2)
