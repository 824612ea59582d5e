"""Synthesised speech from espeak-ng, whose library and voices ship inside the ``espeakng-loader`` wheel.

For the demo recording, the benchmarks and the tests; nothing that analyses a recording imports this.
"""

import ctypes
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ml.arrays import Samples

# From espeak-ng's public header, speak_lib.h.
_OUTPUT_SYNCHRONOUS: Final = 2
_DONT_EXIT: Final = 0x8000
_CHARACTERS_UTF8: Final = 1
_RATE_PARAMETER: Final = 1
_PITCH_PARAMETER: Final = 3
_RANGE_PARAMETER: Final = 4
_OK: Final = 0

_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class SpeechError(RuntimeError):
    """espeak-ng could not be started or refused a text; the message says which."""


class _Synthesizer:
    """The process's one espeak-ng: the library keeps its state in globals, so there is only one a process."""

    def __init__(self) -> None:
        import espeakng_loader

        self._library: Any = ctypes.CDLL(espeakng_loader.get_library_path())
        data_path = espeakng_loader.get_data_path().encode()
        self.rate_hz: int = self._library.espeak_Initialize(_OUTPUT_SYNCHRONOUS, 0, data_path, _DONT_EXIT)
        if self.rate_hz <= 0:
            raise SpeechError("espeak-ng did not start: its voices were not found.")
        self._pieces: list[NDArray[np.int16]] = []
        self._callback = _Callback(self._collect)  # kept, or it is freed while the library still calls it
        self._library.espeak_SetSynthCallback(self._callback)
        self._library.espeak_ng_SetRandSeed(ctypes.c_long(1))  # the breath in some voices is random

    def _collect(self, samples: Any, count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._pieces.append(np.ctypeslib.as_array(samples, shape=(count,)).copy())
        return 0

    def speak(self, text: str, *, voice: str, words_per_minute: int, pitch: int, intonation: int) -> Samples:
        if self._library.espeak_SetVoiceByName(voice.encode()) != _OK:
            raise SpeechError(f"espeak-ng has no voice {voice!r}.")
        self._library.espeak_SetParameter(_RATE_PARAMETER, words_per_minute, 0)
        self._library.espeak_SetParameter(_PITCH_PARAMETER, pitch, 0)
        self._library.espeak_SetParameter(_RANGE_PARAMETER, intonation, 0)
        self._pieces.clear()
        data = text.encode() + b"\0"
        status = self._library.espeak_Synth(
            ctypes.c_char_p(data), ctypes.c_size_t(len(data)), 0, 0, 0, _CHARACTERS_UTF8, None, None
        )
        if status != _OK or not self._pieces:
            raise SpeechError(f"espeak-ng could not speak {text!r}.")
        spoken: Samples = np.concatenate(self._pieces).astype(np.float32) / np.float32(32768)
        return spoken


@cache
def _synthesizer() -> _Synthesizer:
    return _Synthesizer()


@cache
def speak(
    text: str,
    *,
    rate_hz: int = 44100,
    voice: str = "en-us",
    words_per_minute: int = 160,
    pitch: int = 50,
    intonation: int = 50,
) -> Samples:
    """``text`` spoken: mono float32 in -1..1 at ``rate_hz`` (read-only).

    The same calls in the same order give the same samples in every process; the voice carries a small jitter, so
    that a text spoken after others differs by some milliseconds from the same text spoken first. ``pitch`` and
    ``intonation`` are espeak-ng's, 0..100. Raises :class:`SpeechError`.
    """
    synthesizer = _synthesizer()
    samples = synthesizer.speak(
        text, voice=voice, words_per_minute=words_per_minute, pitch=pitch, intonation=intonation
    )
    resampled = _resample(samples, synthesizer.rate_hz, rate_hz)
    resampled.setflags(write=False)
    return resampled


def speak_at(
    sentences: Sequence[tuple[float, str]], *, duration_s: float, rate_hz: int = 44100, voice: str = "en-us"
) -> Samples:
    """A track of ``duration_s`` seconds with each sentence starting at its second, silence around them.

    Returns mono float32 of shape (duration_s * rate_hz,). Whatever is spoken beyond the end is cut off.
    """
    track = np.zeros(round(duration_s * rate_hz), np.float32)
    for start_s, sentence in sentences:
        start = round(start_s * rate_hz)
        spoken = speak(sentence, rate_hz=rate_hz, voice=voice)[: max(0, track.size - start)]
        track[start : start + spoken.size] += spoken
    return track


def _resample(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    """Linear interpolation: enough for a synthesised voice going up in rate."""
    if from_hz == to_hz:
        return samples
    at = np.arange(round(samples.size * to_hz / from_hz)) * (from_hz / to_hz)
    resampled: Samples = np.interp(at, np.arange(samples.size), samples).astype(np.float32)
    return resampled
