"""The sound of a recording: mono, resampled, with its time on the recording's clock, in chunks of about a second."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import av
import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

from ml.media.container import audio_stream, clock_start_s, open_recording

CHUNK_S: Final = 1.0
GAP_S: Final = 0.05
"""A jump of the timestamps beyond this starts a new chunk; smaller ones are jitter of the recorder."""

Chunk = tuple[float, NDArray[np.float32]]


def audio_chunks(path: str | Path, *, rate_hz: int) -> Iterator[Chunk]:
    """Yields (start_s, float32 mono samples in -1..1) in order, at most about a second each.

    Memory use does not grow with the recording. Yields nothing without an audio stream. Raises :class:`MediaError`
    when the container breaks.
    """
    start_s = 0.0
    held: list[NDArray[np.float32]] = []
    count = 0
    for at_s, samples in _resampled(path, rate_hz):
        expected_s = start_s + count / rate_hz
        if held and (count >= CHUNK_S * rate_hz or abs(at_s - expected_s) > GAP_S):
            yield start_s, np.concatenate(held)
            # Within a stretch without gaps the sample count is the better clock.
            start_s = expected_s if abs(at_s - expected_s) <= GAP_S else max(at_s, expected_s)
            held, count = [], 0
        elif not held:
            start_s = at_s
        held.append(samples)
        count += len(samples)
    if held:
        yield start_s, np.concatenate(held)


def _resampled(path: str | Path, rate_hz: int) -> Iterator[Chunk]:
    with open_recording(path) as container:
        stream = audio_stream(container)
        if stream is None:
            return
        clock_s = clock_start_s(container)
        resampler: AudioResampler | None = None
        shape: tuple[Any, ...] = ()
        for frame in _decoded(container, stream):
            if shape != (frame.format.name, frame.layout.name, frame.sample_rate):
                # Recorders may switch the microphone in the middle.
                shape = frame.format.name, frame.layout.name, frame.sample_rate
                resampler = AudioResampler(format="flt", layout="mono", rate=rate_hz)
            if frame.pts is None or frame.time_base is None or resampler is None:
                continue
            at_s = float(frame.pts * frame.time_base) - clock_s
            for piece in resampler.resample(frame):
                samples = np.ascontiguousarray(piece.to_ndarray().reshape(-1), dtype=np.float32)
                skipped = min(len(samples), max(0, round(-at_s * rate_hz)))  # an encoder's run-in before second 0
                if len(samples) > skipped:
                    yield at_s + skipped / rate_hz, samples[skipped:]
                at_s += len(samples) / rate_hz


def _decoded(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except av.error.FFmpegError:
            continue  # one damaged packet is a short silence, not the end
