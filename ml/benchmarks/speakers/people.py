"""The people of the built recordings: candidates who talk in view in a recording, and interviewers' voices."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from ml.arrays import Samples, UInt8
from ml.faces.mouth import MouthMovement
from ml.media.audio import audio_chunks
from ml.media.info import MediaInfo
from ml.media.probe import probe
from ml.media.video import frames
from ml.offline.video_pass import VideoPass
from ml.spans import Span, intersect, seconds, subtract
from ml.training.datasets import ravdess, speech_clips
from ml.voice.activity import SAMPLE_RATE as VOICE_RATE
from ml.voice.activity import speech_segments
from ml.voice.dsp import resampled

RATE_HZ: Final = 48_000
FPS: Final = 12.5
HEIGHT: Final = 480
LISTENS_S: Final = 0.5
"""Length of the stretch that is repeated, forwards and backwards, while the candidate listens."""
MIN_TALK_S: Final = 1.0
LEVEL: Final = 0.05
"""RMS of every voice while it speaks."""
TALK_RATE_HZ: Final = 16_000
REPORTED_ACTORS: Final = range(13, 25)


@dataclass(frozen=True, eq=False)
class Talker:
    """A recording of somebody who talks: ``pictures`` uint8 (n, H, W, 3) at :data:`FPS`, ``sound`` (m,) at
    :data:`RATE_HZ`, when they ``talk``, and the first and last picture of a stretch in which the mouth moves least."""

    name: str
    pictures: UInt8
    sound: Samples
    talk: tuple[Span, ...]
    rest: tuple[int, int]

    def listening(self, count: int) -> UInt8:
        """So many pictures of the candidate listening."""
        first, last = self.rest
        there = np.arange(first, last + 1)
        order = np.resize(np.concatenate([there, there[-2:0:-1]]), count)
        return self.pictures[order]


def talkers(videos: Path) -> Iterator[Talker]:
    """The recordings in a folder that show a face while somebody speaks."""
    for path in sorted(videos.iterdir()):
        if path.suffix.lower() not in (".mp4", ".mov", ".mkv", ".webm"):
            continue
        info = probe(path)
        talker = _talker(path, info) if info.has_audio else None
        if talker is not None:
            yield talker


def voices(data: Path) -> Iterator[tuple[str, Samples]]:
    """Voices of interviewers, each (name, sound at :data:`RATE_HZ` with pauses): RAVDESS' actors 13 to 24, and the
    ``dev`` speakers of ordinary talk, in turn."""
    actors = _actors(data)
    for row in speech_clips.label_rows(data / "ordinary_talk"):
        if row["split"] != "dev":
            continue
        yield f"ordinary talk {row['speaker']}", _levelled(_read(data / "ordinary_talk" / row["file"], TALK_RATE_HZ))
        actor = next(actors, None)
        if actor is not None:
            yield actor


def _actors(data: Path) -> Iterator[tuple[str, Samples]]:
    listing = ravdess.listing(data)
    for actor in REPORTED_ACTORS:
        clips = np.flatnonzero(listing.speakers == actor)[:8]  # the neutral and calm ones come first
        if clips.size:
            sound = np.concatenate([_spoken(_read(listing.files[clip], ravdess.RATE_HZ)) for clip in clips])
            yield f"RAVDESS {actor}", _levelled(sound)


def _talker(path: Path, info: MediaInfo) -> Talker | None:
    sound = np.zeros(round((info.duration_s + 1) * RATE_HZ), np.float32)
    for start_s, samples in audio_chunks(path, info, rate_hz=RATE_HZ):
        at = round(start_s * RATE_HZ)
        sound[at : at + samples.size] = samples[: sound.size - at]
    speech = segments_of(sound)
    if not speech:
        return None
    video = VideoPass([], path, info, fps=10.0)
    video.run(progress=lambda second: None)
    video.choose(speech, progress=lambda second: None)
    talk = [span for span in intersect(speech, video.candidate.live) if span[1] - span[0] >= MIN_TALK_S]
    mouth = video.candidate.mouth
    if not talk or mouth.times_s.size < 3:
        return None
    pictures = np.stack([_small(frame.rgb) for frame in frames(path, info, fps=FPS)])
    start_s = _rest(mouth, subtract(video.candidate.live, speech) or video.candidate.live)
    rest = round(start_s * FPS), min(len(pictures) - 1, round((start_s + LISTENS_S) * FPS))
    return Talker(path.stem, pictures, _levelled(sound, talk), tuple(talk), rest)


def segments_of(sound: Samples) -> list[Span]:
    """Voice activity in clean sound (n,) at :data:`RATE_HZ`."""
    samples = resampled(sound, RATE_HZ, VOICE_RATE)
    return speech_segments(
        (at / VOICE_RATE, samples[at : at + VOICE_RATE]) for at in range(0, samples.size, VOICE_RATE)
    )


def _rest(mouth: MouthMovement, spans: list[Span]) -> float:
    """The start of the stretch of :data:`LISTENS_S` in ``spans`` in which the mouth moves least."""
    long = [span for span in spans if seconds([span]) >= LISTENS_S] or [(mouth.times_s[0], mouth.times_s[-1])]
    starts = np.concatenate([np.arange(a, max(a + 0.05, b - LISTENS_S), 0.1) for a, b in long])

    def movement(start_s: float) -> float:
        inside = (mouth.times_s >= start_s - 1e-6) & (mouth.times_s <= start_s + LISTENS_S)
        return float(np.abs(np.diff(mouth.openness[inside])).mean()) if inside.sum() > 2 else np.inf

    return float(min(starts, key=movement))


def _small(rgb: UInt8) -> UInt8:
    height, width = rgb.shape[:2]
    scale = min(1.0, HEIGHT / min(height, width))
    size = round(width * scale / 2) * 2, round(height * scale / 2) * 2
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def _read(path: Path, rate_hz: int) -> Samples:
    return resampled(speech_clips.read_sound(path, rate_hz), rate_hz, RATE_HZ)


def _spoken(sound: Samples) -> Samples:
    spans = segments_of(sound)
    if not spans:
        return sound[:0]
    return sound[round(spans[0][0] * RATE_HZ) : round(spans[-1][1] * RATE_HZ)]


def _levelled(sound: Samples, spans: list[Span] | None = None) -> Samples:
    spans = spans or segments_of(sound)
    spoken = [sound[round(a * RATE_HZ) : round(b * RATE_HZ)] for a, b in spans]
    level = float(np.sqrt(np.mean(np.square(np.concatenate(spoken))))) if spoken else 1.0
    return np.asarray(sound * (LEVEL / max(1e-9, level)), np.float32)
