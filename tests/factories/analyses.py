"""What the pipeline finds in a recording of 20 s, and a stand-in for the pipeline itself."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.pipeline import ModalityAnalysis, ModelRef, RecordingAnalysis
from ml.media.info import MediaInfo
from ml.offline.person_seen import PersonSeen
from ml.timeline import UNKNOWN, Observation, Timeline

DURATION_S = 20.0
FACE_LABELS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
EYE_LABELS = ("anger", "disgust", "fear", "happiness", "sadness", "surprise")
GAZE_LABELS = tuple(f"{row}_{column}" for row in ("top", "bottom") for column in ("left", "center", "right"))
GAZE_LABELS = (*GAZE_LABELS[:3], "left", "center", "right", *GAZE_LABELS[3:])
SPEECH_LABELS = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised")


def timeline(modality: str, labels: tuple[str, ...], *stretches: tuple[float, float, str, float]) -> Timeline:
    """Observations of 0.1 s from stretches of (start_s, end_s, label, confidence)."""
    observations = []
    for start_s, end_s, label, confidence in stretches:
        for step in range(round(start_s * 10), round(end_s * 10)):
            vector = tuple(
                confidence if other == label else round((1 - confidence) / (len(labels) - 1), 4) for other in labels
            )
            probabilities = () if label == UNKNOWN else vector
            observations.append(Observation(step / 10, (step + 1) / 10, label, confidence, probabilities))
    return Timeline(modality, labels, tuple(observations))


def interview_timelines() -> dict[str, Timeline]:
    """20 s: a surprised face at 9.5 s, a look to the left from 10 to 14 s, a blink, and a calm voice to 15 s."""
    return {
        "facial_expression": timeline(
            "facial_expression",
            FACE_LABELS,
            (0, 9.5, "neutral", 0.9),
            (9.5, 10.5, "surprise", 0.8),
            (10.5, 19, "happy", 0.7),
        ),
        "eye_emotion": timeline("eye_emotion", EYE_LABELS, (0, 19, "happiness", 0.4)),
        "eye_gaze": timeline(
            "eye_gaze",
            GAZE_LABELS,
            (0, 5, "center", 0.9),
            (5, 5.2, UNKNOWN, 0.0),
            (5.2, 10, "center", 0.9),
            (10, 14, "left", 0.9),
            (14, 20, "center", 0.9),
        ),
        "speech_emotion": timeline("speech_emotion", SPEECH_LABELS, (0, 12, "calm", 0.6), (12, 15, "sad", 0.55)),
    }


def person_seen(number: int, **fields: Any) -> PersonSeen:
    """Somebody who was in view all the time; keyword arguments replace fields."""
    return PersonSeen(
        **{
            "number": number,
            "is_still": False,
            "first_s": 0.0,
            "last_s": DURATION_S,
            "live_s": DURATION_S,
            "still_s": 0.0,
            "at_s": 3.5,
            "box": (0.2, 0.1, 0.4, 0.5),
            "is_candidate": False,
            "is_close": False,
            "picture": b"\xff\xd8 face %d" % number,
            **fields,
        }
    )


PEOPLE = (
    person_seen(1, is_candidate=True),
    person_seen(2, box=(0.7, 0.1, 0.9, 0.5), first_s=4.0),
    person_seen(3, is_still=True, live_s=0.0, still_s=DURATION_S),
)
"""The candidate, somebody else, and a photo."""


def analysis_of(timelines: Mapping[str, Timeline], **fields: Any) -> RecordingAnalysis:
    """What the pipeline returns for ``timelines``; keyword arguments replace fields."""
    info = MediaInfo(
        duration_s=DURATION_S,
        fps=25.0,
        width=1280,
        height=720,
        has_audio=True,
        video_codec="h264",
        audio_codec="aac",
        container="mov",
        frames_checked=3,
    )
    modalities = {
        key: ModalityAnalysis(
            timeline=found,
            available=True,
            reason="",
            model=ModelRef(f"{key}-net", "v1", hashlib.sha256(key.encode()).hexdigest()),
        )
        for key, found in timelines.items()
    }
    timing = {"wall_s": 2.0, "decode_s": 0.5, "realtime_factor": 10.0, "faces_s": 1.0}
    return RecordingAnalysis(
        **{
            "info": info,
            "sha256": "ab" * 32,
            "modalities": modalities,
            "timing": timing,
            "faces": {"max_simultaneous": 2},
            "people": PEOPLE,
            **fields,
        }
    )


@dataclass
class FakePipeline:
    """Stands where ``analysis.recording_process.supervisor.analyze_confined`` stands; ``during`` runs in its middle."""

    result: Any
    during: Callable[[Callable[[], bool], Callable[[Any], None]], None] | None = None
    error: Exception | None = None
    calls: list[tuple[Path, Any]] = field(default_factory=list)
    models: list[Any] = field(default_factory=list)
    """``(models, shadows)`` of each call."""

    def __call__(
        self,
        path: Any,
        *,
        declared: Any = None,
        slots: Any = None,
        options: Any = None,
        models: Any = None,
        shadows: Any = None,
        progress: Any = None,
        should_stop: Any = None,
        niceness: Any = None,
    ) -> Any:
        self.calls.append((Path(path), options))
        self.models.append((models, shadows))
        if self.during is not None:
            self.during(should_stop, progress)
        if self.error is not None:
            raise self.error
        return self.result
