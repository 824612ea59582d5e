"""From a stream of sound to observations: voice activity detection, windows of speech, one classification for each."""

import math
from collections.abc import Callable, Iterable
from typing import Final

import numpy as np

from ml.arrays import Samples
from ml.speech_emotion.features.level import SpeakerLevel
from ml.speech_emotion.features.window import SAMPLE_RATE
from ml.speech_emotion.observations import WindowRecognizer, observations
from ml.speech_emotion.shadow import Shadow
from ml.timeline import Observation
from ml.voice.activity import GAP_S, SpeechSource, VoiceActivity
from ml.voice.activity import SAMPLE_RATE as VOICE_RATE
from ml.voice.background import BackgroundSound
from ml.voice.bandwidth import Bandwidth
from ml.voice.music import is_musical
from ml.voice.resampling import StreamResampler
from ml.voice.windows import SoundBuffer, Span, Window, WindowPlanner

MIN_BACKGROUND_S: Final = 1.0
MIN_BACKGROUND_SHARE: Final = 0.1
"""Less background sound than this, in seconds or as a share of all sound, is not reported."""

_KEPT_S: Final = 1.0  # before the settled time: padding and lead of a window that may still begin there


class StreamRecognizer:
    """Classifies one stream of sound, of a recording or a microphone, window by window. Memory stays flat.

    ``peak`` is the largest sample so far (0..1). In seconds so far: ``total_s`` of sound, ``speech_s`` of speech,
    ``musical_s`` of singing, music and tones, which are not classified.
    """

    def __init__(
        self,
        recognizer: WindowRecognizer,
        *,
        rate_hz: int,
        duration_s: float = math.inf,
        shadow: Shadow | None = None,
        on_musical: Callable[[Window], None] = lambda window: None,
        on_speech: Callable[[Span, Samples], None] = lambda span, samples: None,
        voice: SpeechSource | None = None,
    ) -> None:
        """``rate_hz`` of the sound; speech beyond ``duration_s`` is cut off. ``shadow`` classifies the same windows;
        ``on_musical`` is called with each window that is music, ``on_speech`` with each segment of voice activity and
        its sound at 22,050 Hz, music included. ``voice`` finds the segments; without it, voice activity detection
        does."""
        self.speech_s = self.musical_s = self.total_s = 0.0
        self.peak = 0.0
        self._recognizer = recognizer
        self._shadow = shadow
        self._on_musical = on_musical
        self._on_speech = on_speech
        self._rate_hz = rate_hz
        self._level = SpeakerLevel()
        self._duration_s = duration_s
        self._voice = voice or VoiceActivity()
        self._planner = WindowPlanner()
        self._sound = SoundBuffer(SAMPLE_RATE)
        self._background = BackgroundSound(SAMPLE_RATE)
        self._bandwidth = Bandwidth(SAMPLE_RATE)
        self._restart(0.0)

    def feed(self, start_s: float, samples: Samples) -> list[Observation]:
        """The next piece, from second ``start_s``, after all earlier ones; a jump is a gap of silence. Returns the
        observations of the windows that are complete by now, in order."""
        if abs(start_s - self._expected_s) > GAP_S:
            self._flush()
            self._restart(start_s)
        self._expected_s += samples.size / self._rate_hz
        self.peak = max(self.peak, float(np.abs(samples).max(initial=0.0)))
        self.total_s += samples.size / self._rate_hz
        self._take_in(self._to_voice.feed(samples), self._to_window.feed(samples))

        spans, settled_s = self._voice.take()
        self._add(spans)
        found = self._classify(self._planner.take(settled_s))
        waiting_s = self._planner.next_start_s
        self._sound.forget_before((settled_s if waiting_s is None else min(waiting_s, settled_s)) - _KEPT_S)
        return found

    def finish(self) -> list[Observation]:
        """The stream is over: the observations of the rest of the speech."""
        self._flush()
        self._add(self._voice.finish())
        return self._classify(self._planner.take())

    @property
    def background_s(self) -> float:
        """Seconds of background sound (:mod:`ml.voice.background`): without speech all that is audible, otherwise what
        is nearly as loud as the speech; 0 where it is too little to report."""
        seconds = self._background.seconds
        return seconds if seconds >= max(MIN_BACKGROUND_S, MIN_BACKGROUND_SHARE * self.total_s) else 0.0

    @property
    def narrow_band(self) -> bool:
        """Whether the speech so far came through a narrow-band channel (:mod:`ml.voice.bandwidth`)."""
        return self._bandwidth.is_narrow

    def _restart(self, at_s: float) -> None:
        self._expected_s = self._buffered_s = at_s
        self._to_voice = StreamResampler(self._rate_hz, VOICE_RATE)
        self._to_window = StreamResampler(self._rate_hz, SAMPLE_RATE)
        self._voice.restart(at_s)

    def _flush(self) -> None:
        self._take_in(self._to_voice.flush(), self._to_window.flush())

    def _take_in(self, for_voice: Samples, for_window: Samples) -> None:
        self._voice.feed(for_voice)
        self._sound.add(self._buffered_s, for_window)
        self._background.add(for_window)
        self._buffered_s += for_window.size / SAMPLE_RATE

    def _add(self, spans: Iterable[Span]) -> None:
        for start_s, end_s in spans:
            end_s = min(end_s, self._duration_s)
            if start_s < end_s:
                self.speech_s += end_s - start_s
                speech = self._read(start_s, end_s)
                self._on_speech((start_s, end_s), speech)
                self._background.add_speech(speech)
                self._bandwidth.add(speech)
                self._planner.add((start_s, end_s))

    def _classify(self, windows: Iterable[Window]) -> list[Observation]:
        found: list[Observation] = []
        for window in windows:
            if is_musical((self._read(*span) for span in window.speech), SAMPLE_RATE):
                self.speech_s = max(0.0, self.speech_s - window.speech_s)
                self.musical_s += window.speech_s
                self._on_musical(window)
                continue
            found += observations(self._recognizer, window, self._sound, self._level)
            if self._shadow is not None:
                self._shadow.classify(window, self._sound)
        return found

    def _read(self, start_s: float, end_s: float) -> Samples:
        return self._sound.read(start_s, round((end_s - start_s) * SAMPLE_RATE))
