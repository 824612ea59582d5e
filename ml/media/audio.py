"""The sound of a recording: resampled, with its time on the recording's clock, in chunks of about a second."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from ml.arrays import Float32, Samples
from ml.media.container import audio_streams, open_recording
from ml.media.damage import Damage
from ml.media.decoding import Decoder
from ml.media.downmix import Downmix
from ml.media.info import MediaInfo
from ml.media.seeking import seek
from ml.spans import Span

CHUNK_S: Final = 1.0
GAP_S: Final = 0.05
"""A jump of the timestamps beyond this starts a new chunk; smaller ones are jitter of the recorder."""

RUN_UP_S: Final = 0.5
"""Sound that is decoded before a stretch, because lossy codecs need some packets until they are right."""


def audio_chunks(
    path: str | Path, info: MediaInfo, *, rate_hz: int, damage: Damage | None = None
) -> Iterator[tuple[float, Samples]]:
    """As :func:`sound_chunks`, with all channels mixed into one (:class:`ml.media.downmix.Downmix`)."""
    downmix = Downmix(rate_hz)
    for start_s, channels in sound_chunks(path, info, rate_hz=rate_hz, damage=damage):
        yield start_s, downmix(channels)


def sound_chunks(
    path: str | Path, info: MediaInfo, *, rate_hz: int, damage: Damage | None = None
) -> Iterator[tuple[float, Float32]]:
    """Yields (start_s, float32 (samples, channels) in -1..1) of the chosen audio track, in order, at most about a
    second each, on the recording's clock.

    The channels are those of the track (``info.audio.layout``), the same number in every chunk. Stretches without
    sound are left out. ``damage`` collects those that do not decode. Memory use does not grow with the recording.
    Yields nothing without an audio track. Raises :class:`ml.media.errors.MediaError` when the container breaks.
    """
    start_s = 0.0
    held: list[Float32] = []
    count = 0
    for at_s, samples in _resampled(path, info, rate_hz, damage or Damage()):
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


def sound_within(path: str | Path, info: MediaInfo, span: Span, *, rate_hz: int) -> Float32:
    """The sound (samples, channels) of one stretch, with zeros where the recording has none. Decoding begins before it
    (:func:`ml.media.seeking.seek`)."""
    channels = info.audio.channels if info.audio is not None else 1
    sound = np.zeros((round((span[1] - span[0]) * rate_hz), channels), np.float32)
    for at_s, samples in _resampled(path, info, rate_hz, Damage(), from_s=span[0] - RUN_UP_S):
        first = round((at_s - span[0]) * rate_hz)
        if first >= len(sound):
            break
        piece = samples[max(0, -first) : len(sound) - first]
        if len(piece):
            sound[max(0, first) : max(0, first) + len(piece)] = piece
    return sound


def _resampled(
    path: str | Path, info: MediaInfo, rate_hz: int, damage: Damage, *, from_s: float = 0.0
) -> Iterator[tuple[float, Float32]]:
    with open_recording(path, info.joined) as container:
        stream = next((stream for stream in audio_streams(container) if stream.index == info.audio_index), None)
        if stream is None:
            return
        resampler: AudioResampler | None = None
        shape: tuple[Any, ...] = ()
        layout = ""
        seek(container, stream, info, from_s)
        decoder = Decoder(container, stream, info.clock)
        for packet, frames in decoder:
            if frames is None:
                packet_s = decoder.packet_s(packet)
                if packet_s is not None:
                    damage.add(packet_s, packet_s + float((packet.duration or 0) * packet.time_base))
                continue
            for frame in frames:
                if shape != (frame.format.name, frame.layout.name, frame.sample_rate):
                    # Recorders may switch the microphone in the middle.
                    shape = frame.format.name, frame.layout.name, frame.sample_rate
                    layout = layout or frame.layout.name
                    resampler = AudioResampler(format="flt", layout=layout, rate=rate_hz)
                at_s = decoder.frame_s(frame)
                if at_s is None or resampler is None:
                    continue
                for samples in converted(frame, resampler, rate_hz, layout):
                    skipped = min(len(samples), max(0, round(-at_s * rate_hz)))  # an encoder's run-in before second 0
                    if len(samples) > skipped:
                        yield at_s + skipped / rate_hz, samples[skipped:]
                    at_s += len(samples) / rate_hz


def converted(frame: AudioFrame, resampler: AudioResampler, rate_hz: int, layout: str) -> Iterator[Float32]:
    """The frame's sound (samples, channels). What has the rate and the channels already needs no resampler, which takes
    longer than decoding."""
    if frame.format.name == "fltp" and frame.sample_rate == rate_hz and frame.layout.name == layout:
        channels = [np.frombuffer(memoryview(plane), np.float32)[: frame.samples] for plane in frame.planes]
        yield np.stack(channels, axis=1)
        return
    for piece in resampler.resample(frame):
        yield piece.to_ndarray().reshape(-1, piece.layout.nb_channels).astype(np.float32, copy=False)
