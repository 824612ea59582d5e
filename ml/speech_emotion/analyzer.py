"""The whole sound of a recording, as a timeline of speech emotions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ml import artifacts
from ml.modalities import SPEECH_EMOTION
from ml.speech_emotion import sentences
from ml.speech_emotion.listener import Listener
from ml.speech_emotion.observations import Recognizes
from ml.speech_emotion.recognizer import Recognizer
from ml.speech_emotion.shadow import Shadow
from ml.timeline import Observation, Timeline

Samples = NDArray[np.float32]

SOUND_RATE: Final = 44_100
"""Hz of the sound that :meth:`SpeechAnalyzer.analyze` takes."""


@dataclass(frozen=True)
class SpeechAnalysis:
    """``reason`` is empty, or sentences: why nothing is ``available``, that little speech was found, that there is much
    other sound, that the sound is narrow-band. ``speech_s`` is all speech found; the timeline's observed time is the
    part of it that was long enough to classify. ``musical_s`` is singing, music and tones, in neither of them.
    ``narrow_band``: see :mod:`ml.voice.bandwidth`.

    ``shadow`` is what the second recogniser read in the same windows, when there was one, with its
    ``shadow_artifact``; ``shadow_error`` is what stopped it."""

    timeline: Timeline
    available: bool
    reason: str
    speech_s: float
    musical_s: float = 0.0
    narrow_band: bool = False
    artifact: artifacts.Artifact | None = None
    shadow: Timeline | None = None
    shadow_artifact: artifacts.Artifact | None = None
    shadow_error: Exception | None = None


class SpeechAnalyzer:
    """Reads the emotion of a recording's speech, window by window.

    Every observation is a stretch of speech, labelled with the window of three seconds that it lies in. Each
    input begins the recogniser's ``lead_s`` before the window, so that it contains the first syllable whole.
    """

    def __init__(self, recognizer: Recognizes | None = None, *, shadow: Callable[[], Recognizes] | None = None) -> None:
        """``shadow`` loads a second recogniser that reads the same windows; its failure does not affect the first."""
        self._recognizer = recognizer
        self._load_shadow = shadow

    def analyze(
        self,
        chunks: Iterable[tuple[float, Samples]],
        duration_s: float,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> SpeechAnalysis:
        """``chunks`` are (start in seconds, mono float32 at :data:`SOUND_RATE`), in order; jumps in their starts are
        gaps of silence. Memory stays flat. After ``should_stop`` the result holds what was heard until then.

        Raises :class:`ml.artifacts.ModelUnavailable`.
        """
        recognizer = self._recognizer or Recognizer()
        shadow = Shadow(self._load_shadow) if self._load_shadow is not None else None
        listener = Listener(recognizer, rate_hz=SOUND_RATE, duration_s=duration_s, shadow=shadow)
        observations: list[Observation] = []
        for start_s, samples in chunks:
            if should_stop():
                break
            observations += listener.hear(start_s, samples)
        observations += listener.finish()
        timeline = Timeline(SPEECH_EMOTION, recognizer.labels, tuple(observations))
        return SpeechAnalysis(
            timeline,
            bool(timeline.observations),
            sentences.reason(listener, timeline),
            listener.speech_s,
            listener.musical_s,
            listener.narrow_band,
            recognizer.artifact,
            shadow=shadow.timeline if shadow is not None else None,
            shadow_artifact=shadow.artifact if shadow is not None else None,
            shadow_error=shadow.error if shadow is not None else None,
        )
