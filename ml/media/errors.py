"""Reasons why a file cannot be analysed, each with a sentence for the recruiter."""

from typing import Final

ACCEPTED: Final = "Candor reads mp4, m4v, mov, 3gp, 3g2, mkv, webm and avi recordings."

SENTENCES: Final = {
    "empty": "This file is empty (0 bytes). Choose the recording again.",
    "not_media": f"This file is not a video recording. {ACCEPTED}",
    "image": f"This file is a picture, not a video recording. {ACCEPTED}",
    "audio_only": "This file has sound but no picture. Candor needs a video recording.",
    "truncated": "This recording is incomplete: its end is missing. Upload it again from the original file.",
    "unreadable": "This recording is damaged and cannot be read. Export it again from where it was recorded.",
    "too_long": "This recording lasts {duration}; the limit is {limit}.",
    "too_large": "The picture of this recording is larger than 4096 x 2304 pixels. Export it again at 1280 x 720.",
    "too_fast": "This recording has more than 60 pictures a second. Export it again at 25 or 30 pictures a second.",
    "too_heavy": (
        "Reading this recording takes more memory than a recording of an interview may need. Export it again, for "
        "instance as mp4 (H.264) at 1280 x 720."
    ),
    "no_frames": "No picture could be read from this recording. Export it again, for instance as mp4 (H.264).",
}


class MediaError(Exception):
    """A file that cannot be analysed. ``code`` is a key of ``SENTENCES``, ``sentence`` is its value."""

    def __init__(self, code: str, sentence: str | None = None) -> None:
        self.code = code
        self.sentence = sentence or SENTENCES[code]
        super().__init__(self.sentence)
