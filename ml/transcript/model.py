"""Whisper ``tiny.en`` by faster-whisper: sound in, words with their seconds out, and how sure it was of them.

int8 on the processor, greedy (beam 1), with a second try at a higher temperature only where it repeats itself, never
conditioned on what it wrote before (which carries one mistake through the rest of a recording). Its own voice activity
is not used, and it is given a folder, so that it downloads nothing.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from ml import whisper
from ml.arrays import Samples
from ml.transcript.sentences import Word
from ml.transcript.stretches import Stretch
from ml.voice.activity import SAMPLE_RATE

TEMPERATURES: Final = (0.0, 0.4)
"""The second is tried once, where the first repeats itself. What it is unsure of stays so: a second try cost foreign
speech twice the time and made none of the English readable."""
RETRY_COMPRESSION_RATIO: Final = 2.4
TOKENS_PER_S: Final = 10.0
"""Nobody says more: an endless repetition is stopped there. Fast English is 7."""
MOST_TOKENS: Final = 220
MOST_WINDOWS: Final = 3
"""So many times a stretch is gone on with after Whisper stopped before its end."""
END_MISSED_S: Final = 1.0
"""Speech after Whisper's last word that is shorter than this is not worth another reading of 30 s."""
SEED: Final = 1


@dataclass(frozen=True, slots=True)
class Window:
    """What Whisper read at once, and how sure it was.

    ``words`` are on the clock of the samples. ``average_log_probability`` is the mean of the tokens' natural logarithms
    (0 is certain); ``compression_ratio`` is bytes over zlib's bytes of the text (a repeated text compresses well);
    ``no_speech_probability`` is Whisper's own, 0..1; ``temperature`` is the one it was read at.
    """

    words: tuple[Word, ...]
    average_log_probability: float
    compression_ratio: float
    no_speech_probability: float
    temperature: float


class Whisper:
    """The loaded network: 0.5 s to load, about 200 MB. Raises :class:`ml.whisper.WhisperMissing`."""

    def __init__(self, *, threads: int = 2) -> None:
        folder = whisper.verify()
        import ctranslate2
        from faster_whisper import WhisperModel

        logging.getLogger("faster_whisper").setLevel(logging.WARNING)  # it would tell of every stretch
        ctranslate2.set_random_seed(SEED)
        self._model: Any = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=threads)

    def read(self, stretch: Stretch, *, check: Callable[[], None] = lambda: None) -> list[Window]:
        """The windows of a stretch: one, unless Whisper stops before the speech does; none where it reads nothing.

        ``check`` is called every few seconds and may raise to leave.
        """
        read: list[Any] = []
        seeks: set[int] = set()
        for segment in self._segments(stretch.samples):
            check()
            seeks.add(segment.seek)
            if len(seeks) > MOST_WINDOWS:
                break
            read.append(segment)
            # To ask for more would be another reading of 30 s.
            if segment.end > stretch.speech_end_at_s - END_MISSED_S:
                break
        return [_window(list(segments)) for _, segments in groupby(read, key=lambda segment: segment.seek)]

    def _segments(self, samples: Samples) -> Iterable[Any]:
        segments, _ = self._model.transcribe(
            samples,
            language="en",
            beam_size=1,
            best_of=1,
            temperature=list(TEMPERATURES),
            compression_ratio_threshold=RETRY_COMPRESSION_RATIO,
            log_prob_threshold=None,
            no_speech_threshold=None,  # the guard decides
            condition_on_previous_text=False,
            word_timestamps=True,
            max_new_tokens=min(MOST_TOKENS, 20 + round(samples.size / SAMPLE_RATE * TOKENS_PER_S)),
            vad_filter=False,
        )
        found: Iterable[Any] = segments
        return found


def _window(segments: Sequence[Any]) -> Window:
    """Segments that were read at once carry the same measures."""
    words = (word for segment in segments for word in segment.words or ())
    return Window(
        tuple(Word(float(word.start), float(word.end), str(word.word), float(word.probability)) for word in words),
        float(segments[0].avg_logprob),
        float(segments[0].compression_ratio),
        float(segments[0].no_speech_prob),
        float(segments[0].temperature),
    )
