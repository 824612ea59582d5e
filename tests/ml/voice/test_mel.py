"""Mel filter banks."""

import numpy as np
import pytest

from ml.voice.mel import htk_filter_bank, slaney_filter_bank


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # librosa's, about its own dependencies
@pytest.mark.parametrize(("rate", "fft", "mels"), [(16_000, 400, 80), (44_100, 2048, 128)])
def test_slaneys_filter_bank_is_librosas(rate, fft, mels):
    import librosa

    theirs = librosa.filters.mel(sr=rate, n_fft=fft, n_mels=mels)
    assert slaney_filter_bank(rate, fft, mels) == pytest.approx(theirs, abs=1e-6)


def test_htks_filters_are_triangles_that_sum_to_one_between_the_first_and_the_last_centre():
    bank = htk_filter_bank(16_000, 1024, 18, (150.0, 7000.0))
    hz = np.fft.rfftfreq(1024, 1 / 16_000)
    assert bank.shape == (18, 513)
    assert bank.sum(axis=0)[(hz > 300) & (hz < 6000)] == pytest.approx(1.0)
    assert not bank[:, (hz < 150) | (hz > 7000)].any()
    centres = hz[bank.argmax(axis=1)]
    assert np.diff(2595 * np.log10(1 + centres / 700)) == pytest.approx(np.full(17, 137), abs=20)
