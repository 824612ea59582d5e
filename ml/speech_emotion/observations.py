"""One window of speech, classified by a recogniser, as observations of the timeline."""

from typing import Protocol

from ml import artifacts
from ml.arrays import Float32, Samples
from ml.speech_emotion.features.level import SpeakerLevel
from ml.speech_emotion.features.window import WINDOW_SAMPLES
from ml.timeline import Observation
from ml.voice.windows import SoundBuffer, Window


class WindowRecognizer(Protocol):
    """As :class:`ml.speech_emotion.recognizer.Recognizer`."""

    lead_s: float
    labels: tuple[str, ...]
    artifact: artifacts.Artifact

    def recognize(self, samples: Samples) -> Float32: ...


def observations(
    recognizer: WindowRecognizer, window: Window, sound: SoundBuffer, level: SpeakerLevel
) -> list[Observation]:
    """One observation for each stretch of speech in ``window``, all with the same probabilities. ``sound`` is at
    22,050 Hz; the window's level is added to the speaker's ``level``."""
    samples = level.to_reference(sound.read(window.start_s - recognizer.lead_s, WINDOW_SAMPLES))
    probabilities = recognizer.recognize(samples).tolist()
    return [
        Observation.most_probable(start_s, end_s, recognizer.labels, probabilities) for start_s, end_s in window.speech
    ]
