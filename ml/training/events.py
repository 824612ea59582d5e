"""What a training tells the program that started it: one JSON object a line on standard error, apart from the log.

Standard library only: who reads the lines loads no trainer.
"""

import json
import sys
from dataclasses import asdict, dataclass
from typing import Final

_KIND: Final = "training_epoch"
_LARGEST: Final = 100_000


@dataclass(frozen=True, slots=True)
class Epoch:
    """Epoch ``epoch`` of ``epochs`` has ended, in training ``part`` of ``parts``; all count from 1."""

    title: str
    epoch: int
    epochs: int
    part: int
    parts: int

    @property
    def share(self) -> float:
        """How much of all trainings is done, 0..1."""
        return (self.part - 1 + self.epoch / self.epochs) / self.parts


def tell(event: Epoch) -> None:
    """Write the event where a program reads standard error; a terminal has the log."""
    if not sys.stderr.isatty():
        print(json.dumps({"event": _KIND, **asdict(event)}), file=sys.stderr, flush=True)


def read(line: str) -> Epoch | None:
    """The event of a line; None for a line that is none, or not a sensible one."""
    if not line.startswith("{"):
        return None
    try:
        found = json.loads(line)
    except ValueError:
        return None
    if not isinstance(found, dict) or found.pop("event", None) != _KIND:
        return None
    title, numbers = found.get("title"), [found.get(name) for name in ("epoch", "epochs", "part", "parts")]
    counts = [number for number in numbers if type(number) is int and 1 <= number <= _LARGEST]
    if not isinstance(title, str) or len(counts) != len(numbers):
        return None
    event = Epoch(title, *counts)
    return event if event.epoch <= event.epochs and event.part <= event.parts else None
