"""The trial of a network that passed the inspection: made-up inputs, whose outputs must be probabilities."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ml.imports.errors import ImportRefused
from ml.imports.latency import latency_ms
from ml.inputs import InputSpec, match_signature
from ml.recognizers import RecognizerSpec
from ml.runtime import Graph
from ml.training.metrics import Floats

EXAMPLES: Final = 24
SUM_TOLERANCE: Final = 1e-3
AGREEMENT_TOLERANCE: Final = 0.01
"""Largest difference of one probability between the network as uploaded and as converted."""


@dataclass(frozen=True)
class Trial:
    """The signature that the network has, its probabilities (24, outputs) for :func:`examples`, and the median latency
    in ms of one example on one thread."""

    input: InputSpec
    probabilities: Floats
    latency_ms: float


def examples(spec: InputSpec) -> Floats:
    """Inputs (24, ...): noise of mean 0 and standard deviation 1, smooth ramps, all zero. The same at every call."""
    shape = spec.shape[1:]
    random = np.random.default_rng(20_140_701)
    noise = random.normal(size=(EXAMPLES - 4, *shape))
    size = int(np.prod(shape))
    ramp = np.linspace(-1.7, 1.7, size).reshape(shape)
    made = [ramp, -ramp, np.zeros(shape), np.sin(ramp * 8)]
    return np.concatenate([noise, np.stack(made)]).astype(np.float32)


def run(content: bytes, recognizer: RecognizerSpec) -> Trial:
    """Run a LiteRT file on :func:`examples`, twice.

    Raises :class:`ImportRefused` when the file cannot be run, has another signature than the recogniser, or gives
    anything but the same probabilities twice.
    """
    graph, spec = _load(content, recognizer)
    inputs = examples(spec)
    first, second = _outputs(graph, inputs), _outputs(graph, inputs)
    if not np.isfinite(first).all():
        raise ImportRefused("The network gives values that are not numbers (NaN or infinity) for ordinary inputs.")
    if (first < -SUM_TOLERANCE).any() or np.abs(first.sum(axis=1) - 1).max() > SUM_TOLERANCE:
        raise ImportRefused("The network's outputs are not probabilities that sum to 1. End it with a softmax.")
    if not np.array_equal(first, second):
        raise ImportRefused("The network gives different answers to the same input. Save it without random parts.")
    return Trial(spec, first, latency_ms(graph))


def check_agreement(converted: Floats, original: Floats) -> float:
    """The largest difference of one probability; raises :class:`ImportRefused` when it is too large."""
    difference = float(np.abs(converted - original).max())
    if not difference <= AGREEMENT_TOLERANCE:
        raise ImportRefused(f"Converted for serving, the network answers differently, by up to {difference:.3f}.")
    return difference


def check_signature(recognizer: RecognizerSpec, inputs: tuple[Any, ...], outputs: tuple[Any, ...]) -> InputSpec:
    """The recogniser's input that has the shape of the network's; a free batch size is None or -1.

    Raises :class:`ImportRefused` when there is none, or when the number of outputs does not fit the labels.
    """
    spec = match_signature(recognizer.inputs, inputs)
    if tuple(inputs[1:]) != spec.shape[1:] or inputs[0] not in (None, -1, 1):
        raise ImportRefused(
            f"The network takes inputs of the shape {_shape_text(inputs)}; this modality gives"
            f" {_shape_text(spec.shape)}: {spec.description}."
        )
    labels = len(recognizer.labels)
    allowed = range(labels, labels + spec.spare_outputs + 1)
    if len(outputs) != 2 or outputs[1] not in allowed:
        raise ImportRefused(
            f"The network gives outputs of the shape {_shape_text(outputs)}; this modality has {labels} labels, so it"
            f" must give (1, {labels})."
        )
    return spec


def _load(content: bytes, recognizer: RecognizerSpec) -> tuple[Graph, InputSpec]:
    try:
        graph = Graph(content)
    except (ValueError, RuntimeError) as error:
        raise ImportRefused("LiteRT cannot load this network. Convert it with a current version.") from error
    if len(graph.inputs) != 1 or len(graph.outputs) != 1:
        raise ImportRefused("The network has several inputs or outputs; a recogniser here has one of each.")
    (given,), (answer,) = graph.inputs, graph.outputs
    spec = check_signature(recognizer, tuple(int(n) for n in given["shape"]), tuple(int(n) for n in answer["shape"]))
    if given["dtype"] is not np.float32 or answer["dtype"] is not np.float32:
        raise ImportRefused("The network does not take and give 32-bit floating-point numbers. Convert it again.")
    return graph, spec


def _outputs(graph: Graph, inputs: Floats) -> Floats:
    try:
        return np.stack([graph.run(example[np.newaxis])[0][0] for example in inputs])
    except (ValueError, RuntimeError) as error:
        raise ImportRefused("The network fails on an ordinary input of this modality.") from error


def _shape_text(shape: tuple[Any, ...]) -> str:
    return f"({', '.join('any' if n in (None, -1) else str(n) for n in shape)})"
