"""The eight emotions of RAVDESS, in the order of its emotion numbers 01 to 08."""

from typing import Final

LABELS: Final = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised")
