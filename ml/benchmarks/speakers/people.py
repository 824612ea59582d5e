"""The people of the built recordings: candidates who talk in view, people who are silent in view, and the voices of
interviewers, each in one of two sets. Nobody is in both."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from ml.arrays import Samples
from ml.faces.mouth import MouthMovement
from ml.media.audio import audio_chunks
from ml.media.info import MediaInfo
from ml.media.probe import probe
from ml.offline.video_pass import VideoPass
from ml.spans import Span, intersect, seconds
from ml.training.datasets import ravdess, speech_clips
from ml.voice.activity import SAMPLE_RATE as VOICE_RATE
from ml.voice.activity import speech_segments
from ml.voice.dsp import resampled

RATE_HZ: Final = 48_000
FPS: Final = 10.0
SUFFIXES: Final = (".mp4", ".mov", ".mkv", ".webm")
MIN_TALK_S: Final = 1.0
MIN_SILENT_S: Final = 5.0
"""A face that is silent in view for less time shows nobody who listens."""
LEVEL: Final = 0.05
"""RMS of every voice while it speaks."""
TALK_RATE_HZ: Final = 16_000
DEVELOPMENT: Final = "development"
"""The set on whose people the constants of :mod:`ml.voice` were chosen."""
REPORTED: Final = "reported"
SETS: Final = (REPORTED, DEVELOPMENT)
DEVELOPMENT_VIDEOS: Final = ("07_", "10_", "16_")
"""Beginnings of the names of the recordings in the development set. The rest are reported."""
ACTORS: Final = {DEVELOPMENT: range(1, 13), REPORTED: range(13, 25)}
TALK_SPLITS: Final = {DEVELOPMENT: "train", REPORTED: "dev"}


@dataclass(frozen=True, eq=False)
class Talker:
    """A recording of somebody who talks: the movement of their ``mouth``, ``sound`` (m,) at :data:`RATE_HZ`, and when
    they ``talk`` in view."""

    name: str
    mouth: MouthMovement
    sound: Samples
    talk: tuple[Span, ...]


def people_in(videos: Path, which: str) -> tuple[list[Talker], list[MouthMovement]]:
    """Of the recordings in a folder that belong to the set ``which``: those who talk in view, and the mouths of those
    who are silent, in a silent recording or beside somebody who talks."""
    talkers: list[Talker] = []
    listeners: list[MouthMovement] = []
    for path in sorted(videos.iterdir()):
        is_development = path.name.startswith(DEVELOPMENT_VIDEOS)
        if path.suffix.lower() not in SUFFIXES or is_development != (which == DEVELOPMENT):
            continue
        info = probe(path)
        sound = _sound(path, info)
        speech = segments_of(sound)
        video = VideoPass([], path, info, fps=FPS)
        video.run(progress=lambda second: None)
        video.choose(speech, progress=lambda second: None)
        candidate = video.candidate
        talk = [span for span in intersect(speech, candidate.live) if span[1] - span[0] >= MIN_TALK_S]
        if talk:
            talkers.append(Talker(path.stem, candidate.mouth, _levelled(sound, talk), tuple(talk)))
        if talk or not speech:
            silent = [person for person in video.people if not (talk and person is candidate.person)]
            listeners += [person.mouth for person in silent if seconds(person.live) >= MIN_SILENT_S]
    return talkers, listeners


def voices(data: Path, which: str) -> Iterator[tuple[str, Samples]]:
    """Voices of interviewers of the set ``which``, each (name, sound at :data:`RATE_HZ` with pauses): actors of RAVDESS
    and speakers of ordinary talk, in turn."""
    actors = _actors(data, ACTORS[which])
    rows = speech_clips.label_rows(data / "ordinary_talk")
    for row in sorted(rows, key=lambda row: row["speaker"]):
        if row["split"] != TALK_SPLITS[which]:
            continue
        yield f"ordinary talk {row['speaker']}", _levelled(_read(data / "ordinary_talk" / row["file"], TALK_RATE_HZ))
        actor = next(actors, None)
        if actor is not None:
            yield actor


def _actors(data: Path, actors: Iterable[int]) -> Iterator[tuple[str, Samples]]:
    listing = ravdess.listing(data)
    for actor in actors:
        clips = np.flatnonzero(listing.speakers == actor)[:8]  # the neutral and calm ones come first
        if clips.size:
            sound = np.concatenate([_spoken(_read(listing.files[clip], ravdess.RATE_HZ)) for clip in clips])
            yield f"RAVDESS {actor}", _levelled(sound)


def _sound(path: Path, info: MediaInfo) -> Samples:
    sound = np.zeros(round((info.duration_s + 1) * RATE_HZ), np.float32)
    if info.has_audio:
        for start_s, samples in audio_chunks(path, info, rate_hz=RATE_HZ):
            at = round(start_s * RATE_HZ)
            sound[at : at + samples.size] = samples[: sound.size - at]
    return sound


def segments_of(sound: Samples) -> list[Span]:
    """Voice activity in clean sound (n,) at :data:`RATE_HZ`."""
    samples = resampled(sound, RATE_HZ, VOICE_RATE)
    return speech_segments(
        (at / VOICE_RATE, samples[at : at + VOICE_RATE]) for at in range(0, samples.size, VOICE_RATE)
    )


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
