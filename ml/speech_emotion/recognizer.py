"""The speech recogniser: one window of speech, or the whole sound of a recording."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from ml import artifacts
from ml.modalities import SPEECH_EMOTION
from ml.runtime import Network
from ml.speech_emotion.front_ends import front_end
from ml.speech_emotion.level import SpeakerLevel
from ml.speech_emotion.other_sound import OtherSound
from ml.speech_emotion.preprocessing import SAMPLE_RATE, WINDOW_SAMPLES
from ml.speech_emotion.resampling import StreamResampler
from ml.speech_emotion.steady_pitch import is_musical
from ml.speech_emotion.voice_activity import SAMPLE_RATE as VOICE_RATE
from ml.speech_emotion.voice_activity import SILENT_PEAK, VoiceActivity
from ml.speech_emotion.windows import SoundBuffer, Window, WindowPlanner
from ml.timeline import Observation, Timeline

Samples = NDArray[np.float32]

SOUND_RATE: Final = 44_100
"""Hz of the sound that :meth:`SpeechAnalyzer.analyze` takes."""

ENOUGH_SPEECH_S: Final = 10.0
"""With less speech than this the reason says so, because the metrics of the voice will not be computed."""

WORTH_SAYING: Final = (1.0, 0.1)
"""Other sound than speech is worth a word from so many seconds and so much of the recording."""

_NOTHING_S: Final = 1e-6  # what is left when all speech found was music after all
_GAP_S: Final = 0.05
_KEPT_S: Final = 1.0  # before the time that is settled: padding and run-in of a window that may still begin there


class Recognizer:
    """Loads a version (the default unless given); raises :class:`ml.artifacts.ModelUnavailable`.

    ``lead_s`` is how much before the speech that it is to name a window begins."""

    def __init__(self, artifact: artifacts.Artifact | None = None) -> None:
        self.artifact = artifact or artifacts.find(SPEECH_EMOTION)
        self.labels = self.artifact.manifest.labels
        self._front_end = front_end(self.artifact.manifest.preprocessing)
        self.lead_s = self._front_end.lead_s
        self._network = Network(self.artifact)

    def recognize(self, samples: Samples) -> Samples:
        """Calibrated probabilities (8,) in the order of ``labels`` for three seconds of speech: float32 (66150,) at
        22,050 Hz, of a speaker at their usual level (:class:`ml.speech_emotion.level.SpeakerLevel`). Outputs that have
        no label (the paper's network has two) are left out of the sum."""
        row = self._network.predict(self._front_end.to_input(samples))[0][: len(self.labels)]
        probabilities: Samples = row / row.sum()
        return probabilities


class _Recognizes(Protocol):
    lead_s: float
    labels: tuple[str, ...]
    artifact: artifacts.Artifact

    def recognize(self, samples: Samples) -> Samples: ...


@dataclass(frozen=True)
class SpeechAnalysis:
    """``reason`` is a sentence when ``available`` is False, when little speech was found, or when there is much other
    sound; ``speech_s`` is all speech found, the timeline's observed time the part of it that was long enough to
    classify. ``musical_s`` sounded like a voice, but held its pitch as singing and music do; it is in neither.

    ``shadow`` is what the second recogniser made of the same windows, when there was one, with its ``shadow_artifact``;
    ``shadow_error`` is what stopped it."""

    timeline: Timeline
    available: bool
    reason: str
    speech_s: float
    musical_s: float = 0.0
    artifact: artifacts.Artifact | None = None
    shadow: Timeline | None = None
    shadow_artifact: artifacts.Artifact | None = None
    shadow_error: Exception | None = None


class SpeechAnalyzer:
    """Finds the speech of a recording and names its emotion, window by window.

    Every observation is a stretch of speech, labelled with the window of three seconds that it lies in. Each
    input begins the recogniser's ``lead_s`` before the window, so that the speech is heard from its first syllable.
    """

    def __init__(
        self, recognizer: _Recognizes | None = None, *, shadow: Callable[[], _Recognizes] | None = None
    ) -> None:
        """``shadow`` loads a second recogniser that hears the same windows; its failure hurts nobody else."""
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
        shadow = _Shadow(self._load_shadow) if self._load_shadow is not None else None
        listener = Listener(recognizer, rate_hz=SOUND_RATE, duration_s=duration_s, shadow=shadow)
        observations: list[Observation] = []
        for start_s, samples in chunks:
            if should_stop():
                break
            observations += listener.hear(start_s, samples)
        observations += listener.finish()
        timeline = Timeline(SPEECH_EMOTION, recognizer.labels, tuple(observations))
        reason = _reason(listener, timeline)
        return SpeechAnalysis(
            timeline,
            bool(timeline.observations),
            reason,
            listener.speech_s,
            listener.musical_s,
            recognizer.artifact,
            shadow=shadow.timeline if shadow is not None else None,
            shadow_artifact=shadow.artifact if shadow is not None else None,
            shadow_error=shadow.error if shadow is not None else None,
        )


class _Shadow:
    """A second recogniser at the same windows. What breaks in it stays in it."""

    def __init__(self, load: Callable[[], _Recognizes]) -> None:
        self.error: Exception | None = None
        self._level = SpeakerLevel()
        self._recognizer: _Recognizes | None = None
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

    def hear(self, window: Window, sound: SoundBuffer) -> None:
        if self._recognizer is None or self.error is not None:
            return
        try:
            self._observations.extend(_observations(self._recognizer, window, sound, self._level))
        except Exception as error:
            self.error = error


class Listener:
    """One stream of sound being heard, a recording's or a microphone's: speech is named as soon as it is certain.

    ``peak`` and ``speech_s`` are the loudest sample (0..1) and the seconds of speech so far, ``musical_s`` those of
    what was found to be music instead and is not named, ``heard_s`` those of all sound. Memory stays flat.
    """

    def __init__(
        self,
        recognizer: _Recognizes,
        *,
        rate_hz: int,
        duration_s: float = math.inf,
        shadow: _Shadow | None = None,
        on_musical: Callable[[Window], None] = lambda window: None,
    ) -> None:
        """``rate_hz`` of the sound; speech beyond ``duration_s`` is cut off. ``shadow`` hears the same windows;
        ``on_musical`` is told of those that are not named because they are music."""
        self.speech_s = self.musical_s = self.heard_s = 0.0
        self.peak = 0.0
        self._recognizer = recognizer
        self._shadow = shadow
        self._on_musical = on_musical
        self._rate_hz = rate_hz
        self._level = SpeakerLevel()
        self._duration_s = duration_s
        self._voice = VoiceActivity()
        self._planner = WindowPlanner()
        self._sound = SoundBuffer(SAMPLE_RATE)
        self._other = OtherSound(SAMPLE_RATE)
        self._restart(0.0)

    def hear(self, start_s: float, samples: Samples) -> list[Observation]:
        """The next piece: float32 (n,) in -1..1 from second ``start_s``, after all earlier ones; a jump is a gap of
        silence. Returns the speech that could be named meanwhile, in order."""
        if abs(start_s - self._expected_s) > _GAP_S:
            self._flush()
            self._restart(start_s)
        self._expected_s += samples.size / self._rate_hz
        self.peak = max(self.peak, float(np.abs(samples).max(initial=0.0)))
        self.heard_s += samples.size / self._rate_hz
        self._take_in(self._to_voice.feed(samples), self._to_window.feed(samples))

        spans, settled_s = self._voice.take()
        self._add(spans)
        named = self._classify(self._planner.take(settled_s))
        waiting_s = self._planner.next_start_s
        self._sound.forget_before((settled_s if waiting_s is None else min(waiting_s, settled_s)) - _KEPT_S)
        return named

    def finish(self) -> list[Observation]:
        """The sound is over: the rest of the speech."""
        self._flush()
        self._add(self._voice.finish())
        return self._classify(self._planner.take())

    @property
    def other_s(self) -> float:
        """Sound that is no speech and does not sound like any: all that can be heard in a recording without speech,
        with speech what is nearly as loud; 0 when it is not worth a word."""
        least_s, least_share = WORTH_SAYING
        seconds = self._other.seconds
        return seconds if seconds >= max(least_s, least_share * self.heard_s) else 0.0

    def _restart(self, at_s: float) -> None:
        self._expected_s = self._sound_s = at_s
        self._to_voice = StreamResampler(self._rate_hz, VOICE_RATE)
        self._to_window = StreamResampler(self._rate_hz, SAMPLE_RATE)
        self._voice.restart(at_s)

    def _flush(self) -> None:
        self._take_in(self._to_voice.flush(), self._to_window.flush())

    def _take_in(self, for_voice: Samples, for_window: Samples) -> None:
        self._voice.feed(for_voice)
        self._sound.add(self._sound_s, for_window)
        self._other.hear(for_window)
        self._sound_s += for_window.size / SAMPLE_RATE

    def _add(self, spans: Iterable[tuple[float, float]]) -> None:
        for start_s, end_s in spans:
            end_s = min(end_s, self._duration_s)
            if start_s < end_s:
                self.speech_s += end_s - start_s
                self._other.speak(self._sound.read(start_s, round((end_s - start_s) * SAMPLE_RATE)))
                self._planner.add((start_s, end_s))

    def _classify(self, windows: Iterable[Window]) -> list[Observation]:
        named: list[Observation] = []
        for window in windows:
            if self._is_musical(window):
                self.speech_s = max(0.0, self.speech_s - window.speech_s)
                self.musical_s += window.speech_s
                self._on_musical(window)
                continue
            named += _observations(self._recognizer, window, self._sound, self._level)
            if self._shadow is not None:
                self._shadow.hear(window, self._sound)
        return named

    def _is_musical(self, window: Window) -> bool:
        pieces = (self._sound.read(start_s, round((end_s - start_s) * SAMPLE_RATE)) for start_s, end_s in window.speech)
        return is_musical(pieces, SAMPLE_RATE)


def _observations(
    recognizer: _Recognizes, window: Window, sound: SoundBuffer, level: SpeakerLevel
) -> list[Observation]:
    samples = level.to_reference(sound.read(window.start_s - recognizer.lead_s, WINDOW_SAMPLES))
    probabilities = recognizer.recognize(samples)
    best = int(probabilities.argmax())
    return [
        Observation(
            start_s,
            end_s,
            recognizer.labels[best],
            float(probabilities[best]),
            tuple(float(p) for p in probabilities),
        )
        for start_s, end_s in window.speech
    ]


def _reason(heard: Listener, timeline: Timeline) -> str:
    said = [_about_speech(heard, timeline)]
    if heard.musical_s and heard.speech_s >= _NOTHING_S:
        said.append(f"{heard.musical_s:.1f} s of singing, music or tones were left out.")
    if heard.other_s and heard.speech_s >= _NOTHING_S:
        said.append(f"{heard.other_s:.1f} s of other sound were nearly as loud as the speech.")
    return " ".join(sentence for sentence in said if sentence)


def _about_speech(heard: Listener, timeline: Timeline) -> str:
    if heard.peak < SILENT_PEAK:
        return "The audio track is silent."
    speech_s = heard.speech_s
    if speech_s < _NOTHING_S:
        if heard.musical_s:
            return f"No speech was found, only {heard.musical_s:.1f} s of singing, music or tones."
        if heard.other_s:
            return f"No speech was found, only {heard.other_s:.1f} s of other sound."
        return "No speech was found."
    if not timeline.observations:
        return f"Only {speech_s:.1f} s of speech were found, in pieces too short to read an emotion from."
    if timeline.observed_s < ENOUGH_SPEECH_S:
        return (
            f"Only {math.floor(timeline.observed_s * 10) / 10:.1f} s of speech were found; "
            f"what depends on the voice needs {ENOUGH_SPEECH_S:.0f} s."
        )
    return ""
