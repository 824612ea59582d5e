"""Change the sample rate of a stream of sound, piece by piece (FFmpeg's resampler)."""

from typing import Any

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from ml.arrays import Samples


class StreamResampler:
    """Mono float32 in, mono float32 out; sample k of the output is at k / ``to_hz`` seconds of the stream.

    The last few milliseconds of each piece come out with the next one, or with :meth:`flush`.
    """

    def __init__(self, from_hz: int, to_hz: int) -> None:
        self._from_hz = from_hz
        self._resampler = AudioResampler(format="flt", layout="mono", rate=to_hz)
        self._at = 0

    def feed(self, samples: Samples) -> Samples:
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples[np.newaxis]), format="flt", layout="mono")
        frame.sample_rate = self._from_hz
        frame.pts = self._at
        self._at += samples.size
        return self._joined(self._resampler.resample(frame))

    def flush(self) -> Samples:
        return self._joined(self._resampler.resample(None)) if self._at else np.zeros(0, np.float32)

    @staticmethod
    def _joined(frames: list[Any]) -> Samples:
        pieces = [frame.to_ndarray().reshape(-1) for frame in frames]
        return np.concatenate(pieces).astype(np.float32) if pieces else np.zeros(0, np.float32)
