"""``compact-v2``, the default version: ``compact-v1``'s network and one on numbers of the same window, in one file.

A picture's network and numbers that were thought of beforehand are wrong about different clips, so that their mean is
right more often than either.
"""

from typing import Any, Final

import numpy as np

from ml.speech_emotion import compact, front_ends, functional_clips, functionals, log_mel, network
from ml.speech_emotion.dataset import Clips, Floats, Indices
from ml.speech_emotion.functional_clips import FunctionalBatches
from ml.speech_emotion.labels import LABELS
from ml.speech_emotion.partner import Partner
from ml.speech_emotion.preprocessing import SAMPLE_RATE, WINDOW_S
from ml.speech_emotion.recipe import Recipe
from ml.training import loop
from ml.training.backend import keras

EPOCHS: Final = 80
BATCH_SIZE: Final = 64
RATE: Final = 2e-3
WEIGHT_DECAY: Final = 1e-2
CHANGED: Final = 0.25
CONDITIONS: Final = ("noise 20 dB below", "noise 10 dB below", "noise 5 dB below", "telephone band")
"""How training clips are heard beside as they were recorded, in this share of the examples."""

MIXING: Final = 0.3
SMOOTHING: Final = 0.1
PARTNER: Final = "compact-v1"
PARTNERS_WEIGHT: Final = 0.5
"""What the network on pictures weighs; chosen on the folds' inner validation actors."""


class PreparedWindows:
    """Pictures and numbers: nothing of their preprocessing is learnt from the clips outside the network."""

    preprocessing: dict[str, Any] = {"features": front_ends.LOG_MEL_FUNCTIONALS}

    def __init__(self, clips: Clips, train: Indices) -> None:
        self._clips = clips

    def inputs(self, chosen: Indices) -> Floats:
        return np.asarray(self._clips.features[chosen])

    def changed(self, chosen: Indices) -> dict[str, Floats]:
        return {name: inputs[chosen] for name, inputs in self._clips.changed.items()}

    def batches(self, chosen: Indices, *, seed: int) -> FunctionalBatches:
        return FunctionalBatches(
            self._clips,
            chosen,
            conditions=CONDITIONS,
            changed=CHANGED,
            mixing=MIXING,
            smoothing=SMOOTHING,
            batch_size=BATCH_SIZE,
            seed=seed,
        )


def _compile(model: Any) -> None:
    optimizer = keras().optimizers.AdamW(RATE, weight_decay=WEIGHT_DECAY)
    model.compile(optimizer=optimizer, loss="categorical_crossentropy", metrics=["accuracy"], jit_compile=False)


RECIPE: Final = Recipe(
    needs=f"It is trained on ravdess/ and judges together with {PARTNER}, trained before it in the same work folder.",
    load=functional_clips.load,
    prepare=PreparedWindows,
    read=lambda clips, preprocessing: clips.features,
    build=network.functionals_network,
    compile=_compile,
    epochs=EPOCHS,
    batch_size=BATCH_SIZE,
    schedule=loop.cosine(RATE, EPOCHS),
    selection=loop.latest,
    half_products=False,
    half_precision=True,
    outputs=len(LABELS),
    optimizer=f"AdamW, {RATE:g} falling along a cosine, decay {WEIGHT_DECAY:g}",
    name="Speech emotion, compact network with functionals",
    input_description=(
        f"{WINDOW_S:g} s of mono speech at {SAMPLE_RATE:,} Hz, as a log-mel picture of {log_mel.FRAMES} frames by "
        f"{log_mel.MELS} bands up to 7.6 kHz, relative to its own loud frames, and {functionals.COUNT} numbers on its "
        "spectrum, pitch, voicing and level in rows below it"
    ),
    summary=(
        f"The network of {PARTNER} on the log-mel picture of three seconds, and a small network on {functionals.COUNT} "
        "numbers (functionals: how spectrum, pitch, voicing and level are spread and how they move over the window), "
        "both trained from random weights; the file gives their geometric mean. Weights are stored in half precision."
    ),
    paper_claim=compact.RECIPE.paper_claim,
    notes=(
        f"{PARTNER}'s network is the same as in that version, in every fold the one that was trained on the same clips "
        f"with the same seed; it weighs {PARTNERS_WEIGHT:g} in the mean. Epochs and rates are those of the network "
        "on numbers.",
        "The numbers are standardised inside the network; those beyond 5 deviations count as 5.",
        f"Augmentation of training clips, after the split: {CHANGED:.0%} of them heard with noise 20, 10 or 5 dB below "
        "or through a telephone's band, noise on the numbers, mixup; targets smoothed by 10 %.",
        "Only what a window itself holds is used: no other clip of the speaker is needed to judge one.",
        "The choice of numbers, network and weights was made on the folds' inner validation actors.",
    ),
    limits=compact.RECIPE.limits,
    partner=Partner(PARTNER, compact.RECIPE.build, PARTNERS_WEIGHT),
)
