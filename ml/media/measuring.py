"""The properties of tracks: from streams, first pictures and the packets' times."""

from collections.abc import Sequence
from typing import Final, TypeVar

import numpy as np
from av.audio.stream import AudioStream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from ml.arrays import Float64
from ml.media.geometry import displayed_size, pixel_aspect_of, quarter_turns_of, transfer_of
from ml.media.info import PictureTrack, SoundTrack
from ml.media.spans import holes

PICTURE_HOLE_S: Final = 1.5
"""Time between two pictures from which on pictures are missing; what is shorter is a low frame rate."""
SOUND_HOLE_S: Final = 0.5

Track = TypeVar("Track", PictureTrack, SoundTrack)


def video_track(stream: VideoStream, frame: VideoFrame, times: Float64 | None, *, duration_s: float) -> PictureTrack:
    """``frame`` is one of the first pictures, ``times`` the packets' on the recording's clock, None for a cover."""
    starts = np.zeros(1) if times is None else np.sort(times[:, 0])
    length_s = float(starts[-1] - starts[0])
    pixel_aspect = pixel_aspect_of(stream)
    width, height = displayed_size(frame, pixel_aspect)
    return PictureTrack(
        index=stream.index,
        codec=stream.codec_context.name,
        frames=len(starts),
        start_s=round(float(starts[0]), 3),
        end_s=round(float(starts[-1] if times is None else times.max()), 3),
        fps=round((len(starts) - 1) / length_s, 3) if length_s > 0 else 0.0,
        width=width,
        height=height,
        pixel_aspect=(pixel_aspect.numerator, pixel_aspect.denominator),
        rotation=quarter_turns_of(frame) * 90,
        interlaced=bool(frame.interlaced_frame),
        transfer=transfer_of(frame),
        # A packet's own duration says nothing here: where a recorder paused, that of the last picture is the pause.
        missing=() if times is None else _without_pictures(starts, duration_s),
    )


def audio_track(stream: AudioStream, times: Float64, *, duration_s: float) -> SoundTrack:
    """``times``: the packets' on the recording's clock."""
    codec = stream.codec_context
    return SoundTrack(
        index=stream.index,
        codec=codec.name,
        start_s=round(max(0.0, float(times[:, 0].min())), 3),
        end_s=round(float(times.max()), 3),
        channels=codec.channels,
        layout=codec.layout.name,
        rate_hz=codec.sample_rate,
        missing=holes(times, duration_s=duration_s, longer_than_s=SOUND_HOLE_S),
    )


def longest(tracks: Sequence[Track]) -> Track | None:
    """The first of the tracks that last longest. A picture without a second one is no moving track."""
    return max(tracks, key=lambda track: round(_length_s(track)), default=None)


def _length_s(track: PictureTrack | SoundTrack) -> float:
    if isinstance(track, PictureTrack) and not track.is_moving:
        return -1.0
    return track.end_s - track.start_s


def _without_pictures(starts: Float64, duration_s: float) -> tuple[tuple[float, float], ...]:
    # A recording at one picture in two seconds has a low frame rate, not as many holes as pictures.
    usual_s = float(np.median(np.diff(starts))) if len(starts) > 1 else 0.0
    times = np.column_stack([starts, starts + usual_s])
    return holes(times, duration_s=duration_s, longer_than_s=max(PICTURE_HOLE_S, 2 * usual_s))
