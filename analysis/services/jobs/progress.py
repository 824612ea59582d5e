"""How far a training is, from the lines it writes."""

from __future__ import annotations

import re
from typing import Final

from analysis.models import Modality
from analysis.pipeline import Progress

TRAINED_SHARE: Final = 0.95
"""The rest is packaging and measuring."""

# "speech_emotion speaker seed 0 fold 2/5: epoch 7/100 loss …", as ml.training.loop writes it.
_EPOCH: Final = re.compile(r"^(?P<title>[^:]{1,200}): epoch (?P<epoch>\d{1,5})/(?P<epochs>\d{1,5}) ")
_FOLD: Final = re.compile(r" (?P<protocol>speaker|random) .*fold (?P<fold>\d{1,3})/(?P<folds>\d{1,3})$")

# Speech is trained many times before the network that counts: parts before each protocol, of all parts.
_SPEECH_PARTS: Final = 16
_PARTS_BEFORE: Final = {"speaker": 0, "random": 5}


def training_progress(line: str, *, modality: str) -> Progress | None:
    """What a line of the training says; None for one that says nothing of it."""
    found = _EPOCH.match(line)
    if found is None:
        return None
    epoch, epochs = int(found["epoch"]), max(1, int(found["epochs"]))
    done, parts = min(1.0, epoch / epochs), 1
    if modality == Modality.SPEECH_EMOTION:
        fold, parts = _FOLD.search(found["title"]), _SPEECH_PARTS
        done += _SPEECH_PARTS - 1 if fold is None else _PARTS_BEFORE[fold["protocol"]] + int(fold["fold"]) - 1
    stage = f"Training {found['title']}, epoch {epoch} of {epochs}"
    return Progress(stage[:200], round(min(1.0, done / parts) * TRAINED_SHARE, 4))
