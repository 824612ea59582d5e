"""``compact-v3``, the default version: five networks that hear a window in different ways, in one file.

A picture's network, one of courses over time and one of numbers thought of beforehand are wrong about different clips,
so that together they are right more often than any of them. Two more remember what they heard: how familiar voices
sound, and the numbers of every clip.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from ml.speech_emotion import comparison, descriptors, functionals, log_mel, network
from ml.speech_emotion.compact import members, windows
from ml.speech_emotion.compact.windows import PreparedWindows
from ml.speech_emotion.labels import LABELS
from ml.speech_emotion.preprocessing import SAMPLE_RATE, WINDOW_S
from ml.speech_emotion.recipe import Recipe

MEMBERS: Final = (members.PICTURES, members.CONTOURS, members.NUMBERS, members.FAMILIAR, members.COMPARISON)


def _join(models: Sequence[Any], shares: Sequence[float]) -> Any:
    rows = [member.rows for member in MEMBERS]
    return network.together(list(zip(models, rows, shares, strict=True)))


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
        f"voicing and level, {functionals.COUNT} numbers on spectrum, pitch, voicing and level, and "
        f"{descriptors.COUNT:,} more on how spectrum and voice are spread and go on"
    ),
    summary=(
        "Four small networks trained from random weights and one that compares with known clips, in one file: a "
        "residual network with squeeze-and-excitation over the log-mel picture of three seconds (pictures); one of "
        "convolutions over time alone, which hears the same bands with the contours of pitch, voicing and level "
        f"(contours); one on {functionals.COUNT} functionals (how spectrum, pitch, voicing and level are spread and "
        "how they move over the window: numbers); the network on contours once more, trained on clips nearly as they "
        "were recorded (familiar); and kernel ridge regression on the functionals with "
        f"{descriptors.COUNT:,} descriptors more, which knows every training clip (comparison). Weights are stored in "
        "half precision."
    ),
    paper_claim=(
        "The paper reports 89.45 % on RAVDESS for its own network, from randomly sampled test data. That network is "
        "version paper-v1 here, measured by the same protocols as this one; its card says what it gives."
    ),
    notes=(
        "The window begins 0.25 s before the speech that the voice-activity detector of serving finds.",
        f"Augmentation of training windows, after the split, for pictures and contours: in "
        f"{100 * members.VARIATION.restyled:.0f} % of them mean and spread of every band and of the pitch are moved "
        "towards those of another training clip of the same emotion (MixStyle's idea); pace 0.86 to 1.16, pitch and "
        "formants moved and stretched, the window begun up to 0.23 s earlier or later, tone of the microphone, noise "
        "in 40 %, hidden bands and moments, mixup; targets smoothed by 10 %.",
        "Pictures, contours and familiar learn beside the emotion how strongly it was acted and which of the two "
        "sentences was said; what they say of these is not used.",
        "Familiar hears its training windows with about a quarter of that variation, little hidden and less mixed, and "
        "without moved manners. It was made for voices that are heard again, as in the random folds, where it and "
        "comparison count for nearly everything, and has the largest share for new voices too.",
        "Comparison: kernel ridge regression, a Gaussian kernel in each of "
        f"{len(comparison.SECTIONS)} sections of standardised numbers, of which each counts by a power of its F "
        "statistic over the training clips' emotions; the mean of the kernels; ridge "
        f"{comparison.RIDGE:g}. Nothing is trained: in a fold it is solved without the validation clips for the "
        "shares and with them to be measured.",
        "The numbers are standardised inside their network; those beyond 5 deviations count as 5. "
        f"{100 * members.CHANGED:.0f} % of the training windows are heard with noise 20, 10 or 5 dB below or through a "
        "telephone's band, with noise on the numbers, mixup and smoothed targets.",
        "Only what a window itself holds is used: no other clip of the speaker is needed to judge one.",
        "Networks, descriptors, variations and epochs were settled on the inner validation actors of the "
        "speaker-independent folds and on the validation clips of the first five random folds.",
    ),
    limits=(
        "Familiar and comparison know little else than clean sound: with noise 10 dB below the speech or less, and "
        "through a telephone's band, the other three alone would be right more often than all five.",
        "How loud somebody speaks is not heard at all, so that a microphone's gain changes nothing: what loudness "
        "would tell of anger is lost with it.",
    ),
)
