"""Features that distinguish one voice from another within a recording: cepstrum and F0, frame by frame.

Short-time features alone, without their level. They are kept for one analysis and never stored: they attribute speech
to one of two speakers (:mod:`ml.voice.turns`) and are dropped with it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ml.arrays import Bool, Float32, Float64, Samples
from ml.voice import f0
from ml.voice.dsp import power_of_two
from ml.voice.mel import htk_filter_bank

COEFFICIENTS: Final = 15
"""Mel-frequency cepstral coefficients 1 to 15. Coefficient 0 is the level, which the distance of a microphone sets."""

_MELS: Final = 24
_RANGE_HZ: Final = (100.0, 7000.0)


@dataclass(frozen=True, slots=True, eq=False)
class VoiceFrames:
    """Of n frames of speech every :data:`ml.voice.f0.HOP_S`, ascending: ``times_s`` (n,) of their middles on the
    recording's clock, ``level_db`` (n,), ``cepstra`` (n, 15), and F0 in ``cents`` above 1 Hz (n,), NaN where the frame
    is unvoiced."""

    times_s: Float64
    level_db: Float32
    cepstra: Float32
    cents: Float32

    def where(self, kept: Bool) -> "VoiceFrames":
        """The frames that are ``kept`` (n,)."""
        return VoiceFrames(self.times_s[kept], self.level_db[kept], self.cepstra[kept], self.cents[kept])


NO_FRAMES: Final = VoiceFrames(
    np.zeros(0), np.zeros(0, np.float32), np.zeros((0, COEFFICIENTS), np.float32), np.zeros(0, np.float32)
)


class VoiceFrameRecorder:
    """Collects the frames of the speech of one recording: about 4 kB for every second of speech."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._pieces: list[VoiceFrames] = []

    def add(self, start_s: float, speech: Samples) -> None:
        """The next segment of speech (n,), which begins at ``start_s``."""
        size, hop = round(f0.FRAME_S * self._rate_hz), round(f0.HOP_S * self._rate_hz)
        if speech.size < size:
            return
        track = f0.track(speech, self._rate_hz)
        count = track.cents.size
        frames = np.lib.stride_tricks.sliding_window_view(speech, size)[::hop][:count]
        inner = size // 2  # as many milliseconds as speech is stationary for
        middles = frames[:, (size - inner) // 2 :][:, :inner] * np.hanning(inner).astype(np.float32)
        fft = power_of_two(inner)
        power = np.abs(np.fft.rfft(middles, fft, axis=1)) ** 2
        mel_db = 10 * np.log10(power @ htk_filter_bank(self._rate_hz, fft, _MELS, _RANGE_HZ).T + 1e-10)
        self._pieces.append(
            VoiceFrames(
                times_s=np.asarray(start_s + np.arange(count) * f0.HOP_S + f0.FRAME_S / 2, np.float64),
                level_db=mel_db.max(axis=1).astype(np.float32),
                cepstra=(mel_db @ _cosines()).astype(np.float32),
                cents=np.where(track.voiced, track.cents, np.nan).astype(np.float32),
            )
        )

    def frames(self) -> VoiceFrames:
        """All frames so far."""
        pieces = self._pieces or [NO_FRAMES]
        return VoiceFrames(
            np.concatenate([piece.times_s for piece in pieces]),
            np.concatenate([piece.level_db for piece in pieces]),
            np.concatenate([piece.cepstra for piece in pieces]),
            np.concatenate([piece.cents for piece in pieces]),
        )


def _cosines() -> Float64:
    """The discrete cosine transform (24, 15) from mel bands to coefficients 1 to 15, orthonormal."""
    bands = (np.arange(_MELS) + 0.5) / _MELS
    return np.asarray(np.sqrt(2 / _MELS) * np.cos(np.pi * np.outer(bands, np.arange(1, COEFFICIENTS + 1))))
