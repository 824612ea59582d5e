"""Recordings as people have them: late clocks, joined files, damage, several tracks, unusual pixels and channels.

Each function makes one from an ordinary recording or from generated media.
"""

import random
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

BLOCK = 4800
"""Samples of a packet of sound."""


def shifted(source: Path, target: Path, *, by_s: float) -> Path:
    """The same packets, on a clock that is ``by_s`` ahead, as of a recorder that has run for long."""
    with av.open(str(source)) as read, av.open(str(target), "w") as write:
        tracks = {stream.index: write.add_stream_from_template(stream) for stream in read.streams}
        for packet in read.demux():
            if not packet.size:
                continue
            shift = round(by_s / packet.time_base)
            packet.pts += shift
            packet.dts = None if packet.dts is None else packet.dts + shift
            packet.stream = tracks[packet.stream_index]
            write.mux(packet)
    return target


def joined(sources: Sequence[Path], target: Path) -> Path:
    """The bytes of several recordings, one after the other."""
    target.write_bytes(b"".join(source.read_bytes() for source in sources))
    return target


def fragmented(source: Path, target: Path) -> Path:
    """The same packets in fragments of half a second, as a browser's recorder writes mp4."""
    options = {"movflags": "frag_keyframe+empty_moov+default_base_moof", "frag_duration": "500000"}
    with av.open(str(source)) as read, av.open(str(target), "w", container_options=options) as write:
        tracks = {stream.index: write.add_stream_from_template(stream) for stream in read.streams}
        for packet in read.demux():
            if packet.dts is not None:
                packet.stream = tracks[packet.stream.index]
                write.mux(packet)
    return target


def damaged(source: Path, target: Path, *, kind: str, between_s: tuple[float, float]) -> Path:
    """Random bytes in place of the packets of the first stream of a kind between these seconds."""
    content = bytearray(source.read_bytes())
    dice = random.Random(3)
    with av.open(str(source)) as read:
        stream = next(stream for stream in read.streams if stream.type == kind)
        for packet in read.demux(stream):
            if packet.pts is not None and between_s[0] <= float(packet.pts * packet.time_base) < between_s[1]:
                at = content.index(bytes(packet), packet.pos)  # in Matroska, its block's header comes first
                content[at : at + packet.size] = dice.randbytes(packet.size)
    target.write_bytes(content)
    return target


def with_tracks(target: Path, sources: Sequence[tuple[Path, str]]) -> Path:
    """One file with one track from each of the sources, of the given kind (video, audio), in this order."""
    with av.open(str(target), "w") as write:
        opened = [av.open(str(path)) for path, _ in sources]
        streams = [
            next(stream for stream in read.streams if stream.type == kind)
            for read, (_, kind) in zip(opened, sources, strict=True)
        ]
        tracks = [write.add_stream_from_template(stream) for stream in streams]
        packets = [
            (float(packet.dts * packet.time_base), number, packet)
            for number, (read, stream) in enumerate(zip(opened, streams, strict=True))
            for packet in read.demux(stream)
            if packet.dts is not None
        ]
        for _, number, packet in sorted(packets, key=lambda item: item[:2]):
            packet.stream = tracks[number]
            write.mux(packet)
        for read in opened:
            read.close()
    return target


def encoded(
    path: Path,
    images: Sequence[np.ndarray],
    *,
    times_s: Sequence[float] | None = None,
    fps: int = 25,
    pixel_aspect: Fraction = Fraction(1),
    interlaced: bool = False,
    transfer: int | None = None,
    channels: np.ndarray | None = None,
    layout: str = "stereo",
    rate_hz: int = 48_000,
) -> Path:
    """Pictures (RGB uint8 of one size) as H.264, with sound (channels, samples) as PCM.

    ``transfer`` is the number of the transfer function in ITU-T H.273. Interlaced frames have the top field first.
    """
    with av.open(str(path), "w") as container:
        video: Any = container.add_stream("libx264", rate=fps)
        video.height, video.width = images[0].shape[:2]
        video.pix_fmt = "yuv420p"
        video.options = {"crf": "12", "preset": "veryfast", "bf": "0"} | (
            {"x264-params": "tff=1"} if interlaced else {}
        )
        video.codec_context.time_base = Fraction(1, 1000)
        video.codec_context.sample_aspect_ratio = pixel_aspect
        if transfer is not None:
            video.codec_context.color_trc = transfer
        sound: Any = container.add_stream("pcm_s16le", rate=rate_hz, layout=layout) if channels is not None else None
        for number, image in enumerate(images):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.time_base = Fraction(1, 1000)
            frame.pts = round(1000 * (times_s[number] if times_s is not None else number / fps))
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if channels is not None:
            for start in range(0, channels.shape[1], BLOCK):
                samples = (channels[:, start : start + BLOCK].T.reshape(1, -1) * 32767).astype(np.int16)
                block = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="s16", layout=layout)
                block.sample_rate, block.pts, block.time_base = rate_hz, start, Fraction(1, rate_hz)
                container.mux(sound.encode(block))
            container.mux(sound.encode(None))
    return path
