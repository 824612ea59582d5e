"""The corruptions under which a version is measured."""

import numpy as np
import pytest

from ml.corruptions.sounds import TELEPHONE_HZ
from ml.speech_emotion.features.log_mel import FEATURE_RATE, FEATURE_SAMPLES, LEAD_S, log_mel
from ml.training.speech_emotion.encoder.augmentation import first_window
from ml.training.speech_emotion.encoder.corruptions import CORRUPTIONS, LATE_S, with_gain


@pytest.fixture(scope="module")
def clip():
    """Half a second of silence and three of noise as loud as speech."""
    samples = 0.1 * np.random.default_rng(0).normal(size=round(3.5 * FEATURE_RATE))
    samples[: FEATURE_RATE // 2] = 0
    return samples.astype(np.float32)


@pytest.fixture(scope="module")
def others():
    return [0.1 * np.random.default_rng(seed).normal(size=FEATURE_SAMPLES).astype(np.float32) for seed in (1, 2)]


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_every_corruption_gives_a_window_that_the_seed_decides(name, clip, others):
    one, same = (CORRUPTIONS[name](clip, others, np.random.default_rng(5)) for _ in range(2))
    assert one.shape == (FEATURE_SAMPLES,)
    assert one.dtype == np.float32
    np.testing.assert_array_equal(one, same)
    assert np.abs(one - first_window(clip)).max() > 0.01


@pytest.mark.parametrize("kind", ["white", "pink", "babble"])
@pytest.mark.parametrize("ratio_db", [10, 5])
def test_noise_is_as_far_below_the_speech_as_its_name_says(kind, ratio_db, clip, others):
    noisy = CORRUPTIONS[f"{kind} noise {ratio_db} dB below" if kind != "babble" else f"babble {ratio_db} dB below"]
    window = first_window(clip)
    added = noisy(clip, others, np.random.default_rng(0)) - window
    signal = window[window != 0]
    assert 10 * np.log10(np.mean(signal**2) / np.mean(added**2)) == pytest.approx(ratio_db, abs=0.05)


def test_a_telephone_passes_a_band(clip, others):
    spectrum = np.abs(np.fft.rfft(CORRUPTIONS["telephone band"](clip, others, np.random.default_rng(0))))
    hz = np.fft.rfftfreq(FEATURE_SAMPLES, 1 / FEATURE_RATE)
    outside = (hz < TELEPHONE_HZ[0]) | (hz > TELEPHONE_HZ[1])
    assert spectrum[outside].max() < 1e-3 * spectrum[~outside].mean()


def test_a_louder_microphone_clips_at_full_scale(clip, others):
    louder = with_gain(40)(clip, others, np.random.default_rng(0))
    assert np.abs(louder).max() == 1
    softer = CORRUPTIONS["12 dB softer"](clip, others, np.random.default_rng(0))
    assert softer == pytest.approx(first_window(clip) * 10 ** (-12 / 20), abs=1e-6)


def test_the_spectrogram_does_not_know_a_microphones_gain(clip, others):
    softer = CORRUPTIONS["12 dB softer"](clip, others, np.random.default_rng(0))
    assert log_mel(softer) == pytest.approx(log_mel(first_window(clip)), abs=1e-2)


def test_a_window_that_begins_late_begins_in_the_speech(clip, others):
    (late,) = (found for name, found in CORRUPTIONS.items() if name.startswith("begins"))
    window = late(clip, others, np.random.default_rng(0))
    assert np.sqrt(np.mean(window[: FEATURE_RATE // 50] ** 2)) > 0.05
    begin = FEATURE_RATE // 2 + round((LATE_S - LEAD_S) * FEATURE_RATE)
    np.testing.assert_array_equal(window[:FEATURE_RATE], clip[begin : begin + FEATURE_RATE])
