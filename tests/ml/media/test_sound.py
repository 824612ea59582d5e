"""Channels of a recording's sound, and their downmix."""

import av
import numpy as np
import pytest
from av.audio.resampler import AudioResampler

from ml.media.audio import audio_chunks, converted, sound_chunks
from ml.media.downmix import Downmix
from ml.media.probe import probe
from tests.factories.odd_media import encoded

RATE_HZ = 16_000
IMAGES = [np.full((96, 128, 3), number * 6, np.uint8) for number in range(30)]


def tone(hz: float, *, level: float = 0.3, duration_s: float = 3.0, rate_hz: int = 48_000) -> np.ndarray:
    return level * np.sin(2 * np.pi * hz * np.arange(round(duration_s * rate_hz)) / rate_hz)


def recorded(tmp_path, channels, layout="stereo"):
    return encoded(tmp_path / "a.mkv", IMAGES, fps=10, channels=np.stack(channels), layout=layout)


def strongest_hz(samples: np.ndarray) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(samples))) * RATE_HZ / len(samples))


def whole(chunks) -> np.ndarray:
    return np.concatenate([samples for _, samples in chunks])


def test_every_channel_comes_out_by_itself(tmp_path):
    path = recorded(tmp_path, [tone(300), tone(500)])
    info = probe(path)
    assert info.audio.channels == 2
    chunks = list(sound_chunks(path, info, rate_hz=RATE_HZ))
    assert [start for start, _ in chunks] == pytest.approx([0, 1, 2], abs=0.2)
    samples = whole(chunks)
    assert samples.dtype == np.float32
    assert samples.shape == pytest.approx((3 * RATE_HZ, 2), abs=300)
    assert [strongest_hz(samples[:, channel]) for channel in (0, 1)] == pytest.approx([300, 500], abs=2)


def test_the_centre_of_surround_sound_is_found(tmp_path):
    silent = np.zeros(3 * 48_000)
    path = recorded(tmp_path, [silent, silent, tone(400), silent, silent, silent], "5.1")
    info = probe(path)
    samples = whole(sound_chunks(path, info, rate_hz=RATE_HZ))
    assert samples.shape[1] == 6
    assert np.abs(samples).max(axis=0) == pytest.approx([0, 0, 0.3, 0, 0, 0], abs=0.02)
    assert np.abs(whole(audio_chunks(path, info, rate_hz=RATE_HZ))).max() == pytest.approx(0.3, abs=0.02)


@pytest.mark.parametrize(
    ("right", "peak"),
    [(1.0, 0.3), (-1.0, 0.3), (0.0, 0.3), (-0.8, 0.27)],
    ids=["same", "inverted", "silent", "inverted and weaker"],
)
def test_no_voice_is_lost_in_the_downmix(tmp_path, right, peak):
    path = recorded(tmp_path, [tone(440), right * tone(440)])
    samples = whole(audio_chunks(path, probe(path), rate_hz=RATE_HZ))
    assert strongest_hz(samples) == pytest.approx(440, abs=2)
    assert np.abs(samples[1000:-1000]).max() == pytest.approx(peak, abs=0.02)


def test_a_faint_voice_on_one_channel_keeps_its_level():
    voice = tone(440, level=0.01, rate_hz=RATE_HZ)
    mono = Downmix(RATE_HZ)(np.stack([np.zeros_like(voice), voice], axis=1).astype(np.float32))
    assert np.abs(mono).max() == pytest.approx(0.01, abs=1e-4)


def test_different_sounds_of_two_channels_are_both_in_the_downmix():
    one, other = tone(300, rate_hz=RATE_HZ), tone(500, rate_hz=RATE_HZ)
    mono = Downmix(RATE_HZ)(np.stack([one, other], axis=1).astype(np.float32))
    assert mono == pytest.approx((one + other) / 2, abs=1e-5)


def test_a_change_of_the_weights_does_not_click():
    downmix, silent = Downmix(RATE_HZ), np.zeros(RATE_HZ)
    voice = tone(100, rate_hz=RATE_HZ, duration_s=1.0)
    chunks = [np.stack(pair, axis=1).astype(np.float32) for pair in ((voice, silent), (voice, voice * 0.5))]
    mono = np.concatenate([downmix(chunk) for chunk in chunks])
    assert np.abs(np.diff(mono)).max() < 1.5 * np.abs(np.diff(voice)).max()


def test_silence_has_no_direction():
    assert not Downmix(RATE_HZ)(np.zeros((100, 2), np.float32)).any()


@pytest.mark.parametrize(("layout", "channels"), [("mono", 1), ("stereo", 2)])
def test_sound_that_needs_no_resampling_is_what_the_resampler_would_give(layout, channels):
    samples = np.random.default_rng(0).uniform(-1, 1, (channels, 1024)).astype(np.float32)
    frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout=layout)
    frame.sample_rate = 48_000
    (given,) = converted(frame, AudioResampler(format="flt", layout=layout, rate=48_000), 48_000, layout)
    (resampled,) = AudioResampler(format="flt", layout=layout, rate=48_000).resample(frame)
    assert np.array_equal(given, resampled.to_ndarray().reshape(-1, channels))
    assert np.array_equal(given, samples.T)
