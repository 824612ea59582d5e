"""What the file of a recording was like: sentences for recruiters on tracks, clock and damage.

No sentence blames the candidate for what the recorder did.
"""

from collections.abc import Sequence
from typing import Final

from ml.media.info import MediaInfo, PictureTrack, SoundTrack
from ml.spans import Span

FEW_FRAMES: Final = 4.5
"""Mean frame rate below which a sentence says so: readings then leave out a tenth of the time or more."""
LISTED: Final = 3
"""Stretches that a sentence names one by one; of more it gives the number and their length."""
ORDINALS: Final = ("first", "second", "third", "fourth", "fifth")


def media_notes(info: MediaInfo, *, picture_damage: Sequence[Span], sound_damage: Sequence[Span]) -> list[str]:
    """Sentences on the recording as a whole, with the seconds that they concern; empty for an ordinary recording."""
    notes = [
        _tracks("pictures", info.video_tracks, info.video),
        _tracks("sound", info.audio_tracks, info.audio),
        _parts(info),
    ]
    if info.left_unread == "recording":
        notes.append(f"Another recording follows in the file after {_at(info.duration_s)}; it was not read.")
    elif info.left_unread:
        notes.append(f"The file is damaged after {_at(info.duration_s)}; what follows could not be read.")
    if picture_damage:
        notes.append(f"The picture is damaged {_where(picture_damage)} and was not read there.")
    if sound_damage:
        notes.append(f"The sound is damaged {_where(sound_damage)} and was not read there.")
    if info.video is not None and info.video.missing:
        notes.append(f"There is no picture {_where(info.video.missing, info.duration_s)}.")
    if info.audio is not None and info.audio.missing:
        notes.append(f"There is no sound {_where(info.audio.missing, info.duration_s)}.")
    if info.video is not None and 0 < info.fps < FEW_FRAMES:
        notes.append(
            f"The recording has {_rate(info.fps)}. What lies between two pictures was not observed, so face, eyes and"
            " gaze are read for a part of the time only."
        )
    if info.video is not None and info.video.transfer != "sdr":
        notes.append("The picture is high dynamic range (HDR); its brightness was converted before it was read.")
    return [note for note in notes if note]


def _tracks(kind: str, tracks: Sequence[PictureTrack | SoundTrack], read: PictureTrack | SoundTrack | None) -> str:
    if len(tracks) < 2 or read is None:
        return ""
    place = tracks.index(read)
    which = ORDINALS[place] if place < len(ORDINALS) else f"{place + 1}th"
    described = " and ".join(_described(track) for track in tracks)
    return (
        f"The recording has {len(tracks)} tracks of {kind} ({described}). The {which} one was read,"
        f" the other{'s were' if len(tracks) > 2 else ' was'} not."
    )


def _described(track: PictureTrack | SoundTrack) -> str:
    if isinstance(track, PictureTrack):
        size = f"{track.width}×{track.height}"
        return f"{size}, {track.fps:.3g} pictures per second" if track.is_moving else f"{size}, a single picture"
    return track.layout


def _parts(info: MediaInfo) -> str:
    parts = info.joined or info.clock
    if len(parts) < 2:
        return ""
    starts = _listed([_at(part.start_s) for part in parts[1:]])
    verb = "begins" if len(parts) == 2 else "begin"
    others = "the second" if len(parts) == 2 else "the others"
    return f"The file holds {len(parts)} recordings, one after the other; {others} {verb} at {starts}."


def _where(spans: Sequence[Span], duration_s: float | None = None) -> str:
    if len(spans) > LISTED:
        total_s = sum(end_s - start_s for start_s, end_s in spans)
        return f"in {len(spans)} places, {total_s:.1f} s in all (the first from {_at(spans[0][0])} on)"
    return _listed([_stretch(start_s, end_s, duration_s) for start_s, end_s in spans])


def _stretch(start_s: float, end_s: float, duration_s: float | None) -> str:
    if duration_s is not None and start_s <= 0 and end_s < duration_s:
        return f"until {_at(end_s)}"
    if duration_s is not None and end_s >= duration_s:
        return f"from {_at(start_s)} on"
    return f"from {_at(start_s)} to {_at(end_s)}"


def _at(second: float) -> str:
    minutes, rest_s = divmod(round(second, 1), 60)
    return f"{minutes:.0f} min {rest_s:.0f} s" if minutes else f"{rest_s:.1f} s"


def _rate(fps: float) -> str:
    if round(fps, 1) == 1:
        return "one picture a second"
    return f"{fps:.1f} pictures a second" if fps > 1 else f"one picture every {1 / fps:.0f} seconds"


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
