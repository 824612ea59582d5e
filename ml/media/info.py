"""What is known of a recording before it is decoded. Plain data, which crosses processes as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Any

from ml.media.parts import Part
from ml.spans import Spans


@dataclass(frozen=True, slots=True)
class PictureTrack:
    """A track of pictures.

    ``index`` is the stream's index in the container. ``width`` and ``height`` are as displayed: pixel aspect and
    rotation applied. ``pixel_aspect`` is width over height of a stored pixel, as (numerator, denominator); ``rotation``
    turns the stored picture counterclockwise by that many degrees (0, 90, 180, 270). ``interlaced``: frames consist of
    two fields. ``transfer``: ``sdr``, ``pq`` or ``hlg``. ``start_s`` and ``end_s`` are on the recording's clock, as are
    the stretches without pictures in ``missing``. ``fps`` is the mean rate.
    """

    index: int
    codec: str
    frames: int
    start_s: float
    end_s: float
    fps: float
    width: int
    height: int
    pixel_aspect: tuple[int, int] = (1, 1)
    rotation: int = 0
    interlaced: bool = False
    transfer: str = "sdr"
    missing: Spans = ()

    @property
    def aspect(self) -> Fraction:
        """Width over height of a stored pixel."""
        return Fraction(*self.pixel_aspect)

    @property
    def is_moving(self) -> bool:
        """Whether it is more than one still picture, such as a cover."""
        return self.frames > 1


@dataclass(frozen=True, slots=True)
class SoundTrack:
    """A track of sound. ``layout`` is FFmpeg's name (``mono``, ``stereo``, ``5.1`` ...); times are as in
    :class:`PictureTrack`."""

    index: int
    codec: str
    start_s: float
    end_s: float
    channels: int
    layout: str
    rate_hz: int
    missing: Spans = ()


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """Properties measured from the packets, because headers can be wrong.

    ``duration_s`` is the end of the last picture or sound that is read, on the recording's clock, which begins at 0.
    ``fps``, ``width``, ``height`` and the codecs are those of the tracks that are read: ``video_index`` and
    ``audio_index`` are their stream indexes in the container, None where there is none; :attr:`video` and
    :attr:`audio` are those tracks. Without pictures, ``fps`` and sizes are 0.

    ``clock`` maps the file's own timestamps to the recording's seconds (:func:`ml.media.clock.part_of`). A player that
    keeps the container's clock shows the recording's second ``s`` at ``s + container_start_s``, unless there are
    several parts. ``frames_checked`` says how many pictures were decoded to be sure that they can be.
    ``left_unread``: what lies in the file behind the last packet (:func:`ml.media.container.left_unread`).
    ``joined``: the recordings of a file that are opened one after the other (:mod:`ml.media.joined`), empty where
    there is one; ``clock`` is then that of all together. ``browser_obstacle`` says why browsers do not play the file
    (:mod:`ml.media.browsers`); it is empty if they do.
    """

    duration_s: float
    fps: float
    width: int
    height: int
    has_audio: bool
    video_codec: str
    audio_codec: str | None
    container: str
    frames_checked: int
    video_index: int | None = None
    audio_index: int | None = None
    video_tracks: tuple[PictureTrack, ...] = ()
    audio_tracks: tuple[SoundTrack, ...] = ()
    clock: tuple[Part, ...] = (Part(0, 0.0, 0.0),)
    browser_obstacle: str = ""
    left_unread: str = ""
    joined: tuple[Part, ...] = ()

    @property
    def video(self) -> PictureTrack | None:
        return next((track for track in self.video_tracks if track.index == self.video_index), None)

    @property
    def audio(self) -> SoundTrack | None:
        return next((track for track in self.audio_tracks if track.index == self.audio_index), None)

    @property
    def container_start_s(self) -> float:
        """The container's second at which the recording begins."""
        return -self.clock[0].shift_s

    def reading(self, *, video: PictureTrack | None, audio: SoundTrack | None) -> "MediaInfo":
        """The same recording, read from these tracks."""
        return replace(
            self,
            fps=video.fps if video else 0.0,
            width=video.width if video else 0,
            height=video.height if video else 0,
            has_audio=audio is not None,
            video_codec=video.codec if video else "",
            audio_codec=audio.codec if audio else None,
            video_index=video.index if video else None,
            audio_index=audio.index if audio else None,
        )

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "MediaInfo":
        """The inverse of :func:`dataclasses.asdict`, also after a passage through JSON. Other keys are ignored."""
        values = {field.name: data[field.name] for field in fields(cls) if field.name in data}
        values["video_tracks"] = tuple(
            PictureTrack(**{**track, "pixel_aspect": tuple(track["pixel_aspect"]), "missing": _spans(track["missing"])})
            for track in values.get("video_tracks", ())
        )
        values["audio_tracks"] = tuple(
            SoundTrack(**{**track, "missing": _spans(track["missing"])}) for track in values.get("audio_tracks", ())
        )
        for name in ("clock", "joined"):
            if name in values:
                values[name] = tuple(Part(**part) for part in values[name])
        return cls(**values)


def _spans(rows: Any) -> Spans:
    return tuple((float(start_s), float(end_s)) for start_s, end_s in rows)
