"""A spoken window: shared by the tests of features and training."""

import numpy as np
import pytest
import soundfile

from ml.demo.speech import speak_at
from ml.speech_emotion.features.window import SAMPLE_RATE, WINDOW_SAMPLES
from ml.training.datasets import ravdess as dataset


@pytest.fixture(scope="session")
def spoken_window():
    """A window of serving with a sentence in it, from 0.25 s on."""
    sound = speak_at([(0.25, "Kids are talking by the door.")], duration_s=3, rate_hz=SAMPLE_RATE)
    noise = np.random.default_rng(0).normal(0, 1e-4, WINDOW_SAMPLES)
    return (0.2 * sound[:WINDOW_SAMPLES] + noise).astype(np.float32)


@pytest.fixture
def spoken_ravdess(ravdess):
    """The six clips with the same sentence, said from second 1.2 by the first actor and from 0.7 by the second."""
    data = ravdess()
    for path in dataset.listing(data).files:
        start_s = 1.2 if "Actor_01" in str(path) else 0.7
        sound = speak_at([(start_s, "Kids are talking by the door.")], duration_s=4, rate_hz=SAMPLE_RATE)
        soundfile.write(path, sound, SAMPLE_RATE)
    return data
