"""The five networks of the compact version, and how each is trained."""

from collections.abc import Callable
from typing import Any, Final

from ml.speech_emotion import comparison, network, voice_window
from ml.speech_emotion.compact.batches import NumberBatches, VariedBatches
from ml.speech_emotion.compact.variation import Variation
from ml.speech_emotion.compact.windows import PreparedWindows
from ml.speech_emotion.dataset import Indices
from ml.speech_emotion.labels import LABELS
from ml.speech_emotion.recipe import Solved, Trained
from ml.speech_emotion.shares import LEAST_PROBABILITY
from ml.training import loop
from ml.training.backend import keras

RATE: Final = 2e-3
HIGHER_RATE: Final = 4e-3
WEIGHT_DECAY: Final = 1e-2
WARM_UP: Final = 5
SMOOTHING: Final = 0.1
BATCH_SIZE: Final = 32
VARIATION: Final = Variation()
MIXING: Final = 0.2

LITTLE_VARIATION: Final = Variation(
    restyled=0.0,
    pitch=0.02,
    shift=0.5,
    semitones=0.7,
    tilt_db=1.5,
    noisy=0.15,
    masks=1,
    widest_band=8,
    longest_mask=10,
)
LITTLE_MIXING: Final = 0.1

MANNERS_WEIGHT: Final = 0.3
PICTURE_EPOCHS: Final = 50
CONTOUR_EPOCHS: Final = 60

NUMBER_EPOCHS: Final = 80
NUMBER_BATCH_SIZE: Final = 64
NUMBER_MIXING: Final = 0.3
CHANGED: Final = 0.25
CONDITIONS: Final = ("noise 20 dB below", "noise 10 dB below", "noise 5 dB below", "telephone band")
"""How the network on numbers hears training clips beside as they were recorded, in this share of the examples."""


def _compile(model: Any, loss: Any = "categorical_crossentropy", metric: Any = "accuracy") -> None:
    optimizer = keras().optimizers.AdamW(RATE, weight_decay=WEIGHT_DECAY)
    model.compile(optimizer=optimizer, loss=loss, metrics=[metric], jit_compile=False)


def _compile_with_manner(model: Any) -> None:
    """For targets and outputs (n, 10): the emotions' cross-entropy, and how far off their manner is."""
    ops = keras().ops
    count = len(LABELS)

    def loss(truth: Any, said: Any) -> Any:
        emotion = -ops.sum(truth[:, :count] * ops.log(said[:, :count] + LEAST_PROBABILITY), axis=1)
        return emotion + MANNERS_WEIGHT * ops.mean((truth[:, count:] - said[:, count:]) ** 2, axis=1)

    def accuracy(truth: Any, said: Any) -> Any:
        return ops.equal(ops.argmax(truth[:, :count], axis=1), ops.argmax(said[:, :count], axis=1))

    _compile(model, loss, accuracy)


def _varied(
    *, with_contours: bool, variation: Variation = VARIATION, mixing: float = MIXING
) -> Callable[[PreparedWindows, Indices, int], VariedBatches]:
    return lambda prepared, chosen, seed: VariedBatches(
        prepared.clips,
        chosen,
        with_contours=with_contours,
        variation=variation,
        mixing=mixing,
        smoothing=SMOOTHING,
        batch_size=BATCH_SIZE,
        seed=seed,
    )


def _numbers(prepared: PreparedWindows, chosen: Indices, seed: int) -> NumberBatches:
    return NumberBatches(
        prepared.clips,
        chosen,
        conditions=CONDITIONS,
        changed=CHANGED,
        mixing=NUMBER_MIXING,
        smoothing=SMOOTHING,
        batch_size=NUMBER_BATCH_SIZE,
        seed=seed,
    )


def _optimizer(rate: float, warm_up: int) -> str:
    after = f" after {warm_up} epochs of warm-up" if warm_up else ""
    return f"AdamW, {rate:g} falling along a cosine{after}, decay {WEIGHT_DECAY:g}"


PICTURES: Final = Trained(
    name="pictures",
    build=network.picture_network,
    compile=_compile_with_manner,
    batches=_varied(with_contours=False),
    epochs=PICTURE_EPOCHS,
    batch_size=BATCH_SIZE,
    schedule=loop.cosine(HIGHER_RATE, PICTURE_EPOCHS, warm_up=WARM_UP),
    selection=loop.latest,
    optimizer=_optimizer(HIGHER_RATE, WARM_UP),
    rows=voice_window.PICTURE,
)

CONTOURS: Final = Trained(
    name="contours",
    build=network.contour_network,
    compile=_compile_with_manner,
    batches=_varied(with_contours=True),
    epochs=CONTOUR_EPOCHS,
    batch_size=BATCH_SIZE,
    schedule=loop.cosine(RATE, CONTOUR_EPOCHS, warm_up=WARM_UP),
    selection=loop.latest,
    optimizer=_optimizer(RATE, WARM_UP),
    rows=voice_window.PICTURE_AND_CONTOURS,
)

NUMBERS: Final = Trained(
    name="numbers",
    build=network.number_network,
    compile=_compile,
    batches=_numbers,
    epochs=NUMBER_EPOCHS,
    batch_size=NUMBER_BATCH_SIZE,
    schedule=loop.cosine(RATE, NUMBER_EPOCHS),
    selection=loop.latest,
    optimizer=_optimizer(RATE, 0),
    rows=voice_window.NUMBERS,
)

FAMILIAR: Final = Trained(
    name="familiar",
    build=lambda: network.contour_network("familiar"),
    compile=_compile_with_manner,
    batches=_varied(with_contours=True, variation=LITTLE_VARIATION, mixing=LITTLE_MIXING),
    epochs=CONTOUR_EPOCHS,
    batch_size=BATCH_SIZE,
    schedule=loop.cosine(HIGHER_RATE, CONTOUR_EPOCHS, warm_up=WARM_UP),
    selection=loop.latest,
    optimizer=_optimizer(HIGHER_RATE, WARM_UP),
    rows=voice_window.PICTURE_AND_CONTOURS,
    again=True,
)
"""The network on contours once more, which hears its training clips nearly as they were recorded and so remembers how
voices sound. Every clip more is worth much to it: it is trained again with the validation clips once these have been
heard for the shares."""

COMPARISON: Final = Solved(
    name="comparison",
    solve=lambda prepared, chosen: comparison.solved(
        prepared.clips.features.numbers[chosen], prepared.clips.truth[chosen]
    ),
    rows=voice_window.NUMBERS_AND_DESCRIPTORS,
)
