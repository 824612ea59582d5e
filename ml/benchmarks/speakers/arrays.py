"""A built recording as arrays: what attribution reads of it. They are measured once and kept in a file, so that
attribution can be changed and measured again within seconds."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ml.arrays import Float32, Float64, Samples
from ml.benchmarks.speakers.dialogue import Dialogue
from ml.faces.mouth import MouthMovement
from ml.media.audio import sound_chunks
from ml.media.downmix import Downmix
from ml.offline.speakers import Sound, separate_voices
from ml.spans import Span
from ml.speech_emotion.analyzer import SOUND_RATE, SpeechAnalyzer
from ml.track_selection import recording_info
from ml.voice.activity import SAMPLE_RATE as VOICE_RATE
from ml.voice.channels import ChannelLevels
from ml.voice.timbre import VoiceFrames

LAYOUTS: Final = ("two channels", "mixed")


@dataclass(frozen=True, eq=False)
class Heard:
    """The sound of one layout: all segments of ``voice`` activity, their ``frames``, and the segments that each channel
    has of its ``own`` where people talk in separate channels."""

    voice: tuple[Span, ...]
    frames: VoiceFrames
    own: Mapping[int, list[Span]]


@dataclass(frozen=True, eq=False)
class Recording:
    """Who is in a built recording, the ``mouth`` in view, when the candidate (``answers``) and the interviewer
    (``questions``) speak, and what is ``heard`` in each of :data:`LAYOUTS`."""

    candidate: str
    interviewer: str
    mouth: MouthMovement
    answers: tuple[Span, ...]
    questions: tuple[Span, ...]
    heard: Mapping[str, Heard]

    def save(self, path: Path) -> None:
        """As .npz."""
        arrays: dict[str, Any] = {
            "names": np.array([self.candidate, self.interviewer]),
            "times_s": self.mouth.times_s,
            "openness": self.mouth.openness,
            "answers": _array(self.answers),
            "questions": _array(self.questions),
        }
        for layout, heard in self.heard.items():
            arrays[f"{layout}/voice"] = _array(heard.voice)
            for name in VoiceFrames.__slots__:
                arrays[f"{layout}/frames/{name}"] = getattr(heard.frames, name)
            for channel, spans in heard.own.items():
                arrays[f"{layout}/own/{channel}"] = _array(spans)
        np.savez_compressed(path, **arrays)

    @classmethod
    def load(cls, path: Path) -> "Recording":
        with np.load(path) as arrays:
            heard = {
                layout: Heard(
                    _spans(arrays[f"{layout}/voice"]),
                    VoiceFrames(*(arrays[f"{layout}/frames/{name}"] for name in VoiceFrames.__slots__)),
                    {
                        int(key.rsplit("/", 1)[1]): list(_spans(arrays[key]))
                        for key in arrays.files
                        if key.startswith(f"{layout}/own/")
                    },
                )
                for layout in LAYOUTS
            }
            candidate, interviewer = arrays["names"].tolist()
            mouth = MouthMovement(arrays["times_s"], arrays["openness"])
            return cls(candidate, interviewer, mouth, _spans(arrays["answers"]), _spans(arrays["questions"]), heard)


def heard_in(built: Dialogue) -> dict[str, Heard]:
    """Of the built recording in each layout, encoded and decoded."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for layout in LAYOUTS:
            path = Path(folder) / f"{layout}.mp4"
            built.write(path, separate=layout == LAYOUTS[0])
            found[layout] = _heard(path)
    return found


class _NoRecognizer:
    """A recogniser of nothing: attribution comes before emotions."""

    lead_s: float = 0.0
    labels: tuple[str, ...] = ("speech",)
    artifact: Any = None

    def recognize(self, samples: Samples) -> Float32:
        return np.ones(1, np.float32)


def _heard(path: Path) -> Heard:
    info = recording_info(path)
    levels, downmix = ChannelLevels(SOUND_RATE), Downmix(SOUND_RATE)

    def mixed() -> Sound:
        for start_s, channels in sound_chunks(path, info, rate_hz=SOUND_RATE):
            levels.add(start_s, channels)
            yield start_s, downmix(channels)

    def channel(number: int) -> Sound:
        for start_s, channels in sound_chunks(path, info, rate_hz=VOICE_RATE):
            yield start_s, np.ascontiguousarray(channels[:, number])

    found = SpeechAnalyzer(_NoRecognizer()).analyze(mixed(), info.duration_s)
    return Heard(found.voice, found.frames, separate_voices(found.voice, levels, channel))


def _array(spans: "tuple[Span, ...] | list[Span]") -> Float64:
    return np.array(spans, np.float64).reshape(-1, 2)


def _spans(array: NDArray[np.float64]) -> tuple[Span, ...]:
    return tuple((float(start_s), float(end_s)) for start_s, end_s in array)
