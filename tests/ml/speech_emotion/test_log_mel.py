"""The compact network's picture of a window of speech."""

import librosa
import numpy as np
import pytest

from ml.speech_emotion import front_ends, log_mel
from ml.speech_emotion.preprocessing import SAMPLE_RATE, WINDOW_SAMPLES


@pytest.fixture(scope="module")
def window():
    times = np.arange(WINDOW_SAMPLES) / SAMPLE_RATE
    sweep = np.sin(2 * np.pi * (200 * times + 400 * times**2)) * np.sin(np.pi * times / 3) ** 2
    return (0.2 * sweep + 1e-3 * np.random.default_rng(0).normal(size=WINDOW_SAMPLES)).astype(np.float32)


def test_bands_are_librosas_up_to_their_weight(window):
    filters = librosa.filters.mel(
        sr=SAMPLE_RATE, n_fft=log_mel.FFT, n_mels=log_mel.MELS, fmin=60, fmax=7600, norm=None, htk=False
    )
    power = np.abs(librosa.stft(window, n_fft=log_mel.FFT, hop_length=log_mel.HOP, pad_mode="constant")) ** 2
    expected = 10 * np.log10((filters / filters.sum(axis=1, keepdims=True)) @ power).T
    assert log_mel.spectrogram(window) == pytest.approx(expected, abs=0.05)


def test_a_louder_microphone_gives_the_same_picture(window):
    picture = log_mel.to_input(window)
    assert picture.shape == log_mel.INPUT_SHAPE
    assert picture.dtype == np.float32
    assert log_mel.to_input(window / 16) == pytest.approx(picture, abs=1e-3)


def test_sound_above_the_band_of_16_khz_recordings_changes_nothing(window):
    hiss = np.sin(2 * np.pi * 9000 * np.arange(WINDOW_SAMPLES) / SAMPLE_RATE).astype(np.float32)
    quiet_edges = slice(2, -2)  # the hiss begins and ends abruptly, which is heard in every band
    with_hiss, without = log_mel.to_input(window + 0.01 * hiss), log_mel.to_input(window)
    assert with_hiss[0, quiet_edges] == pytest.approx(without[0, quiet_edges], abs=0.25)


def test_silence_is_a_picture_too():
    picture = log_mel.to_input(np.zeros(WINDOW_SAMPLES, np.float32))
    assert np.isfinite(picture).all()
    assert np.ptp(picture) == 0


def test_another_length_is_refused():
    with pytest.raises(ValueError, match="has 66150 samples"):
        log_mel.to_input(np.zeros(100, np.float32))


def test_the_manifest_says_which_features(window):
    log = front_ends.front_end({"features": "log_mel_voice"})
    papers = front_ends.front_end({"mean": -10.0, "std": 5.0})
    assert log.to_input(window).shape == (1, 168, 80, 1)
    assert papers.to_input(window).shape == (1, 216, 1)
    assert (log.lead_s, papers.lead_s) == (0.25, 0.5)
    with pytest.raises(ValueError, match="no speech features 'wavelets'"):
        front_ends.front_end({"features": "wavelets"})
