"""What every network of a room takes and gives, whoever trained it: the shape of one example, the labels in the order
in which the room speaks of them, and the numbers its preprocessing reads from the manifest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ml.eye_emotion import labels as eye_labels
from ml.eye_emotion import preprocessing as eye
from ml.facial_expression import labels as face_labels
from ml.facial_expression import preprocessing as face
from ml.modalities import EYE_EMOTION, FACIAL_EXPRESSION, SPEECH_EMOTION
from ml.speech_emotion import labels as speech_labels
from ml.speech_emotion.features import front_ends, log_mel
from ml.speech_emotion.features import mfcc as speech


@dataclass(frozen=True, slots=True)
class Contract:
    """``shape`` starts with the batch of one; ``spare_outputs`` is how many outputs beyond the labels a network may
    have, which are not used; ``preprocessing`` names the numbers of the manifest's ``preprocessing``, ``settings`` is
    what else stands there."""

    modality: str
    shape: tuple[int, ...]
    labels: tuple[str, ...]
    description: str
    spare_outputs: int = 0
    preprocessing: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)


CONTRACTS: Final = {
    contract.modality: contract
    for contract in (
        Contract(
            FACIAL_EXPRESSION,
            face.INPUT_SHAPE,
            face_labels.LABELS,
            "48x48 grey face framed as in FER2013, standardised over its own pixels",
        ),
        Contract(
            EYE_EMOTION,
            eye.INPUT_SHAPE,
            eye_labels.LABELS,
            "40x96 grey strip of both eyes and brows, upright, standardised over its own pixels",
        ),
        Contract(
            SPEECH_EMOTION,
            speech.INPUT_SHAPE,
            speech_labels.LABELS,
            "3 s of mono speech at 22,050 Hz, as the means over 13 MFCC of 216 frames of its last 2.5 s, standardised",
            spare_outputs=2,  # the paper's network has ten outputs for eight emotions
            preprocessing=("mean", "std"),
        ),
    )
}
"""The rooms whose recogniser is a network. Eye gaze is geometry and has none."""

OTHERS: Final = {
    SPEECH_EMOTION: (
        Contract(
            SPEECH_EMOTION,
            log_mel.INPUT_SHAPE,
            speech_labels.LABELS,
            f"3 s of mono speech at 22,050 Hz, as the log-mel spectrogram of Whisper's encoder: {log_mel.FRAMES} "
            f"frames of 10 ms by {log_mel.MELS} bands",
            settings={"features": front_ends.LOG_MEL},
        ),
    ),
}
"""What networks of a room may take instead."""


def fitting(contract: Contract, shape: Sequence[Any]) -> Contract:
    """The contract of the same room whose inputs have a network's ``shape``; the one given where none has."""
    others = OTHERS.get(contract.modality, ())
    return next((other for other in others if tuple(shape)[1:] == other.shape[1:]), contract)
