"""Track selection: which tracks of a recording are read.

Of several tracks of moving pictures it is the longest with a live face, of several of sound the one with the most
speech. A recording with one track of each kind costs no more than :func:`ml.media.probe.probe`.

``python -m ml.track_selection FILE [--max-duration-s N] [--sound-alone]`` prints the recording's properties as one line
of JSON and exits 0 whether it can be analysed or not. It runs in a process of its own, so that hostile input affects
nothing else.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path
from typing import Final

import av
import av.error
import numpy as np
from av.video.frame import VideoFrame

from ml.arrays import Floats, Samples, UInt8
from ml.media.audio import audio_chunks
from ml.media.browsers import browser_obstacle
from ml.media.container import open_recording, video_streams
from ml.media.conversion import Converter
from ml.media.errors import MediaError
from ml.media.info import MediaInfo, PictureTrack, SoundTrack
from ml.media.probe import probe

SAMPLED: Final = 8
"""Places of a recording at which its tracks are compared."""
APART_S: Final = 0.3
"""Time between the two pictures of a place: a live face moves in it."""
FRAMES_TRIED: Final = 60
MOTION: Final = 1.0
"""Mean difference of grey levels (0..255) within a face above which it moves; a still picture has the codec's noise."""
FACE_SIDE: Final = 32
WINDOW_S: Final = 10.0
"""Length of the stretch of sound that is searched for speech at each place."""
NEARLY: Final = 0.8
"""A track with this share of the best's live faces is as good as it."""


def recording_info(path: str | Path, *, max_duration_s: float | None = None, needs_picture: bool = True) -> MediaInfo:
    """As :func:`ml.media.probe.probe`, with the tracks chosen by what they show and sound like."""
    info = probe(path, max_duration_s=max_duration_s, needs_picture=needs_picture)
    videos = [track for track in info.video_tracks if track.is_moving]
    video = _with_live_face(path, info, videos) if len(videos) > 1 else info.video
    audio = _with_speech(path, info) if len(info.audio_tracks) > 1 else info.audio
    if (video, audio) == (info.video, info.audio):
        return info
    info = info.reading(video=video, audio=audio)
    if info.joined:
        return info
    with open_recording(path) as container:
        return replace(info, browser_obstacle=browser_obstacle(container, info))


def _with_live_face(path: str | Path, info: MediaInfo, tracks: list[PictureTrack]) -> PictureTrack | None:
    """The longest of the tracks that show a live face; without one, the track chosen by the probe."""
    live = {track.index: _live_faces(path, info, track) for track in tracks}
    best = max(live.values())
    if not best:
        return info.video
    good = [track for track in tracks if live[track.index] >= NEARLY * best]
    return max(good, key=lambda track: (round(track.end_s - track.start_s), live[track.index]))


def _live_faces(path: str | Path, info: MediaInfo, track: PictureTrack) -> int:
    """At how many of the places the track shows a face that moves."""
    from ml.faces.detector import FaceDetector

    detector = FaceDetector()
    found = 0
    for first, second in _pairs(path, info, track):
        found += any(_moves(detection.box, first, second) for detection in detector.detect(first))
    return found


def _moves(box: Floats, first: UInt8, second: UInt8) -> bool:
    import cv2

    if first.shape != second.shape:
        return True
    height, width = first.shape[:2]
    left, top, right, bottom = np.clip(np.round(box), 0, (width, height, width, height)).astype(int)
    if right - left < 2 or bottom - top < 2:
        return False
    faces = [
        cv2.resize(picture[top:bottom, left:right], (FACE_SIDE, FACE_SIDE), interpolation=cv2.INTER_AREA).astype(float)
        for picture in (first, second)
    ]
    return float(np.abs(faces[0] - faces[1]).mean()) > MOTION


def _pairs(path: str | Path, info: MediaInfo, track: PictureTrack) -> Iterator[tuple[UInt8, UInt8]]:
    """Two pictures a little apart at every place of the file's first part."""
    convert = Converter(track.aspect)
    part = info.clock[0]
    end_s = min([track.end_s, *(following.start_s for following in info.clock[1:2])])
    with open_recording(path, info.joined) as container:
        stream = next(stream for stream in video_streams(container) if stream.index == track.index)
        for place in range(SAMPLED):
            at_s = track.start_s + (place + 0.5) / SAMPLED * max(0.0, end_s - track.start_s)
            try:
                container.seek(round((at_s - part.shift_s) * av.time_base))
                pictures = list(_apart(islice(container.decode(stream), FRAMES_TRIED)))
            except av.error.FFmpegError:
                continue
            if len(pictures) == 2:
                yield convert(pictures[0]), convert(pictures[1])


def _apart(frames: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
    """The first frame, and the first that is :data:`APART_S` later."""
    first_s: float | None = None
    for frame in frames:
        if frame.time is None:
            continue
        if first_s is None:
            first_s = frame.time
            yield frame
        elif frame.time - first_s >= APART_S:
            yield frame
            return


def _with_speech(path: str | Path, info: MediaInfo) -> SoundTrack | None:
    """The track with the most speech; without speech, the loudest."""
    measured = {track.index: _speech_and_power(path, info, track) for track in info.audio_tracks}
    kind = 0 if any(speech_s for speech_s, _ in measured.values()) else 1
    return max(info.audio_tracks, key=lambda track: measured[track.index][kind])


def _speech_and_power(path: str | Path, info: MediaInfo, track: SoundTrack) -> tuple[float, float]:
    """(seconds of speech, mean square) of the sampled stretches."""
    from ml.voice.activity import SAMPLE_RATE, VoiceActivity

    speech_s = power = 0.0
    for samples in _stretches(path, info.reading(video=info.video, audio=track), rate_hz=SAMPLE_RATE):
        activity = VoiceActivity()
        activity.feed(samples)
        speech_s += sum(end_s - start_s for start_s, end_s in activity.finish())
        power += float(np.mean(np.square(samples))) / SAMPLED
    return speech_s, power


def _stretches(path: str | Path, info: MediaInfo, *, rate_hz: int) -> Iterator[Samples]:
    every_s = max(WINDOW_S, info.duration_s / SAMPLED)
    held: list[Samples] = []
    place = 0
    for start_s, samples in audio_chunks(path, info, rate_hz=rate_hz):
        if held and int(start_s / every_s) != place:
            yield np.concatenate(held)
            held = []
        place = int(start_s / every_s)
        if start_s % every_s < WINDOW_S:
            held.append(samples)
    if held:
        yield np.concatenate(held)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m ml.track_selection", description="Look into a recording.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--max-duration-s", type=float)
    parser.add_argument("--sound-alone", action="store_true", help="accept a recording without a picture")
    given = parser.parse_args(arguments)
    try:
        info = recording_info(given.file, max_duration_s=given.max_duration_s, needs_picture=not given.sound_alone)
        answer = {"ok": True, **asdict(info)}
    except MediaError as error:
        answer = {"ok": False, "code": error.code, "sentence": error.sentence}
    print(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1:])
