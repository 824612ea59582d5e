"""Files made to do harm: a few bytes that ask for much memory or time."""

import struct
import zlib
from fractions import Fraction
from pathlib import Path

import av
from av.video.frame import VideoFrame


def make_declared_png(path: Path, *, side: int = 16_000) -> Path:
    """A mov of three pictures of ``side`` squared pixels, of which only the headers are there."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    png = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    with av.open(str(path), "w", format="mov") as output:
        stream = output.add_stream("png", rate=10)
        stream.width = stream.height = side
        stream.pix_fmt = "rgb24"
        for number in range(3):
            packet = av.Packet(png)
            packet.stream, packet.pts, packet.dts, packet.time_base = stream, number, number, Fraction(1, 10)
            packet.is_keyframe = True
            output.mux(packet)
    return path


def make_pictures(path: Path, *, size: tuple[int, int], fps: int, frames: int, codec: str = "mpeg4") -> Path:
    """Grey pictures, which compress to next to nothing."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream(codec, rate=fps)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        picture = VideoFrame(*size, "yuv420p")
        for plane in picture.planes:
            plane.update(bytes([128]) * plane.buffer_size)
        for number in range(frames):
            picture.pts = number
            output.mux(stream.encode(picture))
        output.mux(stream.encode(None))
    return path


def hide_size(declared: tuple[int, int], shown: tuple[int, int], *, marker: int = 0xC9) -> bytes:
    """A JPEG whose first frame is of ``declared`` size and a kind that OpenCV decodes (``marker``, arithmetic coding);
    a later one, behind the scan, says ``shown``."""

    def segment(kind: int, data: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, kind, len(data) + 2) + data

    def frame(kind: int, size: tuple[int, int]) -> bytes:
        return segment(kind, struct.pack(">BHHB", 8, size[1], size[0], 1) + b"\x01\x11\x00")

    tables = segment(0xDB, b"\x00" + b"\x01" * 64)
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
    return b"\xff\xd8" + tables + frame(marker, declared) + scan + frame(0xC0, shown) + b"\xff\xd9"
