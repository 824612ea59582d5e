"""The options of a training, as ``train_model`` gives them."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """``data`` holds the data sets, ``work`` checkpoints and caches, ``output`` the finished versions.

    ``epochs`` None means the number of the recipe; ``resume`` continues the last checkpoint; ``package_only``
    trains no further and packages the best checkpoint so far; ``protocol`` (speech) re-runs one protocol;
    ``backbones`` (the paper's eye network) holds the ImageNet weights.
    """

    data: Path
    work: Path
    output: Path
    version: str
    epochs: int | None = None
    seed: int = 0
    resume: bool = False
    package_only: bool = False
    protocol: str | None = None
    backbones: Path | None = None
