"""The numbers of a window of speech, and the tensor that carries them with the picture."""

import numpy as np
import pytest

from ml.demo.speech import speak_at
from ml.speech_emotion import front_ends, functionals, log_mel, log_mel_functionals
from ml.speech_emotion.preprocessing import SAMPLE_RATE, WINDOW_SAMPLES


@pytest.fixture(scope="module")
def spoken():
    sound = speak_at([(0.25, "Kids are talking by the door.")], duration_s=3, rate_hz=SAMPLE_RATE)
    noise = np.random.default_rng(0).normal(0, 1e-4, WINDOW_SAMPLES)
    return (0.2 * sound[:WINDOW_SAMPLES] + noise).astype(np.float32)


def numbers(samples):
    return log_mel_functionals.to_input(samples)[0, log_mel.FRAMES :].ravel()


def test_a_louder_microphone_gives_the_same_numbers(spoken):
    plain = numbers(spoken)
    assert np.abs(plain).max() > 1
    for gain in (1 / 16, 4):
        assert numbers(gain * spoken) == pytest.approx(plain, abs=1e-3)


def test_other_sounds_give_other_numbers(spoken):
    plain, backwards = numbers(spoken), numbers(spoken[::-1])
    assert np.abs(plain - backwards).mean() > 0.1


def test_a_higher_voice_reads_higher_by_its_interval(spoken):
    times = np.arange(WINDOW_SAMPLES) / SAMPLE_RATE

    def median_semitones(hertz):
        voice = 0.1 * sum(np.sin(2 * np.pi * hertz * k * times) / k for k in range(1, 9)).astype(np.float32)
        return numbers(voice)[functionals.COUNT - 60 + 2]

    assert median_semitones(100) == pytest.approx(0, abs=0.05)
    assert median_semitones(200) == pytest.approx(12, abs=0.05)


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(WINDOW_SAMPLES),
        np.eye(1, WINDOW_SAMPLES, 30_000)[0],
        np.ones(WINDOW_SAMPLES),
        np.random.default_rng(0).normal(0, 0.1, WINDOW_SAMPLES),
        np.sin(2 * np.pi * 200 / SAMPLE_RATE * np.arange(WINDOW_SAMPLES)),
    ],
    ids=["silence", "a click", "an offset", "noise", "a tone"],
)
def test_every_sound_gives_finite_numbers(samples):
    assert np.isfinite(log_mel_functionals.to_input(samples.astype(np.float32))).all()


def test_picture_and_numbers_share_a_tensor(spoken):
    packed = log_mel_functionals.to_input(spoken)
    assert packed.shape == log_mel_functionals.INPUT_SHAPE == (1, 133, 80, 1)
    assert packed.dtype == np.float32
    assert np.array_equal(packed[:, : log_mel.FRAMES], log_mel.to_input(spoken))
    assert not numbers(spoken)[functionals.COUNT :].any()
    assert numbers(spoken)[functionals.COUNT - 1] != 0


def test_the_manifest_asks_for_both(spoken):
    front_end = front_ends.front_end({"features": "log_mel_functionals"})
    assert front_end.to_input(spoken).shape == log_mel_functionals.INPUT_SHAPE
    assert front_end.lead_s == log_mel.LEAD_S
    with pytest.raises(ValueError, match="has 66150 samples"):
        front_end.to_input(spoken[:100])
