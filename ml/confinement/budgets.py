"""The limits of each kind of confined program, in proportion to what a recording declares.

Memory follows the size of the picture, time its length and size. Each is a few times what ordinary recordings need, so
that only a file made to do harm, or broken, reaches it.
"""

from dataclasses import dataclass
from typing import Final

from ml.confinement.policy import Limits

MIB: Final = 1024**2
LARGEST_WIDTH, LARGEST_HEIGHT, LARGEST_FPS = 4096, 2304, 60
"""The largest picture, and the most pictures a second, that a recording of an interview has."""
LARGEST_PIXELS: Final = LARGEST_WIDTH * LARGEST_HEIGHT

BYTES_PER_PIXEL: Final = 3
"""4:2:0 with 10 bits."""
FRAMES_HELD: Final = 24
"""Decoded frames in memory: references, reordering, one per thread of the decoder, and the queue behind it."""
ORDINARY_PIXELS_PER_S: Final = 1280 * 720 * 25
PROBE_TIMEOUT_S: Final = 120


@dataclass(frozen=True, slots=True)
class Declared:
    """What the probe has found in a recording; ``fps`` and sizes are 0 without a picture."""

    width: int
    height: int
    fps: float
    duration_s: float
    size_bytes: int

    @classmethod
    def largest(cls, *, duration_s: float) -> "Declared":
        """A recording of which nothing is known but its greatest length: the largest that is accepted."""
        return cls(LARGEST_WIDTH, LARGEST_HEIGHT, LARGEST_FPS, duration_s, 0)

    @property
    def frames_bytes(self) -> int:
        """Memory for decoded frames."""
        return FRAMES_HELD * BYTES_PER_PIXEL * self.width * self.height

    @property
    def weight(self) -> float:
        """Pixels a second, where 720p at 25 is 1."""
        return self.width * self.height * self.fps / ORDINARY_PIXELS_PER_S

    @property
    def hours(self) -> float:
        return self.duration_s / 3600


def probing() -> Limits:
    """A file of which nothing is known yet."""
    return Limits(memory_bytes=640 * MIB, processor_s=PROBE_TIMEOUT_S, file_bytes=0, wall_s=PROBE_TIMEOUT_S)


def analysis(declared: Declared, *, fps: float) -> Limits:
    """``fps``: frames that are read of each second."""
    read = min(fps, declared.fps or fps) / 10
    return Limits(
        memory_bytes=round(1024 * MIB + declared.frames_bytes + 256 * MIB * declared.hours),
        processor_s=round(300 + declared.duration_s * (1 + 2 * read + declared.weight / 2)),
        file_bytes=round(64 * MIB + 256 * MIB * declared.hours * max(1.0, read)),
        wall_s=600 + declared.duration_s * (2 + 2 * read),
    )


def transcript(declared: Declared) -> Limits:
    return Limits(
        memory_bytes=round(1536 * MIB + 512 * MIB * declared.hours),
        processor_s=round(600 + 8 * declared.duration_s),
        file_bytes=16 * MIB,
        wall_s=max(600.0, 4 * declared.duration_s),
    )


def playable_copy(declared: Declared) -> Limits:
    return Limits(
        memory_bytes=768 * MIB + declared.frames_bytes,
        processor_s=round(300 + declared.duration_s * (3 + declared.weight / 2)),
        file_bytes=512 * MIB + 4 * declared.size_bytes,
        wall_s=max(600.0, 6 * declared.duration_s),
    )


def corrupted_copies(declared: Declared, *, measured_s: float) -> Limits:
    """Half a dozen copies of ``measured_s`` seconds are made at once. A file in which nothing can be sought is decoded
    from its beginning."""
    return Limits(
        memory_bytes=1024 * MIB + declared.frames_bytes + round(4 * MIB * measured_s),
        processor_s=round(300 + 10 * measured_s + declared.duration_s * (1 + declared.weight / 2)),
        file_bytes=round(64 * MIB + 4 * MIB * measured_s),
        wall_s=max(900.0, 4 * declared.duration_s),
    )


def remuxing(*, room_s: float, size_bytes: int) -> Limits:
    """``room_s``: how long the room was open. The parts may hold anything; only that much is worth a worker's time."""
    return Limits(
        memory_bytes=768 * MIB + FRAMES_HELD * BYTES_PER_PIXEL * LARGEST_PIXELS,
        processor_s=round(120 + 2 * room_s),
        file_bytes=512 * MIB + 4 * size_bytes,
        wall_s=120 + 1.5 * room_s,
    )


def gaze_calibration() -> Limits:
    return Limits(memory_bytes=256 * MIB, processor_s=20, file_bytes=0, wall_s=20)


def model_conversion() -> Limits:
    """TensorFlow with its converter needs about 2 GiB for the largest network that ships. The wall limit is long,
    because the program has low priority on a busy machine."""
    return Limits(memory_bytes=4096 * MIB, processor_s=300, file_bytes=512 * MIB, wall_s=3600)


def live_worker(*, sessions: int) -> Limits:
    """Frames are small; the networks are loaded once. It runs as long as the web process does."""
    return Limits(memory_bytes=1024 * MIB + 48 * MIB * sessions, file_bytes=0)
