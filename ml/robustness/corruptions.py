"""The corruptions of a whole recording. Each is milder than what a poor call does, and the first one is none."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import av
import cv2
import numpy as np
from av.audio.frame import AudioFrame

from ml.arrays import Float32, Samples, UInt8
from ml.corruptions import images, sounds

RATE_HZ: Final = 48_000
"""Sample rate of the sound that is corrupted."""
LIGHT: Final = 0.5
CUT_OFF: Final = 0.1
"""Share of the picture that is cut off on each side."""
QUIETER_DB: Final = 12.0
NOISE_BELOW_DB: Final = 15.0
"""How far the noise lies below the sound of its stretch."""
LOW_BIT_RATE: Final = 12_000
"""Of Opus, in bits a second and channel."""

Box = tuple[float, float, float, float]
WHOLE: Final[Box] = (0.0, 0.0, 1.0, 1.0)
NEARLY_LOSSLESS: Final[Mapping[str, str]] = {"preset": "ultrafast", "crf": "12", "bf": "0"}
COARSE: Final[Mapping[str, str]] = {"preset": "veryfast", "crf": "40", "bf": "0"}

Picture = Callable[[UInt8, np.random.Generator], UInt8]
"""From RGB uint8 (h, w, 3) to the same size."""
Sound = Callable[[Float32, np.random.Generator], Float32]
"""From sound (n, channels) at :data:`RATE_HZ`, -1..1, to the same length."""


@dataclass(frozen=True, slots=True)
class Corruption:
    """``picture``, ``sound`` and ``options`` (those of the video encoder) are None where nothing is corrupted.
    ``window``: left, top, right and bottom of what stays of the picture, as shares of it."""

    picture: Picture | None = None
    sound: Sound | None = None
    options: Mapping[str, str] | None = None
    window: Box = WHOLE

    def changes(self, *, has_picture: bool, has_sound: bool) -> bool:
        """Whether it does something to a recording of these tracks."""
        changes_picture = self.picture is not None or self.options is not None
        return (has_picture and changes_picture) or (has_sound and self.sound is not None)


def darkened(rgb: UInt8, random: np.random.Generator) -> UInt8:
    """:func:`ml.corruptions.images.darkened` of the luma; the chroma fades with the light."""
    planes: Any = cv2.cvtColor(rgb, cv2.COLOR_RGB2YCrCb)
    planes[..., 0] = images.darkened(planes[..., 0], random, light=LIGHT)
    planes[..., 1:] = np.round((planes[..., 1:].astype(np.float32) - 128) * LIGHT + 128)
    return np.asarray(cv2.cvtColor(planes, cv2.COLOR_YCrCb2RGB), dtype=np.uint8)


def cropped(rgb: UInt8, random: np.random.Generator) -> UInt8:
    """Cut off on every side, and scaled to the size of before."""
    height, width = rgb.shape[:2]
    top, left = round(height * CUT_OFF), round(width * CUT_OFF)
    window = rgb[top : height - top, left : width - left]
    return np.asarray(cv2.resize(window, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def quieter(sound: Float32, random: np.random.Generator) -> Float32:
    return np.asarray(sound * 10 ** (-QUIETER_DB / 20), dtype=np.float32)


def noisy(sound: Float32, random: np.random.Generator) -> Float32:
    """Pink noise, the same on all channels, at a level relative to that of the sound."""
    level = float(np.sqrt(np.mean(np.square(sound)))) if sound.size else 0.0
    pink = sounds.noise("pink", len(sound), random)
    pink *= level * 10 ** (-NOISE_BELOW_DB / 20) / max(float(pink.std()), 1e-9)
    return np.asarray(np.clip(sound + pink[:, None], -1.0, 1.0), dtype=np.float32)


def recompressed(sound: Float32, random: np.random.Generator) -> Float32:
    """Each channel through Opus at a low bit rate."""
    return np.stack([_through_opus(np.ascontiguousarray(channel)) for channel in sound.T], axis=1)


CORRUPTIONS: Final[dict[str, Corruption]] = {
    "none": Corruption(),
    "darkened": Corruption(picture=darkened),
    "recompressed": Corruption(sound=recompressed, options=COARSE),
    "cropped": Corruption(picture=cropped, window=(CUT_OFF, CUT_OFF, 1 - CUT_OFF, 1 - CUT_OFF)),
    "quieter": Corruption(sound=quieter),
    "noisy": Corruption(sound=noisy),
}


def _through_opus(samples: Samples) -> Samples:
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as output:
        stream: Any = output.add_stream("libopus", rate=RATE_HZ, layout="mono")
        stream.bit_rate = LOW_BIT_RATE
        frame = AudioFrame.from_ndarray(samples[None], format="flt", layout="mono")
        frame.sample_rate, frame.pts = RATE_HZ, 0
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    file.seek(0)
    decoded = np.zeros_like(samples)
    with av.open(file, "r", format="matroska") as container:
        at = 0
        for found in container.decode(audio=0):
            piece = found.to_ndarray().reshape(-1)[: len(decoded) - at]
            decoded[at : at + len(piece)] = piece
            at += len(piece)
    return decoded
