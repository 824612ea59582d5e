"""Sound on the recording's clock."""

import itertools

import numpy as np
import pytest

from ml.media.audio import CHUNK_S, audio_chunks
from ml.media.probe import probe
from tests.factories.media import make_recording

RATE_HZ = 22050


@pytest.mark.parametrize("suffix", [".mp4", ".webm", ".avi"])
def test_tone_comes_out_mono_at_the_asked_rate(tmp_path, suffix):
    path = make_recording(tmp_path / f"a{suffix}", duration_s=2.5, size=(160, 120), audio="tone")
    chunks = list(audio_chunks(path, probe(path), rate_hz=RATE_HZ))
    samples = np.concatenate([samples for _, samples in chunks])
    assert samples.dtype == np.float32
    assert len(samples) / RATE_HZ == pytest.approx(2.5, abs=0.1)
    spectrum = np.abs(np.fft.rfft(samples[: 2 * RATE_HZ]))
    assert np.argmax(spectrum) / 2 == pytest.approx(440, abs=1)


def test_chunks_are_short_and_follow_each_other(tmp_path):
    path = make_recording(tmp_path / "a.mp4", duration_s=3.5, size=(160, 120), audio="noise", audio_first=True)
    chunks = list(audio_chunks(path, probe(path), rate_hz=RATE_HZ))
    assert len(chunks) >= 3
    assert chunks[0][0] == pytest.approx(0, abs=0.06)
    for (start_s, samples), (following_s, _) in itertools.pairwise(chunks):
        assert len(samples) / RATE_HZ < CHUNK_S + 0.2
        assert following_s == pytest.approx(start_s + len(samples) / RATE_HZ, abs=1e-6)


def test_recording_without_an_audio_track_has_no_chunks(tmp_path):
    path = make_recording(tmp_path / "a.mp4", duration_s=0.5, size=(160, 120), audio=None)
    assert list(audio_chunks(path, probe(path), rate_hz=RATE_HZ)) == []
