"""One candidate who is here now, read frame by frame and chunk by chunk with the recognisers of the first walk."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ml.eye_gaze.calibration import Calibration
from ml.eye_gaze.geometry import GazeSample
from ml.eye_gaze.live import LiveGaze
from ml.faces.candidate import Box
from ml.faces.face_pass import FacePass, FaceSample
from ml.failures import failure_sentence
from ml.live.hints import Hints, hints_of
from ml.live.models import Chosen
from ml.live.pictures import decode
from ml.media.video import Frame
from ml.modalities import EYE_EMOTION, EYE_GAZE, FACIAL_EXPRESSION, SPEECH_EMOTION
from ml.speech_emotion.features.window import WINDOW_SAMPLES
from ml.speech_emotion.live import LiveSpeech
from ml.timeline import UNKNOWN, Observation

EYES_EVERY_S: Final = 1 / 3
"""Eye emotion is read at most this often: it changes slowly, and its network is the largest."""
WHO_EVERY_S: Final = 1.0
HINTS_EVERY_S: Final = 0.5
HOLD_S: Final = 1.0

NO_FACE: Final = "No face is in the picture."
TURNED: Final = "The face is turned too far away."
TOO_SMALL: Final = "The face is too small to read the eyes."
EYES_CLOSED: Final = "The eyes are closed or cannot be seen."
MUSICAL: Final = "This was singing, music or a tone: no emotion is read."


@dataclass(frozen=True, slots=True)
class Read:
    """What one recogniser says now; ``label`` None with a ``reason`` when it cannot say. Beside a label ``reason`` says
    how it has to be read, and is usually empty."""

    label: str | None
    confidence: float = 0.0
    probabilities: Mapping[str, float] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FrameRead:
    """What one frame showed: ``reads`` by modality, only those read anew; ``gaze`` the reading behind the area."""

    faces: int
    reads: Mapping[str, Read]
    gaze: GazeSample | None
    hints: Hints | None


class LiveSession:
    """State of one candidate: the tracked face, the middle of their gaze, the voice. Times are seconds on one clock.

    A recogniser that fails says so from then on and takes nobody down.
    """

    def __init__(self, models: Chosen, calibration: Mapping[str, Any] | None = None) -> None:
        """``calibration`` as :meth:`ml.eye_gaze.calibration.Calibration.to_json` made it."""
        self._models = models
        self._problems = dict(models.problems)
        self._faces = FacePass()
        self._tracks: frozenset[int] = frozenset()
        self._known_tracks: set[int] = set()
        self._at_s = self._who_s = self._eyes_s = self._hints_s = -math.inf
        self._speech: LiveSpeech | None = None
        self.calibrate(calibration)

    def calibrate(self, calibration: Mapping[str, Any] | None) -> None:
        """From now on read the gaze with this calibration; one that cannot be used is passed over."""
        recognizer = self._models.recognizers.get(EYE_GAZE)
        self._gaze: LiveGaze | None = None
        if recognizer is not None:
            try:
                made = Calibration.from_json(calibration) if calibration else None
            except ValueError:
                made = None
            self._gaze = LiveGaze(recognizer.parameters, made)

    def see(self, jpeg: bytes, at_s: float, *, hints: bool = False) -> FrameRead:
        """Read one frame; frames come in the order of time. Raises :class:`ml.live.pictures.BadPicture`."""
        rgb = decode(jpeg)
        # Until when it speaks is not known yet; half the last step never reaches into the next frame.
        step_s, self._at_s = min(HOLD_S, at_s - self._at_s), at_s
        samples = self._faces.observe(Frame(at_s, at_s + step_s / 2, rgb))
        sample = self._candidate(samples, at_s)
        if sample is None:
            gone = Read(None, reason=NO_FACE)
            reads = {key: self._failed(key) or gone for key in (FACIAL_EXPRESSION, EYE_GAZE, EYE_EMOTION)}
            self._eyes_s = -math.inf
            return FrameRead(len(samples), reads, None, self._hints(rgb, None, samples, at_s) if hints else None)
        gaze, looking = self._look(sample)
        reads = {EYE_GAZE: looking, FACIAL_EXPRESSION: self._classified(FACIAL_EXPRESSION, sample, sample.crop)}
        if at_s - self._eyes_s >= EYES_EVERY_S - 0.01:
            self._eyes_s = at_s
            reads[EYE_EMOTION] = self._classified(EYE_EMOTION, sample, sample.strip)
        box = self._faces.box_of(sample.track)
        return FrameRead(len(samples), reads, gaze, self._hints(rgb, box, samples, at_s) if hints else None)

    def hear(self, pcm: bytes, rate_hz: int, at_s: float) -> list[Observation]:
        """PCM16 mono from second ``at_s``; the stretches of speech that could be named meanwhile."""
        if SPEECH_EMOTION in self._problems:
            return []
        try:
            if self._speech is None:
                self._speech = LiveSpeech(self._models.recognizers[SPEECH_EMOTION])
            return self._speech.feed(at_s, pcm, rate_hz)
        except Exception as error:
            self._fail(SPEECH_EMOTION, error)
            return []

    def take_musical(self) -> list[tuple[float, float]]:
        """Stretches (start, end) in seconds, heard since the last call, of singing, music or tones: not named."""
        return self._speech.take_musical() if self._speech is not None else []

    @property
    def narrow_band(self) -> bool:
        """Whether the microphone's sound is narrow-band, as on a telephone."""
        return self._speech is not None and self._speech.narrow_band

    @property
    def problems(self) -> Mapping[str, str]:
        """Why a modality cannot be read at all, as a sentence each."""
        return self._problems

    def _candidate(self, samples: list[FaceSample], at_s: float) -> FaceSample | None:
        """The face whose session this is, judged by size and presence so far."""
        tracks = {sample.track for sample in samples}
        if not tracks <= self._known_tracks or at_s - self._who_s >= WHO_EVERY_S:
            self._known_tracks |= tracks
            self._who_s = at_s
            self._tracks = self._faces.candidate().tracks
        return next((sample for sample in samples if sample.track in self._tracks), None)

    def _look(self, sample: FaceSample) -> tuple[GazeSample | None, Read]:
        failed = self._failed(EYE_GAZE)
        if failed or self._gaze is None:
            return None, failed or Read(None, reason=EYES_CLOSED)
        try:
            measured = self._models.recognizers[EYE_GAZE].measure(sample)
            if measured is None:
                return None, Read(None, reason=TOO_SMALL)
            found = self._gaze.update(measured)
        except Exception as error:
            self._fail(EYE_GAZE, error)
            return None, Read(None, reason=self._problems[EYE_GAZE])
        if found.label == UNKNOWN:
            return measured, Read(UNKNOWN, reason=EYES_CLOSED)
        named = dict(zip(self._models.recognizers[EYE_GAZE].labels, found.probabilities, strict=True))
        return measured, Read(found.label, found.confidence, named)

    def _classified(self, modality: str, sample: FaceSample, picture: NDArray[np.uint8]) -> Read:
        failed = self._failed(modality)
        if failed:
            return failed
        if not sample.pose.is_readable(modality):
            return Read(None, reason=TURNED)
        recognizer = self._models.recognizers[modality]
        try:
            row = recognizer.recognize(picture)
        except Exception as error:
            self._fail(modality, error)
            return Read(None, reason=self._problems[modality])
        best = int(row.argmax())
        named = {label: float(p) for label, p in zip(recognizer.labels, row, strict=True)}
        return Read(recognizer.labels[best], float(row[best]), named)

    def _hints(self, rgb: NDArray[np.uint8], box: Box | None, samples: list[FaceSample], at_s: float) -> Hints | None:
        if at_s - self._hints_s < HINTS_EVERY_S:
            return None
        self._hints_s = at_s
        return hints_of(rgb, box, len(samples))

    def _failed(self, modality: str) -> Read | None:
        return Read(None, reason=self._problems[modality]) if modality in self._problems else None

    def _fail(self, modality: str, error: Exception) -> None:
        self._problems[modality] = failure_sentence(f"{modality.replace('_', '-')} recogniser", error)


def warm_up(models: Chosen) -> None:
    """Run every network once, so that the first frame of the first session does not pay for it."""
    FacePass().observe(Frame(0.0, 0.1, np.full((96, 128, 3), 128, np.uint8)))
    for modality, shape in ((FACIAL_EXPRESSION, (48, 48)), (EYE_EMOTION, (40, 96))):
        if modality in models.recognizers:
            models.recognizers[modality].recognize(np.full(shape, 128, np.uint8))
    if SPEECH_EMOTION in models.recognizers:
        models.recognizers[SPEECH_EMOTION].recognize(np.zeros(WINDOW_SAMPLES, np.float32))
        LiveSpeech(models.recognizers[SPEECH_EMOTION]).feed(0.0, bytes(3200), 16_000)
