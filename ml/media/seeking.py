"""Seeking on the recording's clock."""

from av.container import InputContainer
from av.stream import Stream

from ml.media.info import MediaInfo


def seek(container: InputContainer, stream: Stream, info: MediaInfo, at_s: float) -> None:
    """Go to the key frame at or before second ``at_s`` of the recording.

    Nothing happens where that is the beginning, or where the file has several clocks or recordings, whose timestamps
    tell no place in the file: decoding begins at the beginning then.
    """
    if at_s <= 0 or len(info.clock) > 1 or info.joined or stream.time_base is None:
        return
    container.seek(int((at_s + info.container_start_s) / stream.time_base), stream=stream)
