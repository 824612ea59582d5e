"""The speech of a stream of sound in stretches that fill one window of Whisper's, each cut in a pause.

Whisper decodes 30 s at a time, however little speech is in them. So long pauses are shortened, and a stretch has the
places of its pieces on the recording's clock. Memory is bounded by one stretch and the speech that is not settled yet,
not by the recording.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from ml.arrays import Samples
from ml.voice.activity import SAMPLE_RATE, VoiceActivity
from ml.voice.windows import Span

MAX_S: Final = 28.0
"""The longest stretch: Whisper's window less the error of its timestamps at the end."""
CUT_FROM_S: Final = 18.0
"""A longer stretch is cut in its longest pause after this second."""
QUIET_FROM_S: Final = 22.0
"""Without any such pause it is cut where it is quietest after this second."""
PADDING_S: Final = 0.5
"""So much sound is kept before and after speech: longer pauses than twice this are shortened to that."""

_QUIET_S: Final = 0.1
_GAP_S: Final = 0.05
"""A chunk that starts this much later than the last ended comes after a gap."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Unbroken sound: from second ``at_s`` of its stretch, from ``start_s`` on the recording's clock."""

    at_s: float
    start_s: float
    length_s: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sound that is decoded at once: ``samples`` (n,) at :data:`SAMPLE_RATE`, at most :data:`MAX_S` of them.

    ``pieces`` follow each other in the samples; ``speech`` is on the recording's clock.
    """

    samples: Samples
    pieces: tuple[Piece, ...]
    speech: tuple[Span, ...]

    @property
    def start_s(self) -> float:
        return self.speech[0][0]

    @property
    def end_s(self) -> float:
        return self.speech[-1][1]

    @property
    def speech_end_at_s(self) -> float:
        """The end of the last speech within the samples."""
        last = self.pieces[-1]
        return min(last.at_s + last.length_s, last.at_s + self.end_s - last.start_s)

    def on_clock(self, start_at_s: float, end_at_s: float) -> Span:
        """Seconds within the samples as seconds of the recording. What reaches over a shortened pause is kept to the
        piece that holds more of it."""

        def shared_s(piece: Piece) -> float:
            return min(end_at_s, piece.at_s + piece.length_s) - max(start_at_s, piece.at_s)

        piece = max(self.pieces, key=shared_s)
        start, end = (
            piece.start_s + min(max(at_s - piece.at_s, 0.0), piece.length_s) for at_s in (start_at_s, end_at_s)
        )
        return start, max(start, end)


def stretches(chunks: Iterable[tuple[float, Samples]]) -> Iterator[Stretch]:
    """The stretches of a stream of (start_s, mono float32 samples at :data:`SAMPLE_RATE`), in order.

    ``chunks`` are those of :func:`ml.media.audio.audio_chunks`; a stretch comes as soon as its sound is complete.
    """
    packer = _Packer()
    for start_s, samples in chunks:
        yield from packer.feed(start_s, samples)
    yield from packer.finish()


@dataclass(slots=True)
class _Sound:
    """Unbroken samples from sample number ``first`` of the recording on."""

    first: int
    samples: Samples

    @property
    def end(self) -> int:
        return self.first + self.samples.size

    def part(self, first: int, end: int) -> Samples:
        return self.samples[max(0, first - self.first) : max(0, end - self.first)]


class _Packer:
    def __init__(self) -> None:
        self._voice = VoiceActivity()
        self._unsettled: _Sound | None = None  # sound whose speech is not settled yet
        self._pieces: list[_Sound] = []
        self._speech: list[Span] = []

    def feed(self, start_s: float, samples: Samples) -> Iterator[Stretch]:
        first = round(start_s * SAMPLE_RATE)
        sound = self._unsettled
        if sound is None or abs(first - sound.end) > _GAP_S * SAMPLE_RATE:
            self._voice.restart(start_s)
            self._collect()
            sound = self._unsettled = _Sound(first, np.zeros(0, np.float32))
        sound.samples = np.concatenate([sound.samples, samples])
        self._voice.feed(samples)
        self._collect()
        while self._packed > MAX_S * SAMPLE_RATE:
            yield self._cut()

    def finish(self) -> Iterator[Stretch]:
        for span in self._voice.finish():
            self._add(span)
        while self._packed > MAX_S * SAMPLE_RATE:
            yield self._cut()
        if self._speech:
            yield self._stretch(self._pieces, self._speech)

    def _collect(self) -> None:
        """Keep the speech that has been settled, and forget the sound before it."""
        spans, settled_s = self._voice.take()
        for span in spans:
            self._add(span)
        sound = self._unsettled
        if sound is not None:
            kept_from = min(sound.end, max(sound.first, round((settled_s - PADDING_S) * SAMPLE_RATE)))
            sound.samples, sound.first = sound.part(kept_from, sound.end), kept_from

    def _add(self, span: Span) -> None:
        """Keep the sound of newly found speech, padded."""
        sound = self._unsettled
        assert sound is not None
        first = max(sound.first, round((span[0] - PADDING_S) * SAMPLE_RATE))
        end = min(sound.end, round((span[1] + PADDING_S) * SAMPLE_RATE))
        last = self._pieces[-1] if self._pieces else None
        if last is not None and first <= last.end:
            last.samples = np.concatenate([last.samples, sound.part(max(sound.first, last.end), end)])
        else:
            self._pieces.append(_Sound(first, sound.part(first, end).copy()))
        if self._speech and span[0] - self._speech[-1][1] < 1e-6:
            self._speech[-1] = self._speech[-1][0], span[1]
        else:
            self._speech.append(span)

    @property
    def _packed(self) -> int:
        return sum(piece.samples.size for piece in self._pieces)

    def _cut(self) -> Stretch:
        """Take the first stretch away from the packed sound, which is longer than :data:`MAX_S`."""
        at = self._cut_at()
        before: list[_Sound] = []
        after: list[_Sound] = []
        passed = 0
        for piece in self._pieces:
            size = min(piece.samples.size, max(0, at - passed))
            passed += piece.samples.size
            if size:
                before.append(_Sound(piece.first, piece.samples[:size]))
            if size < piece.samples.size:
                after.append(_Sound(piece.first + size, piece.samples[size:].copy()))
        cut_s = before[-1].end / SAMPLE_RATE
        spoken = [(start, min(end, cut_s)) for start, end in self._speech if start < cut_s]
        self._speech = [(max(start, cut_s), end) for start, end in self._speech if end > cut_s]
        self._pieces = after
        return self._stretch(before, spoken)

    def _cut_at(self) -> int:
        """The sample of the packed sound at which to cut."""
        longest, best = 0.0, 0
        for (_, end_s), (start_s, _) in zip(self._speech, self._speech[1:], strict=False):
            middle = self._packed_at((end_s + start_s) / 2)
            if CUT_FROM_S * SAMPLE_RATE <= middle <= MAX_S * SAMPLE_RATE and start_s - end_s >= longest:
                longest, best = start_s - end_s, middle
        return best or self._quietest()

    def _packed_at(self, second: float) -> int:
        """Where in the packed sound a second of the recording is; of one in a shortened pause, where that is."""
        sample, passed = round(second * SAMPLE_RATE), 0
        for piece in self._pieces:
            if sample < piece.end:
                return passed + max(0, sample - piece.first)
            passed += piece.samples.size
        return passed

    def _quietest(self) -> int:
        size = round(_QUIET_S * SAMPLE_RATE)
        first = round(QUIET_FROM_S * SAMPLE_RATE)
        packed = np.concatenate([piece.samples for piece in self._pieces])
        frames = packed[first : round(MAX_S * SAMPLE_RATE) // size * size]
        power = np.square(frames[: frames.size // size * size].reshape(-1, size), dtype=np.float64).sum(axis=1)
        return first + int(power.argmin()) * size + size // 2

    @staticmethod
    def _stretch(sounds: list[_Sound], speech: list[Span]) -> Stretch:
        pieces, passed = [], 0
        for sound in sounds:
            pieces.append(Piece(passed / SAMPLE_RATE, sound.first / SAMPLE_RATE, sound.samples.size / SAMPLE_RATE))
            passed += sound.samples.size
        return Stretch(np.concatenate([sound.samples for sound in sounds]), tuple(pieces), tuple(speech))
