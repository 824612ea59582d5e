"""One tone (a colour and a pattern, see static/css/tokens.css) per emotion, the same for all recognisers' labels."""

from typing import Final

EMOTION_TONES: Final = {
    "angry": "anger",
    "anger": "anger",
    "disgust": "disgust",
    "fear": "fear",
    "fearful": "fear",
    "happy": "happiness",
    "happiness": "happiness",
    "sad": "sadness",
    "sadness": "sadness",
    "surprise": "surprise",
    "surprised": "surprise",
    "neutral": "neutral",
    "calm": "calm",
    "none": "neutral",
}

_NAMES: Final = {"none": "no emotion"}


def emotion_name(label: str) -> str:
    """What people read in place of a label."""
    return _NAMES.get(label, label)
