"""The keys of the four modalities, as they stand in code, JSON, URLs and CSS."""

from typing import Final

FACIAL_EXPRESSION: Final = "facial_expression"
EYE_EMOTION: Final = "eye_emotion"
EYE_GAZE: Final = "eye_gaze"
SPEECH_EMOTION: Final = "speech_emotion"

MODALITIES: Final = (FACIAL_EXPRESSION, EYE_EMOTION, EYE_GAZE, SPEECH_EMOTION)
