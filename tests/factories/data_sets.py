"""Data sets in small, of noise."""

from pathlib import Path

import numpy as np


def write_fer2013(folder: Path) -> None:
    """FER2013 and its FER+ votes: 70 pictures of each split, ten of each label."""
    random = np.random.default_rng(0)
    np.savez(
        folder / "fer2013.npz",
        images=random.integers(0, 256, (210, 48, 48), dtype=np.uint8),
        labels=(np.arange(210) % 7).astype(np.uint8),
        usage=np.repeat([0, 1, 2], 70).astype(np.uint8),
    )
    columns = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF")
    np.savez(
        folder / "ferplus_votes.npz",
        votes=random.multinomial(10, [0.1] * 10, 210).astype(np.uint8),
        columns=np.array(columns),
        valid=np.ones(210, np.uint8),
    )
