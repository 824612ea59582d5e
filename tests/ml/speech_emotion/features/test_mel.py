"""Slaney's mel filter bank."""

import numpy as np
import pytest

from ml.speech_emotion.features.mel import filter_bank, hann

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.mark.parametrize(("rate", "fft", "mels"), [(16_000, 400, 80), (44_100, 2048, 128)])
def test_the_filter_bank_is_librosas(rate, fft, mels):
    import librosa

    assert filter_bank(rate, fft, mels) == pytest.approx(librosa.filters.mel(sr=rate, n_fft=fft, n_mels=mels), abs=1e-6)


def test_the_window_is_the_periodic_hann_window():
    assert hann(4) == pytest.approx([0.0, 0.5, 1.0, 0.5])
    assert len(hann(400)) == 400
    assert np.all(hann(400) < 1.0 + 1e-6)
