"""The keys of modalities and metrics, as stored in rows."""

from django.db import models


class Modality(models.TextChoices):
    """The keys of :data:`ml.modalities.MODALITIES`, in the order of the report (checked by a test)."""

    FACIAL_EXPRESSION = "facial_expression", "Facial expression"
    EYE_EMOTION = "eye_emotion", "Eye emotion"
    EYE_GAZE = "eye_gaze", "Eye gaze"
    SPEECH_EMOTION = "speech_emotion", "Speech emotion"


class MetricKey(models.TextChoices):
    """The four nonverbal metrics, in the order of the report."""

    ATTENTIVENESS = "attentiveness", "Attentiveness"
    DEEP_THINKING = "deep_thinking", "Deep thinking"
    CONFIDENCE = "confidence", "Confidence"
    POTENTIAL_LIE = "potential_lie", "Voice-face incongruence"
