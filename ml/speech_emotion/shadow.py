"""A shadow: a second speech recogniser that classifies the same windows. Its failure does not affect the first."""

from collections.abc import Callable

from ml import artifacts
from ml.modalities import SPEECH_EMOTION
from ml.speech_emotion.features.level import SpeakerLevel
from ml.speech_emotion.observations import WindowRecognizer, observations
from ml.timeline import Observation, Timeline
from ml.voice.windows import SoundBuffer, Window


class Shadow:
    """``error`` is what stopped it, in loading or in a window; after that it classifies nothing."""

    def __init__(self, load: Callable[[], WindowRecognizer]) -> None:
        self.error: Exception | None = None
        self._level = SpeakerLevel()
        self._recognizer: WindowRecognizer | None = None
        self._observations: list[Observation] = []
        try:
            self._recognizer = load()
        except Exception as error:
            self.error = error

    @property
    def artifact(self) -> artifacts.Artifact | None:
        return self._recognizer.artifact if self._recognizer is not None else None

    @property
    def timeline(self) -> Timeline:
        labels = self._recognizer.labels if self._recognizer is not None else ()
        return Timeline(SPEECH_EMOTION, labels, tuple(self._observations))

    def classify(self, window: Window, sound: SoundBuffer) -> None:
        """The next window; ``sound`` is at 22,050 Hz."""
        if self._recognizer is None or self.error is not None:
            return
        try:
            self._observations.extend(observations(self._recognizer, window, sound, self._level))
        except Exception as error:
            self.error = error
