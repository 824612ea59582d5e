"""Data sets in small, of noise."""

from pathlib import Path

import numpy as np

FACES_PER_SPLIT = 14


def write_fer2013(folder: Path) -> None:
    """FER2013 and its FER+ votes: two pictures of each label in each split."""
    random = np.random.default_rng(0)
    np.savez(
        folder / "fer2013.npz",
        images=random.integers(0, 256, (3 * FACES_PER_SPLIT, 48, 48), dtype=np.uint8),
        labels=(np.arange(3 * FACES_PER_SPLIT) % 7).astype(np.uint8),
        usage=np.repeat([0, 1, 2], FACES_PER_SPLIT).astype(np.uint8),
    )
    columns = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF")
    np.savez(
        folder / "ferplus_votes.npz",
        votes=random.multinomial(10, [0.1] * 10, 3 * FACES_PER_SPLIT).astype(np.uint8),
        columns=np.array(columns),
        valid=np.ones(3 * FACES_PER_SPLIT, np.uint8),
    )
