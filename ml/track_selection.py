"""Which tracks of a recording are read: of several moving pictures the one with a live face, of several sounds the one
with speech. A recording with one track of each kind costs no more than :func:`ml.media.probe.probe`."""

from pathlib import Path

from ml.media.info import MediaInfo
from ml.media.probe import probe


def recording_info(path: str | Path, *, needs_picture: bool = True) -> MediaInfo:
    """As :func:`ml.media.probe.probe`, with the tracks chosen by what they show and sound like."""
    return probe(path, needs_picture=needs_picture)
