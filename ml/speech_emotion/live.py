"""Speech emotion of a candidate's microphone during a live interview."""

from typing import Final

import numpy as np

from ml.speech_emotion.observations import WindowRecognizer
from ml.speech_emotion.stream import StreamRecognizer
from ml.timeline import Observation
from ml.voice.windows import Span, Window

MAX_PIECE_S: Final = 1.0
"""Longer chunks are fed in pieces of this length. After a stall ten seconds arrive together; fed in one piece they
would cost memory that is never given back."""


class LiveSpeech:
    """Classifies the windows of speech of one session as soon as they are complete."""

    def __init__(self, recognizer: WindowRecognizer) -> None:
        self._recognizer = recognizer
        self._rate_hz = 0
        self._stream: StreamRecognizer | None = None
        self._musical: list[Span] = []

    def feed(self, start_s: float, pcm: bytes, rate_hz: int) -> list[Observation]:
        """PCM16 mono from second ``start_s``, after all earlier chunks; returns the observations that it completes.

        Another rate is another microphone: a new stream begins, and the speaker's usual level is measured anew."""
        found: list[Observation] = []
        if self._stream is None or rate_hz != self._rate_hz:
            found = self.finish()
            self._stream = StreamRecognizer(self._recognizer, rate_hz=rate_hz, on_musical=self._keep_musical)
            self._rate_hz = rate_hz
        samples = np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768)
        step = round(MAX_PIECE_S * rate_hz)
        for at in range(0, samples.size, step):
            found += self._stream.feed(start_s + at / rate_hz, samples[at : at + step])
        return found

    def finish(self) -> list[Observation]:
        """The observations of the rest of the speech, when the session ends or the microphone pauses."""
        found = self._stream.finish() if self._stream is not None else []
        self._stream = None
        return found

    @property
    def narrow_band(self) -> bool:
        """Whether the sound of this microphone is narrow-band (:mod:`ml.voice.bandwidth`)."""
        return self._stream is not None and self._stream.narrow_band

    def take_musical(self) -> list[Span]:
        """Stretches (start, end) in seconds since the last call of singing, music or tones, which are not
        classified."""
        musical, self._musical = self._musical, []
        return musical

    def _keep_musical(self, window: Window) -> None:
        self._musical += window.speech
