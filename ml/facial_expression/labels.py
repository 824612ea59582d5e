"""The seven classes of FER2013, in the order of its label numbers."""

from typing import Final

LABELS: Final = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
