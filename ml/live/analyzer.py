"""Live analysis of one candidate, frame by frame and chunk by chunk, with the same recognisers as recordings."""

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from ml.arrays import UInt8
from ml.eye_gaze.calibration import Calibration
from ml.eye_gaze.geometry import GazeSample
from ml.eye_gaze.live import LiveGaze
from ml.faces.classification import classify
from ml.faces.face_pass import FacePass, FaceSample
from ml.faces.label_decision import POOLED, LiveDecision
from ml.faces.mouth_cover import RecentCover
from ml.faces.sighting import Box
from ml.failures import recognizer_failure
from ml.live.candidate import LiveCandidate
from ml.live.capture_quality import CaptureQuality, assess
from ml.live.jpeg import decode
from ml.live.reading import EYES_CLOSED, MOUTH_COVERED, NO_FACE, STANDS_STILL, UNREAD, FrameReadings, Reading
from ml.live.recognizer_cache import SessionRecognizers
from ml.media.video import Frame
from ml.modalities import EYE_EMOTION, EYE_GAZE, FACIAL_EXPRESSION, SPEECH_EMOTION
from ml.speech_emotion.features.window import WINDOW_SAMPLES
from ml.speech_emotion.live import LiveSpeech
from ml.timeline import UNKNOWN, Observation

EYES_EVERY_S: Final = 1 / 3
"""Shortest interval between two readings of eye emotion: it changes slowly, and its network is the largest."""
QUALITY_EVERY_S: Final = 0.5
"""Shortest interval between two assessments of the capture quality."""
MAX_HOLD_S: Final = 1.0
"""Longest time that one frame counts for."""


class LiveAnalyzer:
    """State of one live session: the tracked face, the gaze, the speech. Times are seconds on one clock.

    A recogniser that fails has a reason instead of a reading from then on, and affects no other recogniser.
    """

    def __init__(
        self,
        recognizers: SessionRecognizers,
        calibration: Mapping[str, Any] | None = None,
        *,
        corrects_prior: bool = True,
    ) -> None:
        """``calibration``: as :meth:`ml.eye_gaze.calibration.Calibration.to_json` writes it. ``corrects_prior``: for
        the class prior of use (:mod:`ml.class_prior`), where a version has one."""
        self._recognizers = recognizers.recognizers
        self._decisions = {
            modality: LiveDecision(one.labels, one.artifact.manifest.class_prior if corrects_prior else None)
            for modality, one in self._recognizers.items()
            if modality in POOLED
        }
        self._problems = dict(recognizers.problems)
        self._faces = FacePass(tiled=False)  # a camera's candidate is large, and a tiled search would delay its frame
        self._candidate = LiveCandidate()
        self._mouth = RecentCover()
        self._at_s = self._eyes_s = self._quality_s = -math.inf
        self._speech: LiveSpeech | None = None
        self.calibrate(calibration)

    def calibrate(self, calibration: Mapping[str, Any] | None) -> None:
        """Uses this gaze calibration from now on. One that cannot be used is ignored."""
        recognizer = self._recognizers.get(EYE_GAZE)
        self._gaze: LiveGaze | None = None
        if recognizer is not None:
            try:
                usable = Calibration.from_json(calibration) if calibration else None
            except ValueError:
                usable = None
            self._gaze = LiveGaze(recognizer.parameters, usable)

    def analyze_frame(self, jpeg: bytes, at_s: float, *, assess_quality: bool = False) -> FrameReadings:
        """The readings of one frame. Frames come in the order of time. Raises :class:`ml.live.jpeg.InvalidFrame`."""
        rgb = decode(jpeg)
        # The frame's duration is not known yet. Half of the last interval never reaches into the next frame.
        step_s, self._at_s = min(MAX_HOLD_S, at_s - self._at_s), at_s
        frame = Frame(at_s, at_s + step_s / 2, rgb)
        seen = self._faces.observe(frame)
        faces = sum(one.is_readable for one in seen)
        candidate = self._candidate.among(seen, at_s)
        box = candidate.face.box if candidate is not None else None
        quality = self._quality(rgb, box, faces, at_s) if assess_quality else None
        if candidate is None:
            self._eyes_s = -math.inf
            is_still = any(one.still_since_s is not None for one in seen)
            missing = Reading(None, reason=STANDS_STILL if is_still else NO_FACE)
            readings = {key: self._failed(key) or missing for key in (FACIAL_EXPRESSION, EYE_GAZE, EYE_EMOTION)}
            return FrameReadings(faces, readings, None, quality)
        face = self._faces.sample(frame, candidate)
        sample, gaze = self._measure_gaze(face)
        is_covered = self._mouth.update(at_s, face.mouth_cover)
        readings = {EYE_GAZE: gaze, FACIAL_EXPRESSION: self._expression(face, is_mouth_covered=is_covered)}
        if at_s - self._eyes_s >= EYES_EVERY_S - 0.01:
            self._eyes_s = at_s
            readings[EYE_EMOTION] = self._classify(EYE_EMOTION, face)
        return FrameReadings(faces, readings, sample, quality)

    def analyze_audio(self, pcm: bytes, rate_hz: int, at_s: float) -> list[Observation]:
        """Adds PCM16 mono sound from second ``at_s``. The observations of the speech windows that are complete now."""
        if SPEECH_EMOTION in self._problems:
            return []
        try:
            if self._speech is None:
                self._speech = LiveSpeech(self._recognizers[SPEECH_EMOTION])
            return self._speech.feed(at_s, pcm, rate_hz)
        except Exception as error:
            self._fail(SPEECH_EMOTION, error)
            return []

    def speech_reading(self, observation: Observation, reason: str = "") -> Reading:
        """The reading of an observation of :meth:`analyze_audio`."""
        return Reading.of(observation, self._recognizers[SPEECH_EMOTION].labels, reason)

    def take_musical(self) -> list[tuple[float, float]]:
        """The intervals (start_s, end_s) since the last call that were singing, music or tones: not recognised."""
        return self._speech.take_musical() if self._speech is not None else []

    @property
    def narrow_band(self) -> bool:
        """Whether the microphone's sound is narrow-band, as on a telephone."""
        return self._speech is not None and self._speech.narrow_band

    @property
    def problems(self) -> Mapping[str, str]:
        """Why a modality has no readings at all, as a sentence each."""
        return self._problems

    def _measure_gaze(self, face: FaceSample) -> tuple[GazeSample | None, Reading]:
        failed = self._failed(EYE_GAZE)
        if failed or self._gaze is None:
            return None, failed or Reading(None, reason=EYES_CLOSED)
        recognizer = self._recognizers[EYE_GAZE]
        try:
            sample = recognizer.read(face)
            if isinstance(sample, str):
                return None, Reading(None, reason=UNREAD[sample])
            observation = self._gaze.update(sample)
        except Exception as error:
            return None, self._fail(EYE_GAZE, error)
        reason = EYES_CLOSED if observation.label == UNKNOWN else ""
        return sample, Reading.of(observation, recognizer.labels, reason)

    def _expression(self, face: FaceSample, *, is_mouth_covered: bool) -> Reading:
        reading = self._classify(FACIAL_EXPRESSION, face)
        return Reading(None, reason=MOUTH_COVERED) if is_mouth_covered and reading.label is not None else reading

    def _classify(self, modality: str, face: FaceSample) -> Reading:
        failed = self._failed(modality)
        if failed:
            return failed
        recognizer = self._recognizers[modality]
        try:
            observation = classify(modality, recognizer, face)
        except Exception as error:
            return self._fail(modality, error)
        if isinstance(observation, str):
            return Reading(None, reason=UNREAD[observation])
        if modality in self._decisions:
            observation = self._decisions[modality].update(observation)
        return Reading.of(observation, recognizer.labels)

    def _quality(self, rgb: UInt8, box: Box | None, faces: int, at_s: float) -> CaptureQuality | None:
        if at_s - self._quality_s < QUALITY_EVERY_S:
            return None
        self._quality_s = at_s
        return assess(rgb, box, faces)

    def _failed(self, modality: str) -> Reading | None:
        return Reading(None, reason=self._problems[modality]) if modality in self._problems else None

    def _fail(self, modality: str, error: Exception) -> Reading:
        self._problems[modality] = recognizer_failure(modality, error)
        return Reading(None, reason=self._problems[modality])


def warm_up(recognizers: SessionRecognizers) -> None:
    """Runs every network once, so that the first frame of the first session is not delayed."""
    FacePass(tiled=False).observe(Frame(0.0, 0.1, np.full((96, 128, 3), 128, np.uint8)))
    loaded = recognizers.recognizers
    for modality, shape in ((FACIAL_EXPRESSION, (48, 48)), (EYE_EMOTION, (40, 96))):
        if modality in loaded:
            loaded[modality].recognize(np.full(shape, 128, np.uint8))
    if SPEECH_EMOTION in loaded:
        loaded[SPEECH_EMOTION].recognize(np.zeros(WINDOW_SAMPLES, np.float32))
        LiveSpeech(loaded[SPEECH_EMOTION]).feed(0.0, bytes(3200), 16_000)
