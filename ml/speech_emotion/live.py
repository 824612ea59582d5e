"""The candidate's microphone while it is heard."""

from typing import Any, Final

import numpy as np

from ml.speech_emotion.listener import Listener
from ml.timeline import Observation
from ml.voice.windows import Window

HEARD_AT_ONCE_S: Final = 1.0
"""After a stall ten seconds arrive together; heard in one piece they would cost memory that is never given back."""


class LiveSpeech:
    """Sound of one session in small chunks; windows of speech are named as soon as they are complete."""

    def __init__(self, recognizer: Any) -> None:
        self._recognizer = recognizer
        self._rate_hz = 0
        self._listener: Listener | None = None
        self._musical: list[tuple[float, float]] = []

    def hear(self, start_s: float, pcm: bytes, rate_hz: int) -> list[Observation]:
        """PCM16 mono from second ``start_s``, after all earlier chunks. Another rate (another microphone) begins anew,
        also with how loud this person usually is."""
        named: list[Observation] = []
        if self._listener is None or rate_hz != self._rate_hz:
            named = self._listener.finish() if self._listener is not None else []
            self._listener = Listener(self._recognizer, rate_hz=rate_hz, on_musical=self._leave_out)
            self._rate_hz = rate_hz
        samples = np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768)
        step = round(HEARD_AT_ONCE_S * rate_hz)
        for at in range(0, samples.size, step):
            named += self._listener.hear(start_s + at / rate_hz, samples[at : at + step])
        return named

    def finish(self) -> list[Observation]:
        """The rest of the speech, when the session ends or the microphone pauses."""
        named = self._listener.finish() if self._listener is not None else []
        self._listener = None
        return named

    @property
    def narrow_band(self) -> bool:
        """Whether the sound of this microphone is narrow-band (:mod:`ml.voice.bandwidth`)."""
        return self._listener is not None and self._listener.narrow_band

    def take_musical(self) -> list[tuple[float, float]]:
        """Stretches (start, end) in seconds since the last call that were singing, music or tones and are not named."""
        musical, self._musical = self._musical, []
        return musical

    def _leave_out(self, window: Window) -> None:
        self._musical += window.speech
