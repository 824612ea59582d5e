"""How often narrow-band sound is detected, and how often wide-band sound is mistaken for it.

Four clips of one speaker in a row (one of ordinary talk) stand for a recording, which goes through a simulated channel.
Recordings with too little speech to measure are left out.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from ml.arrays import Samples
from ml.benchmarks.voice.clips import CORPORA, Clip, clips
from ml.benchmarks.voice.detection import detect
from ml.corruptions.sounds import Colour, noise, telephone_band
from ml.speech_emotion.features.window import SAMPLE_RATE
from ml.training.metrics import wilson_interval
from ml.voice.bandwidth import MIN_SPEECH_S, Bandwidth
from ml.voice.resampling import StreamResampler
from ml.voice.windows import Span

Channel = Callable[[Samples, tuple[Span, ...], np.random.Generator], Samples]

SEED: Final = 4
RATE_HZ: Final = 48_000
CLIPS_EACH: Final = 4
SPEAKERS: Final = 200
_FFT_BLOCK: Final = 1 << 16
_UNFRAMED_S: Final = 0.1  # speech that does not fill a frame


def measure(
    data: Path,
    *,
    chosen_on: bool = False,
    speakers: int = SPEAKERS,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> dict[str, Any]:
    """By channel: the recordings, whether they are narrow-band, and how many are called narrow-band."""
    rng = np.random.default_rng([SEED, chosen_on])
    recordings = [
        recording for corpus in CORPORA for recording in _recordings(clips(data, corpus, chosen_on=chosen_on), rng)
    ]
    recordings = [recordings[at] for at in rng.permutation(len(recordings))[:speakers]]
    found, enough = dict.fromkeys(CHANNELS, 0), 0
    for done, recording in enumerate(recordings, start=1):
        samples = np.concatenate([_resampled(*clip.read(), RATE_HZ) for clip in recording])
        speech = detect(samples, RATE_HZ).speech
        progress(done, len(recordings))
        if sum(end_s - start_s for start_s, end_s in speech) < MIN_SPEECH_S + _UNFRAMED_S:
            continue
        enough += 1
        for name, (_, channel) in CHANNELS.items():
            received = _resampled(channel(samples, speech, rng), RATE_HZ, SAMPLE_RATE)
            bandwidth = Bandwidth(SAMPLE_RATE)
            for start_s, end_s in speech:
                bandwidth.add(received[round(start_s * SAMPLE_RATE) : round(end_s * SAMPLE_RATE)])
            found[name] += bandwidth.is_narrow
    return {name: _row(is_narrow, found[name], enough) for name, (is_narrow, _) in CHANNELS.items()}


def _recordings(half: list[Clip], rng: np.random.Generator) -> Iterator[list[Clip]]:
    by_speaker: dict[int, list[Clip]] = {}
    for clip in half:
        by_speaker.setdefault(clip.speaker, []).append(clip)
    for own in by_speaker.values():
        yield [own[at] for at in rng.permutation(len(own))[:CLIPS_EACH]]


def _resampled(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    if from_hz == to_hz:
        return samples
    resampler = StreamResampler(from_hz, to_hz)
    return np.concatenate([resampler.feed(samples), resampler.flush()])


def _fft_size(samples: Samples) -> int:
    return -(-samples.size // _FFT_BLOCK) * _FFT_BLOCK


def _sampled_at(rate_hz: int) -> Channel:
    def channel(samples: Samples, speech: tuple[Span, ...], rng: np.random.Generator) -> Samples:
        return _resampled(_resampled(samples, RATE_HZ, rate_hz), rate_hz, RATE_HZ)[: samples.size]

    return channel


def _unchanged(samples: Samples, speech: tuple[Span, ...], rng: np.random.Generator) -> Samples:
    return samples


def _softer(samples: Samples, speech: tuple[Span, ...], rng: np.random.Generator) -> Samples:
    """20 dB softer, in 16 bits."""
    return np.asarray(np.round(samples * 3276.8) / 32768, np.float32)


def _telephone(samples: Samples, speech: tuple[Span, ...], rng: np.random.Generator) -> Samples:
    return telephone_band(samples, RATE_HZ, size=_fft_size(samples))


def _mu_law(samples: Samples, speech: tuple[Span, ...], rng: np.random.Generator) -> Samples:
    """As G.711: 300 to 3400 Hz, 8 kHz, eight bits on a logarithmic scale."""
    narrow = _resampled(_telephone(samples, speech, rng), RATE_HZ, 8_000)
    compressed = np.sign(narrow) * np.log1p(255 * np.minimum(1, np.abs(narrow))) / np.log(256)
    steps = np.round(compressed * 127) / 127
    expanded = np.sign(steps) * np.expm1(np.abs(steps) * np.log(256)) / 255
    return _resampled(expanded.astype(np.float32), 8_000, RATE_HZ)[: samples.size]


def _noisy(snr_db: float, *, colour: Colour = "pink", before: Channel = _unchanged) -> Channel:
    """Noise at a signal-to-noise ratio against the speech, added at 48 kHz after ``before``."""

    def channel(samples: Samples, speech: tuple[Span, ...], rng: np.random.Generator) -> Samples:
        samples = before(samples, speech, rng)
        spoken = [samples[round(start * RATE_HZ) : round(end * RATE_HZ)] for start, end in speech]
        power = float(np.mean(np.square(np.concatenate([*spoken, samples[:1]]), dtype=np.float64)))
        added = noise(colour, _fft_size(samples), rng)[: samples.size]
        added *= np.sqrt(power * 10 ** (-snr_db / 10) / np.mean(added * added))
        return np.asarray(samples + added, np.float32)

    return channel


CHANNELS: Final[Mapping[str, tuple[bool, Channel]]] = {
    "as recorded": (False, _unchanged),
    "sampled at 16 kHz": (False, _sampled_at(16_000)),
    "sampled at 11 kHz": (False, _sampled_at(11_025)),
    "20 dB softer": (False, _softer),
    "pink noise 20 dB below": (False, _noisy(20)),
    "pink noise 10 dB below": (False, _noisy(10)),
    "pink noise 0 dB below": (False, _noisy(0)),
    "white noise 20 dB below": (False, _noisy(20, colour="white")),
    "white noise 10 dB below": (False, _noisy(10, colour="white")),
    "sampled at 8 kHz": (True, _sampled_at(8_000)),
    "300 to 3400 Hz": (True, _telephone),
    "G.711": (True, _mu_law),
    "G.711, noise 30 dB after": (True, _noisy(30, before=_mu_law)),
    "G.711, noise 20 dB after": (True, _noisy(20, before=_mu_law)),
    "G.711, noise 10 dB after": (True, _noisy(10, before=_mu_law)),
    "G.711, noise 5 dB after": (True, _noisy(5, before=_mu_law)),
}
"""Whether each is narrow-band, and how it is simulated. Noise "after" is added behind the telephone, as in a room where
a call is recorded from a loudspeaker."""


def _row(is_narrow: bool, found: int, of: int) -> dict[str, Any]:
    low, high = wilson_interval(found, of)
    interval = [round(low, 4), round(high, 4)]
    return {"is_narrow": is_narrow, "recordings": of, "called_narrow": found, "interval": interval}


def text(figures: dict[str, Any]) -> str:
    """The figures for a terminal."""
    lines = [f"  {'bandwidth':26} {'recordings':>10} {'called narrow-band':>19}"]
    for name, row in figures.items():
        band = "narrow" if row["is_narrow"] else "wide"
        lines.append(f"  {name:26} {row['recordings']:>10} {row['called_narrow']:>19}  ({band})")
    return "\n".join(lines)
