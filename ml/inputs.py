"""The input signature of a network: what every network that reads a kind of input takes, whoever trained it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class InputSpec:
    """One float32 tensor.

    ``shape`` begins with a batch of one. ``description`` is a phrase for manifests, cards and messages: unit, range
    and origin of the values. ``statistics`` names the numbers of the training data that preprocessing takes from the
    manifest. ``settings`` is what else stands in the manifest's ``preprocessing``. A network may have up to
    ``spare_outputs`` outputs beyond its labels; they are not used.
    """

    shape: tuple[int, ...]
    description: str
    statistics: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    spare_outputs: int = 0

    def to_manifest(self) -> dict[str, Any]:
        """The ``input`` of a manifest."""
        return {"shape": list(self.shape), "dtype": "float32", "description": self.description}


def match_signature(specs: Sequence[InputSpec], shape: Sequence[Any]) -> InputSpec:
    """The spec whose example has the shape of a network's input, batch aside; the first one where none has."""
    return next((spec for spec in specs if tuple(shape)[1:] == spec.shape[1:]), specs[0])
