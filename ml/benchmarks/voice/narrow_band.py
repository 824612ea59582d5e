"""How often narrow-band sound is noticed, and wide-band sound taken for narrow-band.

Four clips of one speaker in a row (one of ordinary talk) stand for a recording, and are changed as a channel would
change them. Recordings with too little speech to say anything of are left out.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ml.benchmarks.voice.clips import CORPORA, ClipFile, listed
from ml.benchmarks.voice.voice_activity import listen
from ml.speech_emotion.features.window import SAMPLE_RATE
from ml.training.metrics import wilson_interval
from ml.voice.bandwidth import MIN_SPEECH_S, Bandwidth
from ml.voice.resampling import StreamResampler
from ml.voice.windows import Span

Samples = NDArray[np.float32]
Change = Callable[[Samples, tuple[Span, ...], np.random.Generator], Samples]

SEED: Final = 4
RATE_HZ: Final = 48_000
CLIPS_EACH: Final = 4
SPEAKERS: Final = 200
TELEPHONE_HZ: Final = (300.0, 3400.0)
_SIZE: Final = 1 << 16
_LEFT_OVER_S: Final = 0.1  # of speech, what fills no frame


def measure(
    data: Path,
    *,
    chosen_on: bool = False,
    speakers: int = SPEAKERS,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> dict[str, Any]:
    """Of every condition: recordings, and those called narrow-band, with whether they are."""
    rng = np.random.default_rng([SEED, chosen_on])
    recordings = [recording for corpus in CORPORA for recording in _recordings(listed(data, corpus), chosen_on, rng)]
    recordings = [recordings[at] for at in rng.permutation(len(recordings))[:speakers]]
    found, enough = dict.fromkeys(CONDITIONS, 0), 0
    for done, clips in enumerate(recordings, start=1):
        samples = np.concatenate([_resampled(*clip.read(), RATE_HZ) for clip in clips])
        speech = listen(samples, RATE_HZ).spans
        progress(done, len(recordings))
        if sum(end_s - start_s for start_s, end_s in speech) < MIN_SPEECH_S + _LEFT_OVER_S:
            continue
        enough += 1
        for name, (_, change) in CONDITIONS.items():
            changed = _resampled(change(samples, speech, rng), RATE_HZ, SAMPLE_RATE)
            bandwidth = Bandwidth(SAMPLE_RATE)
            for start_s, end_s in speech:
                bandwidth.add(changed[round(start_s * SAMPLE_RATE) : round(end_s * SAMPLE_RATE)])
            found[name] += bandwidth.is_narrow
    return {name: _row(is_narrow, found[name], enough) for name, (is_narrow, _) in CONDITIONS.items()}


def _recordings(clips: list[ClipFile], chosen_on: bool, rng: np.random.Generator) -> Iterator[list[ClipFile]]:
    by_speaker: dict[str, list[ClipFile]] = {}
    for clip in clips:
        if clip.chosen_on == chosen_on:
            by_speaker.setdefault(clip.speaker, []).append(clip)
    for own in by_speaker.values():
        yield [own[at] for at in rng.permutation(len(own))[:CLIPS_EACH]]


def _resampled(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    if from_hz == to_hz:
        return samples
    resampler = StreamResampler(from_hz, to_hz)
    return np.concatenate([resampler.feed(samples), resampler.flush()])


def _sampled_at(rate_hz: int) -> Change:
    def change(samples: Samples, speech: tuple[Span, ...], rng: np.random.Generator) -> Samples:
        return _resampled(_resampled(samples, RATE_HZ, rate_hz), rate_hz, RATE_HZ)[: samples.size]

    return change


def _unchanged(samples: Samples, speech: tuple[Span, ...], rng: np.random.Generator) -> Samples:
    return samples


def _softer(samples: Samples, speech: tuple[Span, ...], rng: np.random.Generator) -> Samples:
    """20 dB softer, in 16 bits."""
    return np.asarray(np.round(samples * 3276.8) / 32768, np.float32)


def _telephone(samples: Samples, speech: tuple[Span, ...], rng: np.random.Generator) -> Samples:
    size = -(-samples.size // _SIZE) * _SIZE
    spectrum = np.fft.rfft(samples, size)
    frequencies = np.fft.rfftfreq(size, 1 / RATE_HZ)
    spectrum[(frequencies < TELEPHONE_HZ[0]) | (frequencies > TELEPHONE_HZ[1])] = 0
    return np.asarray(np.fft.irfft(spectrum)[: samples.size], np.float32)


def _mu_law(samples: Samples, speech: tuple[Span, ...], rng: np.random.Generator) -> Samples:
    """As G.711: 300 to 3400 Hz, 8 kHz, eight bits on a logarithmic scale."""
    called = _resampled(_telephone(samples, speech, rng), RATE_HZ, 8_000)
    compressed = np.sign(called) * np.log1p(255 * np.minimum(1, np.abs(called))) / np.log(256)
    steps = np.round(compressed * 127) / 127
    expanded = np.sign(steps) * np.expm1(np.abs(steps) * np.log(256)) / 255
    return _resampled(expanded.astype(np.float32), 8_000, RATE_HZ)[: samples.size]


def _noisy(below_db: float, *, white: bool = False, before: Change = _unchanged) -> Change:
    """Noise so many decibels below the speech, added at 48 kHz after ``before``."""

    def change(samples: Samples, speech: tuple[Span, ...], rng: np.random.Generator) -> Samples:
        samples = before(samples, speech, rng)
        spoken = [samples[round(start * RATE_HZ) : round(end * RATE_HZ)] for start, end in speech]
        power = float(np.mean(np.square(np.concatenate([*spoken, samples[:1]]), dtype=np.float64)))
        size = -(-samples.size // _SIZE) * _SIZE
        spectrum = np.fft.rfft(rng.standard_normal(size))
        if not white:
            spectrum /= np.sqrt(np.maximum(1, np.arange(spectrum.size)))
        noise = np.fft.irfft(spectrum)[: samples.size]
        noise *= np.sqrt(power * 10 ** (-below_db / 10) / np.mean(noise * noise))
        return np.asarray(samples + noise, np.float32)

    return change


CONDITIONS: Final[Mapping[str, tuple[bool, Change]]] = {
    "as recorded": (False, _unchanged),
    "sampled at 16 kHz": (False, _sampled_at(16_000)),
    "sampled at 11 kHz": (False, _sampled_at(11_025)),
    "20 dB softer": (False, _softer),
    "pink noise 20 dB below": (False, _noisy(20)),
    "pink noise 10 dB below": (False, _noisy(10)),
    "pink noise 0 dB below": (False, _noisy(0)),
    "white noise 20 dB below": (False, _noisy(20, white=True)),
    "white noise 10 dB below": (False, _noisy(10, white=True)),
    "sampled at 8 kHz": (True, _sampled_at(8_000)),
    "300 to 3400 Hz": (True, _telephone),
    "G.711": (True, _mu_law),
    "G.711, noise 30 dB after": (True, _noisy(30, before=_mu_law)),
    "G.711, noise 20 dB after": (True, _noisy(20, before=_mu_law)),
    "G.711, noise 10 dB after": (True, _noisy(10, before=_mu_law)),
    "G.711, noise 5 dB after": (True, _noisy(5, before=_mu_law)),
}
"""Whether each is narrow-band, and how it is made. A noise "after" is behind the telephone, as in a room where a call
is recorded from a loudspeaker."""


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
