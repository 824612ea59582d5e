"""``compact-v3``, the default version: three networks that hear a window in different ways, in one file.

A picture's network, one of courses over time and one of numbers thought of beforehand are wrong about different clips,
so that their mean is right more often than any of them.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from ml.speech_emotion import functionals, log_mel, network
from ml.speech_emotion.compact import members, windows
from ml.speech_emotion.compact.windows import PreparedWindows
from ml.speech_emotion.labels import LABELS
from ml.speech_emotion.preprocessing import SAMPLE_RATE, WINDOW_S
from ml.speech_emotion.recipe import Recipe

MEMBERS: Final = (members.PICTURES, members.CONTOURS, members.NUMBERS)


def _join(models: Sequence[Any]) -> Any:
    return network.together([(model, member.rows) for model, member in zip(models, MEMBERS, strict=True)])


RECIPE: Final = Recipe(
    needs="It is trained on ravdess/.",
    load=windows.load,
    prepare=PreparedWindows,
    read=lambda clips, preprocessing: clips.features.inputs(np.arange(len(clips.truth))),
    members=MEMBERS,
    join=_join,
    half_precision=True,
    outputs=len(LABELS),
    name="Speech emotion, compact networks",
    input_description=(
        f"{WINDOW_S:g} s of mono speech at {SAMPLE_RATE:,} Hz, as a log-mel picture of {log_mel.FRAMES} frames by "
        f"{log_mel.MELS} bands up to 7.6 kHz, relative to its own loud frames; in rows below it the contours of pitch, "
        f"voicing and level, and {functionals.COUNT} numbers on spectrum, pitch, voicing and level"
    ),
    summary=(
        "Three small networks trained from random weights, whose geometric mean the file gives: a residual network "
        "with squeeze-and-excitation over the log-mel picture of three seconds; one of convolutions over time alone, "
        "which hears the same bands with the contours of pitch, voicing and level; and one on "
        f"{functionals.COUNT} functionals (how spectrum, pitch, voicing and level are spread and how they move over "
        "the window). The first two have four attentions over time. Weights are stored in half precision."
    ),
    paper_claim=(
        "The paper reports 89.45 % on RAVDESS for its own network, from randomly sampled test data. That network is "
        "version paper-v1 here, measured by the same protocols as this one; its card says what it gives."
    ),
    notes=(
        "The window begins 0.25 s before the speech that the voice-activity detector of serving finds.",
        f"Augmentation of training windows, after the split, for the first two networks: in "
        f"{100 * members.VARIATION.restyled:.0f} % of them mean and spread of every band and of the pitch are moved "
        "towards those of another training clip of the same emotion (MixStyle's idea); pace 0.86 to 1.16, pitch and "
        "formants moved and stretched, the window begun up to 0.23 s earlier or later, tone of the microphone, noise "
        "in 40 %, hidden bands and moments, mixup; targets smoothed by 10 %.",
        "The first two networks learn beside the emotion how strongly it was acted and which of the two sentences was "
        "said; what they say of these is not used.",
        "The numbers are standardised inside their network; those beyond 5 deviations count as 5. "
        f"{100 * members.CHANGED:.0f} % of the training windows are heard with noise 20, 10 or 5 dB below or through a "
        "telephone's band, with noise on the numbers, mixup and smoothed targets.",
        "Only what a window itself holds is used: no other clip of the speaker is needed to judge one.",
        "Networks, variations and epochs were settled on the folds' inner validation actors.",
    ),
    limits=(
        "How loud somebody speaks is not heard at all, so that a microphone's gain changes nothing: what loudness "
        "would tell of anger is lost with it.",
    ),
)
