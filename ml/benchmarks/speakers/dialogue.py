"""A built recording of two people: the candidate in view, the interviewer's voice alone."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from ml.arrays import Float32, Samples, UInt8
from ml.benchmarks.speakers.people import FPS, RATE_HZ, Talker, segments_of
from ml.demo.writer import write_recording
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


@dataclass(frozen=True, eq=False)
class Dialogue:
    """``pictures`` at 12.5 frames/s, the two voices (n,) each by itself, and when each of them speaks."""

    pictures: UInt8
    candidate: Samples
    interviewer: Samples
    answers: tuple[Span, ...]
    questions: tuple[Span, ...]

    def write(self, path: Path, *, separate: bool) -> None:
        """As H.264 and AAC in .mp4, the voices ``separate`` (interviewer left) or mixed into one channel."""
        sound: Float32 = (
            np.stack([self.interviewer, self.candidate], axis=1) if separate else self.interviewer + self.candidate
        )
        height, width = self.pictures.shape[1:3]
        timed = ((number / FPS, picture) for number, picture in enumerate(self.pictures))
        write_recording(path, frames=timed, size=(width, height), fps=FPS, audio=sound)


def dialogue(talker: Talker, voice: Samples, seed: int) -> Dialogue:
    """Turns of 2 to 8 s in which the two speak one after the other, with interjections and overlap."""
    rng = np.random.default_rng([7, seed])
    count = round(LENGTH_S * RATE_HZ)
    noise = 10 ** (NOISE_DB / 20)
    tracks = [rng.normal(0, noise, count).astype(np.float32) for _ in range(2)]
    pictures = talker.listening(round(LENGTH_S * FPS))
    gain = np.float32(10 ** (rng.uniform(-LOUDER_DB, LOUDER_DB) / 20))
    at_s, place, candidate_next = 0.3, 0, bool(rng.integers(2))
    talked = _Reader(talker, rng)
    while at_s < LENGTH_S - 1.0:
        length_s = min(float(rng.uniform(*TURN_S)), LENGTH_S - at_s - 0.2)
        if candidate_next:
            begin_s, length_s = talked.next(length_s)
            _add(tracks[0], at_s, talker.sound[round(begin_s * RATE_HZ) : round((begin_s + length_s) * RATE_HZ)])
            first, source = round(at_s * FPS), round(begin_s * FPS)
            shown = talker.pictures[source : source + round(length_s * FPS)][: len(pictures) - first]
            pictures[first : first + len(shown)] = shown
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
    return Dialogue(pictures, tracks[0], tracks[1], answers, questions)


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


def _looped(voice: Samples, place: int, length_s: float) -> Samples:
    return np.take(voice, np.arange(place, place + round(length_s * RATE_HZ)), mode="wrap")


def _add(track: Samples, at_s: float, piece: Samples) -> None:
    at = max(0, round(at_s * RATE_HZ))
    piece = piece[: track.size - at].copy()
    fade = min(round(0.02 * RATE_HZ), piece.size // 2)
    piece[:fade] *= np.linspace(0, 1, fade, dtype=np.float32)
    piece[piece.size - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
    track[at : at + piece.size] += piece
