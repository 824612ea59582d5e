"""A vocoder: speech with another F0 and at another speed, for flat speech and sung words in the benchmarks.

The spectral envelope (smoothed over frequency by cepstral liftering) is taken every 5 ms. Voiced frames are
synthesised from harmonics of the new F0 under this envelope, unvoiced ones from noise. Formant movement, closures and
fricatives are those of the original.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from ml.arrays import Bool, Float64, Int64, Samples
from ml.voice import f0
from ml.voice.dsp import power_of_two

_HOP_S: Final = 0.005
_FRAME_S: Final = 0.03
_QUEFRENCY_S: Final = 0.002
"""The envelope is this part of the cepstrum; the period of a voice is longer."""
_VOICED_TO_HZ: Final = 5000.0
"""Above this frequency voiced frames are noise too, as in a breathy voice."""


def resynthesize(
    samples: Samples, rate_hz: int, f0_hz: Callable[[Float64], Float64], *, slower: float = 1.0, seed: int = 0
) -> Samples:
    """float32 (n * slower,) at ``rate_hz``: samples (n,) with another F0, ``slower`` times as long, equally loud.

    ``f0_hz`` gives F0 in Hz for times (k,) in seconds of the result. ``seed`` of the noise."""
    hop, count = round(_HOP_S * rate_hz), round(samples.size * slower)
    at = np.arange(0, count, hop)
    source_s = at / rate_hz / slower
    envelopes, fft = _envelopes(samples, rate_hz, hop)
    envelope = envelopes[np.minimum(np.round(source_s * rate_hz / hop).astype(int), len(envelopes) - 1)]
    voiced = _voiced(samples, rate_hz, source_s)
    made = _harmonics(envelope, voiced, f0_hz(np.arange(count) / rate_hz), at, rate_hz, fft)
    frequencies = np.fft.rfftfreq(fft, 1 / rate_hz)
    noisy = np.where(voiced[:, np.newaxis], frequencies >= _VOICED_TO_HZ, True)
    made += _noise(envelope * noisy, at, hop, fft, count, np.random.default_rng(seed))
    loudness = np.sqrt(np.mean(np.square(samples, dtype=np.float64)) / max(1e-20, float(np.mean(made * made))))
    return np.asarray(np.clip(made * loudness, -1, 1), np.float32)


def median_f0(samples: Samples, rate_hz: int) -> float:
    """Hz, of the voiced frames; 150 where there are hardly any."""
    cents, voiced = f0.track(samples, rate_hz)
    return float(2 ** (np.median(cents[voiced]) / 1200)) if voiced.sum() > 5 else 150.0


def _envelopes(samples: Samples, rate_hz: int, hop: int) -> tuple[Float64, int]:
    """Magnitudes (frames, bins) of noise of unit variance shaped like the sound, and the length of the transform."""
    size = round(_FRAME_S * rate_hz)
    window = np.hanning(size)
    fft = power_of_two(2 * size)
    padded = np.pad(samples.astype(np.float64), size)
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[size // 2 :: hop]
    power = np.abs(np.fft.rfft(frames * window, fft, axis=1)) ** 2
    cepstrum = np.fft.irfft(np.log(power + 1e-12), axis=1)
    kept = round(_QUEFRENCY_S * rate_hz)
    cepstrum[:, kept : 1 - kept] = 0
    return np.exp(0.5 * np.fft.rfft(cepstrum, axis=1).real) / np.sqrt(np.sum(window**2)), fft


def _voiced(samples: Samples, rate_hz: int, times_s: Float64) -> Bool:
    _, voiced = f0.track(samples, rate_hz)
    if not voiced.size:
        return np.zeros(times_s.size, np.bool_)
    middles_s = f0.FRAME_S / 2 + f0.HOP_S * np.arange(voiced.size)
    return np.asarray(np.interp(times_s, middles_s, voiced.astype(np.float64), 0, 0) > 0.5)


def _harmonics(envelope: Float64, voiced: Bool, f0_hz: Float64, at: Int64, rate_hz: int, fft: int) -> Float64:
    phase, made = 2 * np.pi * np.cumsum(f0_hz) / rate_hz, np.zeros(f0_hz.size)
    samples, row = np.arange(f0_hz.size), np.arange(at.size)
    for number in range(1, int(_VOICED_TO_HZ / f0_hz.min()) + 1):
        hz = number * f0_hz[at]
        place = np.minimum(hz / rate_hz * fft, envelope.shape[1] - 2)
        low = place.astype(int)
        level = envelope[row, low] + (place - low) * (envelope[row, low + 1] - envelope[row, low])
        level = level * voiced * (hz < _VOICED_TO_HZ) * 2 * np.sqrt(f0_hz[at] / rate_hz)
        made += np.interp(samples, at, level) * np.sin(number * phase)
    return made


def _noise(shape: Float64, at: Int64, hop: int, fft: int, count: int, rng: np.random.Generator) -> Float64:
    white = np.fft.rfft(rng.standard_normal((at.size, 2 * hop)), fft, axis=1)
    pieces = np.fft.irfft(white * shape, axis=1)[:, : 2 * hop] * np.hanning(2 * hop + 1)[:-1]
    made = np.zeros(count + 2 * hop)
    for start, piece in zip(at, pieces, strict=True):
        made[start : start + 2 * hop] += piece
    return made[:count]
