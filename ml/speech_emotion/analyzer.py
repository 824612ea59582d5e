"""The speech emotions of a whole recording, as a timeline."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from ml import artifacts
from ml.arrays import Samples
from ml.modalities import SPEECH_EMOTION
from ml.speech_emotion.features.window import SAMPLE_RATE
from ml.speech_emotion.observations import WindowRecognizer
from ml.speech_emotion.recognizer import Recognizer
from ml.speech_emotion.shadow import Shadow
from ml.speech_emotion.stream import StreamRecognizer
from ml.timeline import Observation, Timeline
from ml.voice.activity import SILENT_PEAK, KnownSpeech
from ml.voice.timbre import NO_FRAMES, VoiceFrameRecorder, VoiceFrames
from ml.voice.windows import Span

SOUND_RATE: Final = 44_100
"""Hz of the sound that :meth:`SpeechAnalyzer.analyze` takes."""


@dataclass(frozen=True)
class SpeechAnalysis:
    """``is_silent``: the sound never exceeds ``SILENT_PEAK`` of :mod:`ml.voice.activity`.

    ``speech_s`` is all speech found; the timeline's observed time is the part of it that was long enough to classify.
    ``musical_s`` is singing, music and tones, and ``background_s`` other sound nearly as loud as the speech, in neither
    of them. ``narrow_band``: see :mod:`ml.voice.bandwidth`.

    ``voice`` are the segments of voice activity, in order, music included, and ``music`` the musical ones among them.
    ``frames`` are the features of the voice in them, for attribution (:mod:`ml.voice.attribution`) alone.

    ``shadow`` is the timeline of the second recogniser, when there was one, with its ``shadow_artifact``;
    ``shadow_error`` is what stopped it."""

    timeline: Timeline
    speech_s: float
    is_silent: bool = False
    musical_s: float = 0.0
    background_s: float = 0.0
    narrow_band: bool = False
    voice: tuple[Span, ...] = ()
    music: tuple[Span, ...] = ()
    frames: VoiceFrames = NO_FRAMES
    artifact: artifacts.Artifact | None = None
    shadow: Timeline | None = None
    shadow_artifact: artifacts.Artifact | None = None
    shadow_error: Exception | None = None


class SpeechAnalyzer:
    """Classifies a recording's speech, window by window.

    Every observation is a stretch of speech with the label of its window of three seconds. The recogniser's input
    begins ``lead_s`` before the window, so that it contains the first syllable whole.
    """

    def __init__(
        self, recognizer: WindowRecognizer | None = None, *, shadow: Callable[[], WindowRecognizer] | None = None
    ) -> None:
        """``shadow`` loads a second recogniser for the same windows; its failure does not affect the first."""
        self._recognizer = recognizer
        self._load_shadow = shadow

    def analyze(
        self,
        chunks: Iterable[tuple[float, Samples]],
        duration_s: float,
        should_stop: Callable[[], bool] = lambda: False,
        *,
        speech: Sequence[Span] | None = None,
    ) -> SpeechAnalysis:
        """``chunks`` are (start in seconds, mono float32 at :data:`SOUND_RATE`), in order; jumps in their starts are
        gaps of silence. After ``should_stop`` the result is about the sound until then. With ``speech``, ascending
        segments, these alone are classified, and voice activity is not detected. Memory stays nearly flat: a second of
        speech leaves 4 kB.

        Raises :class:`ml.artifacts.ModelUnavailable`.
        """
        recognizer = self._recognizer or Recognizer()
        shadow = Shadow(self._load_shadow) if self._load_shadow is not None else None
        voice: list[Span] = []
        music: list[Span] = []
        frames = VoiceFrameRecorder(SAMPLE_RATE)

        def keep(span: Span, samples: Samples) -> None:
            voice.append(span)
            frames.add(span[0], samples)

        stream = StreamRecognizer(
            recognizer,
            rate_hz=SOUND_RATE,
            duration_s=duration_s,
            shadow=shadow,
            on_musical=lambda window: music.extend(window.speech),
            on_speech=keep,
            voice=KnownSpeech(speech) if speech is not None else None,
        )
        observations: list[Observation] = []
        for start_s, samples in chunks:
            if should_stop():
                break
            observations += stream.feed(start_s, samples)
        observations += stream.finish()
        timeline = Timeline(SPEECH_EMOTION, recognizer.labels, tuple(observations))
        return SpeechAnalysis(
            timeline,
            speech_s=stream.speech_s,
            is_silent=stream.peak < SILENT_PEAK,
            musical_s=stream.musical_s,
            background_s=stream.background_s,
            narrow_band=stream.narrow_band,
            voice=tuple(voice),
            music=tuple(music),
            frames=frames.frames(),
            artifact=recognizer.artifact,
            shadow=shadow.timeline if shadow is not None else None,
            shadow_artifact=shadow.artifact if shadow is not None else None,
            shadow_error=shadow.error if shadow is not None else None,
        )
