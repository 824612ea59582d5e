"""Deinterlacing, where frames are flagged as two fields."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any, Final

import av.error
from av.filter import Graph
from av.video.frame import VideoFrame

CLOCK: Final = Fraction(1, 1_000_000)


def deinterlaced(source: Iterable[tuple[float, VideoFrame]]) -> Iterator[tuple[float, VideoFrame]]:
    """The same (second, frame), interlaced frames made progressive by motion-adaptive interpolation (bwdif).

    Costs nothing until the first interlaced frame.
    """
    graph: Graph | None = None
    shape: tuple[Any, ...] = ()
    for at_s, frame in source:
        if graph is None and not frame.interlaced_frame:
            yield at_s, frame
            continue
        if shape != (frame.width, frame.height, frame.format.name):
            if graph is not None:
                yield from _rest(graph)
            shape = frame.width, frame.height, frame.format.name
            graph = _graph(frame)
        assert graph is not None
        frame.pts, frame.time_base = round(at_s / CLOCK), CLOCK
        graph.vpush(frame)
        yield from _ready(graph)
    if graph is not None:
        yield from _rest(graph)


def _graph(frame: VideoFrame) -> Graph:
    graph = Graph()
    source = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=CLOCK)
    graph.link_nodes(
        source, graph.add("bwdif", "mode=send_frame:deint=interlaced"), graph.add("buffersink")
    ).configure()
    return graph


def _ready(graph: Graph) -> Iterator[tuple[float, VideoFrame]]:
    while True:
        try:
            frame = graph.vpull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        if frame.pts is not None and frame.time_base is not None:
            yield float(frame.pts * frame.time_base), frame


def _rest(graph: Graph) -> Iterator[tuple[float, VideoFrame]]:
    graph.vpush(None)
    yield from _ready(graph)
