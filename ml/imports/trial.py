"""The trial of a network that was let in: made-up inputs in, and what comes out must be probabilities."""

from typing import Any, Final

import numpy as np

from ml.contracts import Contract, fitting
from ml.imports.errors import ImportRefused
from ml.imports.latency import latency_ms
from ml.runtime import Graph
from ml.training.metrics import Floats

EXAMPLES: Final = 24
SUM_TOLERANCE: Final = 1e-3
AGREEMENT_TOLERANCE: Final = 0.01
"""Largest difference of one probability between the network as uploaded and as converted."""


def examples(contract: Contract) -> Floats:
    """Inputs (24, ...) for a room: noise as its preprocessing gives it (mean 0, deviation 1), smooth ramps, all zero.

    The same at every call.
    """
    shape = contract.shape[1:]
    random = np.random.default_rng(20_140_701)
    noise = random.normal(size=(EXAMPLES - 4, *shape))
    size = int(np.prod(shape))
    ramp = np.linspace(-1.7, 1.7, size).reshape(shape)
    made = [ramp, -ramp, np.zeros(shape), np.sin(ramp * 8)]
    return np.concatenate([noise, np.stack(made)]).astype(np.float32)


def run(content: bytes, contract: Contract) -> tuple[Floats, float]:
    """Outputs (24, outputs) for :func:`examples` and the median latency in ms of one example on one thread.

    Raises :class:`ImportRefused` when the file cannot be run, has other shapes than the room, or gives anything but
    the same probabilities twice.
    """
    graph = _load(content, contract)
    inputs = examples(contract)
    first, second = _outputs(graph, inputs), _outputs(graph, inputs)
    if not np.isfinite(first).all():
        raise ImportRefused("The network gives values that are not numbers (NaN or infinity) for ordinary inputs.")
    if (first < -SUM_TOLERANCE).any() or np.abs(first.sum(axis=1) - 1).max() > SUM_TOLERANCE:
        raise ImportRefused("The network's outputs are not probabilities that sum to 1. End it with a softmax.")
    if not np.array_equal(first, second):
        raise ImportRefused("The network gives different answers to the same input. Save it without random parts.")
    return first, latency_ms(graph)


def contract_of(content: bytes, contract: Contract) -> Contract:
    """Which of the room's kinds of inputs a LiteRT file takes; ``contract`` where it takes none of them."""
    try:
        graph = Graph(content)
    except (ValueError, RuntimeError):
        return contract  # what is wrong with it, its trial says
    return fitting(contract, graph.input_shape) if graph.inputs else contract


def check_agreement(converted: Floats, original: Floats) -> float:
    """The largest difference of one probability; raises :class:`ImportRefused` when it is too large."""
    difference = float(np.abs(converted - original).max())
    if not difference <= AGREEMENT_TOLERANCE:
        raise ImportRefused(f"Converted for serving, the network answers differently, by up to {difference:.3f}.")
    return difference


def check_shapes(contract: Contract, inputs: tuple[Any, ...], outputs: tuple[Any, ...]) -> None:
    """Compare one example's shapes with the room's; raises :class:`ImportRefused`. A free batch size is None or -1."""
    if tuple(inputs[1:]) != contract.shape[1:] or inputs[0] not in (None, -1, 1):
        raise ImportRefused(
            f"The network takes inputs of the shape {_spoken(inputs)}; this modality gives {_spoken(contract.shape)}:"
            f" {contract.description}."
        )
    labels = len(contract.labels)
    allowed = range(labels, labels + contract.spare_outputs + 1)
    if len(outputs) != 2 or outputs[1] not in allowed:
        raise ImportRefused(
            f"The network gives outputs of the shape {_spoken(outputs)}; this modality has {labels} labels, so it must"
            f" give (1, {labels})."
        )


def _load(content: bytes, contract: Contract) -> Graph:
    try:
        graph = Graph(content)
    except (ValueError, RuntimeError) as error:
        raise ImportRefused("LiteRT cannot load this network. Convert it with a current version.") from error
    if len(graph.inputs) != 1 or len(graph.outputs) != 1:
        raise ImportRefused("The network has several inputs or outputs; a recogniser here has one of each.")
    (given,), (answer,) = graph.inputs, graph.outputs
    check_shapes(contract, tuple(int(n) for n in given["shape"]), tuple(int(n) for n in answer["shape"]))
    if given["dtype"] is not np.float32 or answer["dtype"] is not np.float32:
        raise ImportRefused("The network does not take and give 32-bit floating-point numbers. Convert it again.")
    return graph


def _outputs(graph: Graph, inputs: Floats) -> Floats:
    try:
        return np.stack([graph.run(example[np.newaxis])[0][0] for example in inputs])
    except (ValueError, RuntimeError) as error:
        raise ImportRefused("The network fails on an ordinary input of this modality.") from error


def _spoken(shape: tuple[Any, ...]) -> str:
    return f"({', '.join('any' if n in (None, -1) else str(n) for n in shape)})"
