"""Tone mapping of HDR pictures to standard dynamic range, channel by channel.

The transfer functions are those of ITU-R BT.2100. What is as bright as white paper becomes white; highlights are
clipped. Faces are below that.
"""

from functools import cache
from typing import Final

import numpy as np

from ml.arrays import Float64, UInt8

WHITE_NITS: Final = 203.0
"""Luminance of diffuse white in HDR (ITU-R BT.2408), in cd/m2."""
PQ_PEAK_NITS: Final = 10_000.0
HLG_PEAK_NITS: Final = 1_000.0
HLG_SYSTEM_GAMMA: Final = 1.2


def tone_mapped(rgb: UInt8, transfer: str) -> UInt8:
    """The same picture in sRGB. ``transfer``: ``pq`` or ``hlg``."""
    return np.take(_table(transfer), rgb)


@cache
def _table(transfer: str) -> UInt8:
    signal = np.arange(256) / 255
    nits = _pq_nits(signal) if transfer == "pq" else _hlg_nits(signal)
    linear = np.clip(nits / WHITE_NITS, 0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(np.round(encoded * 255), np.uint8)


def _pq_nits(signal: Float64) -> Float64:
    power = signal ** (32 / 2523)
    ratio = np.maximum(power - 3424 / 4096, 0) / (2413 / 128 - 2392 / 128 * power)
    return np.asarray(PQ_PEAK_NITS * ratio ** (16384 / 2610))


def _hlg_nits(signal: Float64) -> Float64:
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    return np.asarray(HLG_PEAK_NITS * scene**HLG_SYSTEM_GAMMA)
