"""The speech of a stream of sound in stretches that fill one window of Whisper, each cut in a pause.

Whisper reads 30 s at a time, however little is said in them. So long pauses are shortened before it listens, and every
stretch remembers where on the recording's clock its pieces were. Memory is bounded by one stretch and what voice
activity has not settled yet, not by the recording.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from ml.arrays import Samples
from ml.voice.activity import SAMPLE_RATE, VoiceActivity
from ml.voice.windows import Span

MAXIMUM_S: Final = 28.0
"""The longest stretch; Whisper's window less what its timestamps are off at the end."""
CUT_FROM_S: Final = 18.0
"""A stretch that is too long is cut in the longest pause after this second."""
QUIET_FROM_S: Final = 22.0
"""Without any such pause it is cut where it is quietest after this second."""
PADDING_S: Final = 0.5
"""Sound that is kept before and after speech: pauses of up to twice this stay as they are, longer ones become so."""

_QUIET_S: Final = 0.1
_GAP_S: Final = 0.05
"""Sound that starts this much later than the last ended comes after a hole."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Unbroken sound: from second ``at_s`` of its stretch, from ``start_s`` on the recording's clock."""

    at_s: float
    start_s: float
    length_s: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sound to be read at once: ``samples`` float32 (n,) at :data:`SAMPLE_RATE`, at most :data:`MAXIMUM_S` of them.

    ``pieces`` follow each other in the samples; ``speech`` is where voice activity found somebody speaking, on the
    recording's clock.
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
        self._heard: _Sound | None = None  # what voice activity has not settled
        self._pieces: list[_Sound] = []
        self._speech: list[Span] = []

    def feed(self, start_s: float, samples: Samples) -> Iterator[Stretch]:
        first = round(start_s * SAMPLE_RATE)
        heard = self._heard
        if heard is None or abs(first - heard.end) > _GAP_S * SAMPLE_RATE:
            self._voice.restart(start_s)
            self._collect()
            heard = self._heard = _Sound(first, np.zeros(0, np.float32))
        heard.samples = np.concatenate([heard.samples, samples])
        self._voice.feed(samples)
        self._collect()
        while self._packed > MAXIMUM_S * SAMPLE_RATE:
            yield self._cut()

    def finish(self) -> Iterator[Stretch]:
        for span in self._voice.finish():
            self._add(span)
        while self._packed > MAXIMUM_S * SAMPLE_RATE:
            yield self._cut()
        if self._speech:
            yield self._stretch(self._pieces, self._speech)

    def _collect(self) -> None:
        """Keep what has become certain, and let go of what came before it."""
        spans, settled_s = self._voice.take()
        for span in spans:
            self._add(span)
        heard = self._heard
        if heard is not None:
            kept_from = min(heard.end, max(heard.first, round((settled_s - PADDING_S) * SAMPLE_RATE)))
            heard.samples, heard.first = heard.part(kept_from, heard.end), kept_from

    def _add(self, span: Span) -> None:
        """Keep the sound of newly found speech, with what is around it."""
        heard = self._heard
        assert heard is not None
        first = max(heard.first, round((span[0] - PADDING_S) * SAMPLE_RATE))
        end = min(heard.end, round((span[1] + PADDING_S) * SAMPLE_RATE))
        last = self._pieces[-1] if self._pieces else None
        if last is not None and first <= last.end:
            last.samples = np.concatenate([last.samples, heard.part(max(heard.first, last.end), end)])
        else:
            self._pieces.append(_Sound(first, heard.part(first, end).copy()))
        if self._speech and span[0] - self._speech[-1][1] < 1e-6:
            self._speech[-1] = self._speech[-1][0], span[1]
        else:
            self._speech.append(span)

    @property
    def _packed(self) -> int:
        return sum(piece.samples.size for piece in self._pieces)

    def _cut(self) -> Stretch:
        """Take the first stretch away from what is packed, which is longer than one may be."""
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
            if CUT_FROM_S * SAMPLE_RATE <= middle <= MAXIMUM_S * SAMPLE_RATE and start_s - end_s >= longest:
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
        frames = packed[first : round(MAXIMUM_S * SAMPLE_RATE) // size * size]
        power = np.square(frames[: frames.size // size * size].reshape(-1, size), dtype=np.float64).sum(axis=1)
        return first + int(power.argmin()) * size + size // 2

    @staticmethod
    def _stretch(sounds: list[_Sound], speech: list[Span]) -> Stretch:
        pieces, passed = [], 0
        for sound in sounds:
            pieces.append(Piece(passed / SAMPLE_RATE, sound.first / SAMPLE_RATE, sound.samples.size / SAMPLE_RATE))
            passed += sound.samples.size
        return Stretch(np.concatenate([sound.samples for sound in sounds]), tuple(pieces), tuple(speech))
