"""Class priors: how often each label occurs where a network was trained, and where it is used.

A network's probabilities contain the shares of the classes in its training data (the prior). Where the classes occur
in other shares, the probabilities are corrected by the ratio of the priors (label shift; Saerens, Latinne and
Decaestecker, *Adjusting the outputs of a classifier to new a priori probabilities*, Neural Computation 14, 2002).
Standard library only: the web process corrects stored references with it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

FLOOR: Final = 1e-4
"""Lower bound of a share, as of the probabilities that are stored."""


@dataclass(frozen=True, slots=True)
class ClassPrior:
    """Shares of the classes in the order of a version's labels, each summing to 1.

    ``training``: the mean of the version's calibrated probabilities on validation data that is distributed as its
    training data. ``use``: the shares that are assumed in use. ``source`` says where these come from.
    """

    training: tuple[float, ...]
    use: tuple[float, ...]
    source: str

    def corrected(self, probabilities: Sequence[float]) -> tuple[float, ...]:
        """Probabilities under the prior of training, under the prior of use."""
        weighted = [p * ratio for p, ratio in zip(probabilities, self.ratios, strict=True)]
        total = sum(weighted)
        return tuple(p / total for p in weighted) if total else tuple(probabilities)

    @property
    def ratios(self) -> tuple[float, ...]:
        """The prior of use over that of training, by label."""
        return tuple(max(FLOOR, use) / max(FLOOR, seen) for use, seen in zip(self.use, self.training, strict=True))

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"training": list(self.training), "use": list(self.use)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ClassPrior":
        """Raises ``ValueError`` with a phrase that names what is wrong."""
        try:
            prior = cls(tuple(map(float, data["training"])), tuple(map(float, data["use"])), str(data["source"]))
        except (KeyError, TypeError) as error:
            raise ValueError("class_prior lacks training, use or source") from error
        for shares in (prior.training, prior.use):
            if not all(0 <= share <= 1 for share in shares) or not math.isclose(sum(shares), 1, abs_tol=0.01):
                raise ValueError("a class prior does not consist of shares that sum to 1")
        return prior
