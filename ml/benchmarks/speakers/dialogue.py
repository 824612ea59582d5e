"""A built recording of two people: the candidate in view, the interviewer's voice alone.

Two voices are mixed, and the movement of a mouth is put together. While the candidate talks, it is the one that was
measured as they said this. In the rest it is that of somebody who is silent in view. No recording shows one person
doing both for long enough, and a moment that is repeated would repeat its errors.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from ml.arrays import Float32, Float64, Samples
from ml.benchmarks.speakers.people import FPS, RATE_HZ, Talker, segments_of
from ml.demo.writer import write_recording
from ml.faces.mouth import MouthMovement
from ml.spans import Span

LENGTH_S: Final = 26.0
TURN_S: Final = (2.0, 8.0)
PAUSE_S: Final = (-0.3, 0.8)
"""Time between two turns. Where it is negative, they overlap."""
INTERJECTION_S: Final = (0.4, 0.9)
INTERJECTED: Final = 0.3
"""Share of the candidate's turns that the interviewer interrupts by a word."""
NOISE_DB: Final = -65.0
LOUDER_DB: Final = 6.0
"""The interviewer is louder or softer than the candidate by at most this."""
GRAY: Final = np.full((64, 64, 3), 128, np.uint8)
"""The picture of the file: the mouth's movement is not measured in it."""


@dataclass(frozen=True, eq=False)
class Dialogue:
    """The ``mouth`` in view, the two voices (n,) each by itself, and when each of them speaks."""

    mouth: MouthMovement
    candidate: Samples
    interviewer: Samples
    answers: tuple[Span, ...]
    questions: tuple[Span, ...]

    def write(self, path: Path, *, separate: bool) -> None:
        """As H.264 and AAC in .mp4, the voices ``separate`` (interviewer left) or mixed into one channel."""
        sound: Float32 = (
            np.stack([self.interviewer, self.candidate], axis=1) if separate else self.interviewer + self.candidate
        )
        timed = ((second, GRAY) for second in self.mouth.times_s.tolist())
        write_recording(path, frames=timed, size=(GRAY.shape[1], GRAY.shape[0]), fps=FPS, audio=sound)


def dialogue(talker: Talker, listener: MouthMovement, voice: Samples, seed: int) -> Dialogue:
    """Turns of 2 to 8 s in which the two speak one after the other, with interjections and overlap. ``listener``: the
    mouth of somebody who is silent."""
    rng = np.random.default_rng([7, seed])
    count = round(LENGTH_S * RATE_HZ)
    noise = 10 ** (NOISE_DB / 20)
    tracks = [rng.normal(0, noise, count).astype(np.float32) for _ in range(2)]
    times_s = np.arange(round(LENGTH_S * FPS)) / FPS
    openness = _to_and_fro(listener, times_s + float(rng.uniform(0, LENGTH_S)))
    gain = np.float32(10 ** (rng.uniform(-LOUDER_DB, LOUDER_DB) / 20))
    at_s, place, candidate_next = 0.3, 0, bool(rng.integers(2))
    talked = _Reader(talker, rng)
    while at_s < LENGTH_S - 1.0:
        length_s = min(float(rng.uniform(*TURN_S)), LENGTH_S - at_s - 0.2)
        if candidate_next:
            begin_s, length_s = talked.next(length_s)
            _add(tracks[0], at_s, talker.sound[round(begin_s * RATE_HZ) : round((begin_s + length_s) * RATE_HZ)])
            talks = (times_s >= at_s) & (times_s < at_s + length_s)
            openness[talks] = _nearest(talker.mouth, begin_s + times_s[talks] - at_s)
            if length_s > 3.0 and rng.random() < INTERJECTED:
                short_s = float(rng.uniform(*INTERJECTION_S))
                _add(tracks[1], at_s + float(rng.uniform(0.5, length_s - 1.5)), gain * _looped(voice, place, short_s))
                place += round(short_s * RATE_HZ)
        else:
            _add(tracks[1], at_s, gain * _looped(voice, place, length_s))
            place += round(length_s * RATE_HZ)
        at_s += length_s + float(rng.uniform(*PAUSE_S))
        candidate_next = not candidate_next
    answers, questions = (tuple(segments_of(track)) for track in tracks)
    return Dialogue(MouthMovement(times_s, openness), tracks[0], tracks[1], answers, questions)


class _Reader:
    """Takes stretches of a talker's speech one after the other."""

    def __init__(self, talker: Talker, rng: np.random.Generator) -> None:
        self._talk = talker.talk
        self._number = int(rng.integers(len(self._talk)))
        self._at_s = self._talk[self._number][0]

    def next(self, at_most_s: float) -> tuple[float, float]:
        """(start, length) of the next stretch, in seconds."""
        if self._talk[self._number][1] - self._at_s < 0.8:
            self._number = (self._number + 1) % len(self._talk)
            self._at_s = self._talk[self._number][0]
        start_s = self._at_s
        length_s = min(at_most_s, self._talk[self._number][1] - start_s)
        self._at_s += length_s
        return start_s, length_s


def _to_and_fro(mouth: MouthMovement, at_s: Float64) -> Float64:
    """The opening at these times of a mouth that moves forwards and backwards without end."""
    first_s, last_s = float(mouth.times_s[0]), float(mouth.times_s[-1])
    length_s = last_s - first_s
    return _nearest(mouth, last_s - np.abs(at_s % (2 * length_s) - length_s))


def _nearest(mouth: MouthMovement, at_s: Float64) -> Float64:
    middles_s = (mouth.times_s[1:] + mouth.times_s[:-1]) / 2
    return mouth.openness[np.searchsorted(middles_s, at_s)]


def _looped(voice: Samples, place: int, length_s: float) -> Samples:
    return np.take(voice, np.arange(place, place + round(length_s * RATE_HZ)), mode="wrap")


def _add(track: Samples, at_s: float, piece: Samples) -> None:
    at = max(0, round(at_s * RATE_HZ))
    piece = piece[: track.size - at].copy()
    fade = min(round(0.02 * RATE_HZ), piece.size // 2)
    piece[:fade] *= np.linspace(0, 1, fade, dtype=np.float32)
    piece[piece.size - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
    track[at : at + piece.size] += piece
