"""Whisper ``tiny.en`` by faster-whisper: from sound to words with their seconds and probabilities.

int8 on the processor, greedy decoding (beam 1), a second temperature only where the text repeats itself. Decoding is
never conditioned on earlier text, which would carry one mistake through the rest of a recording. faster-whisper's own
voice activity detection is not used. The model is loaded from a folder, so nothing is downloaded.
"""

import logging
import os
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
"""The second is tried once, where the text at the first repeats itself. Words of low probability are not decoded
again: it took twice the time for foreign speech and made none of the English readable."""
RETRY_COMPRESSION_RATIO: Final = 2.4
TOKENS_PER_S: Final = 10.0
"""More than any speech has: it stops endless repetitions. Fast English has 7."""
MAX_TOKENS: Final = 220
MAX_DECODINGS: Final = 3
"""A stretch whose end Whisper does not reach is decoded in at most so many windows of Whisper's."""
END_MISSED_S: Final = 1.0
"""Speech after Whisper's last word that is shorter than this is not decoded: it would take another window of 30 s."""
SEED: Final = 1


@dataclass(frozen=True, slots=True)
class DecodingResult:
    """The words of one of Whisper's windows of 30 s, with the measures of its decoding.

    ``words`` are on the clock of the samples. ``average_log_probability`` is the mean over the tokens, natural
    logarithm; ``compression_ratio`` is the size of the text over its size compressed by zlib (a repeated text
    compresses well); ``no_speech_probability`` is Whisper's own, 0..1; ``temperature`` is that of the decoding.
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

        logging.getLogger("faster_whisper").setLevel(logging.WARNING)  # it would log every stretch
        ctranslate2.set_random_seed(SEED)
        # CTranslate2 divides its work by the number that it asks for, and loses what a limit leaves undone.
        threads = min(threads, int(os.environ.get("OMP_THREAD_LIMIT", threads)))
        self._model: Any = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=threads)

    def decode(self, stretch: Stretch, *, check: Callable[[], None] = lambda: None) -> list[DecodingResult]:
        """One result, or several where Whisper stops before the end of the speech; none without words.

        ``check`` is called every few seconds and may raise, to stop.
        """
        segments: list[Any] = []
        seeks: set[int] = set()
        for segment in self._segments(stretch.samples):
            check()
            seeks.add(segment.seek)
            if len(seeks) > MAX_DECODINGS:
                break
            segments.append(segment)
            # The next segment would be of another window of 30 s.
            if segment.end > stretch.speech_end_at_s - END_MISSED_S:
                break
        return [_result(list(group)) for _, group in groupby(segments, key=lambda segment: segment.seek)]

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
            max_new_tokens=min(MAX_TOKENS, 20 + round(samples.size / SAMPLE_RATE * TOKENS_PER_S)),
            vad_filter=False,
        )
        found: Iterable[Any] = segments
        return found


def _result(segments: Sequence[Any]) -> DecodingResult:
    """Of the segments of one window, which all have the same measures."""
    words = (word for segment in segments for word in segment.words or ())
    return DecodingResult(
        tuple(Word(float(word.start), float(word.end), str(word.word), float(word.probability)) for word in words),
        float(segments[0].avg_logprob),
        float(segments[0].compression_ratio),
        float(segments[0].no_speech_prob),
        float(segments[0].temperature),
    )
