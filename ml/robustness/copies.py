"""Writes corrupted copies of stretches of a recording.

Each keeps the recording's clock: what lies between the stretches is missing in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from ml.arrays import Float32, UInt8
from ml.media.audio import sound_within
from ml.media.conversion import LONG_SIDE, Converter
from ml.media.damage import Damage
from ml.media.info import MediaInfo
from ml.media.pictures import pictures_within
from ml.media.sampling import sampled
from ml.media.tracks import VideoTrack, scaled
from ml.robustness.corruptions import CORRUPTIONS, NEARLY_LOSSLESS, RATE_HZ, Corruption
from ml.spans import Span

BLOCK_S: Final = 0.5
"""Longest block of sound between two pictures."""
SEED: Final = 7

Tell = Callable[[float], None]


def write_copies(
    path: Path, info: MediaInfo, folder: Path, *, stretches: Sequence[Span], fps: float, tell: Tell
) -> dict[str, Path]:
    """Writes a copy for every corruption that changes something of this recording, and returns their paths by key.

    The pictures are those that an analysis reads at ``fps``; the sound is uncompressed. ``tell`` is called with the
    written share, 0..1. Raises :class:`ml.media.errors.MediaError`.
    """
    tracks = {"has_picture": info.video is not None, "has_sound": info.audio is not None}
    made = {key: one for key, one in CORRUPTIONS.items() if key == "none" or one.changes(**tracks)}
    paths = {key: folder / f"{key}.mkv" for key in made}
    total_s = sum(end_s - start_s for start_s, end_s in stretches)
    written_s = 0.0
    with ExitStack() as stack:
        copies = [stack.enter_context(_Copy(paths[key], info, one)) for key, one in made.items()]
        for span in stretches:
            if info.audio is not None:
                sound = sound_within(path, info, span, rate_hz=RATE_HZ)
                for copy in copies:
                    copy.take_sound(span[0], sound)
            for at_s, rgb in _pictures(path, info, span, fps):
                for copy in copies:
                    copy.add_picture(at_s, rgb)
                tell((written_s + at_s - span[0]) / total_s)
            for copy in copies:
                copy.write_sound(until_s=span[1])
            written_s += span[1] - span[0]
    return paths


def _pictures(path: Path, info: MediaInfo, span: Span, fps: float) -> Iterator[tuple[float, UInt8]]:
    if info.video is None:
        return
    convert = Converter(info.video.aspect)
    for at_s, frame in sampled(pictures_within(path, info, span, Damage()), fps=fps, duration_s=span[1]):
        yield at_s, convert(frame)


class _Copy:
    """One copy while it is written."""

    def __init__(self, path: Path, info: MediaInfo, corruption: Corruption) -> None:
        self._corruption = corruption
        self._random = np.random.default_rng(SEED)
        self._output: Any = av.open(str(path), "w", format="matroska")
        self._video: VideoTrack | None = None
        self._audio: Any = None
        if info.video is not None:
            size = scaled((info.width, info.height), LONG_SIDE)
            self._video = VideoTrack(self._output, size, options=corruption.options or NEARLY_LOSSLESS)
        if info.audio is not None:
            self._layout = info.audio.layout
            self._audio = self._output.add_stream("pcm_s16le", rate=RATE_HZ, layout=self._layout)
        self._sound: Float32 = np.zeros((0, 1), np.float32)
        self._sound_s = 0.0

    def __enter__(self) -> _Copy:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        try:
            if kind is None:
                if self._video is not None:
                    self._video.finish()
                if self._audio is not None:
                    self._output.mux(self._audio.encode(None))
        finally:
            self._output.close()

    def take_sound(self, start_s: float, sound: Float32) -> None:
        """The sound of a stretch, which is written beside its pictures."""
        corrupt = self._corruption.sound
        self._sound = sound if corrupt is None else corrupt(sound, self._random)
        self._sound_s = start_s

    def add_picture(self, at_s: float, rgb: UInt8) -> None:
        assert self._video is not None
        self.write_sound(until_s=at_s)
        corrupt = self._corruption.picture
        shown = rgb if corrupt is None else corrupt(rgb, self._random)
        self._video.add(VideoFrame.from_ndarray(shown, format="rgb24"), at_s)

    def write_sound(self, *, until_s: float) -> None:
        """Write what is left of the stretch's sound, up to ``until_s``."""
        while self._audio is not None and len(self._sound):
            count = min(len(self._sound), round(BLOCK_S * RATE_HZ), round((until_s - self._sound_s) * RATE_HZ))
            if count <= 0:
                return
            block = np.round(np.clip(self._sound[:count], -1.0, 1.0) * 32767).astype(np.int16)
            frame = AudioFrame.from_ndarray(block.reshape(1, -1), format="s16", layout=self._layout)
            frame.sample_rate, frame.time_base = RATE_HZ, Fraction(1, RATE_HZ)
            frame.pts = round(self._sound_s * RATE_HZ)
            self._output.mux(self._audio.encode(frame))
            self._sound = self._sound[count:]
            self._sound_s += count / RATE_HZ
