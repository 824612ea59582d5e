"""One window of speech becomes probabilities."""

from types import SimpleNamespace

import numpy as np
import pytest

from ml import artifacts
from ml.demo.speech import speak_at
from ml.speech_emotion import recognizer as module
from ml.speech_emotion.features.window import SAMPLE_RATE, WINDOW_SAMPLES
from ml.speech_emotion.labels import LABELS
from ml.speech_emotion.recognizer import Recognizer


class TestRecognizer:
    def test_outputs_without_a_label_are_left_out(self, monkeypatch):
        outputs = np.array([[0.1, 0.2, 0.1, 0.05, 0.05, 0.1, 0.1, 0.1, 0.15, 0.05]], np.float32)
        inputs = []

        def predict(batch):
            inputs.append(batch)
            return outputs

        monkeypatch.setattr(module, "Network", lambda artifact: SimpleNamespace(predict=predict))
        manifest = SimpleNamespace(labels=LABELS, preprocessing={"mean": -10.0, "std": 5.0})
        speech = Recognizer(SimpleNamespace(manifest=manifest))
        probabilities = speech.recognize(np.zeros(WINDOW_SAMPLES, np.float32))
        assert probabilities.shape == (8,)
        assert probabilities.sum() == pytest.approx(1)
        assert probabilities[1] == pytest.approx(0.2 / 0.8)
        assert inputs[0].shape == (1, 216, 1)

    def test_the_shipped_version_reads_a_window(self):
        try:
            speech = Recognizer()
        except artifacts.ArtifactMissing as error:
            pytest.skip(str(error))
        window = speak_at(
            [(1.0, "Thank you for inviting me to this interview today.")], duration_s=3.5, rate_hz=SAMPLE_RATE
        )[-WINDOW_SAMPLES:]
        probabilities = speech.recognize(window)
        assert speech.labels == LABELS
        assert probabilities.shape == (8,)
        assert probabilities.sum() == pytest.approx(1, abs=1e-5)
        assert speech.recognize(window).tolist() == probabilities.tolist()
