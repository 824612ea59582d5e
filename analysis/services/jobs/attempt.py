"""One worker's attempt at a job: its sign of life, its progress, its log, and when it has to stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from analysis.models import ModelJob
from analysis.pipeline import Progress
from analysis.services import programs
from analysis.services.errors import ClaimLost
from analysis.services.heartbeat import RowHeartbeat
from analysis.services.stopping import worker_is_stopping

MOST_LOG: Final = 200_000
"""Characters of the log that are kept: some hundred epochs, the latest."""
TURN_S: Final = 5 * 3600.0
"""Then a training is handed back, to go on from its checkpoint: below the time limit of a task, at which the worker
would be killed, and long enough for others to wait for."""


class JobRefused(Exception):
    """The job cannot end well, for a reason that lies in what was asked; ``str(error)`` is a sentence."""


class Attempt(RowHeartbeat[ModelJob]):
    """Context manager around the work. What it stores goes through the claim: a lost one writes nothing."""

    def __init__(self, *, job: ModelJob, claim: UUID) -> None:
        super().__init__(rows=ModelJob.objects.all(), row_id=job.pk, claim=claim)
        self.job, self._claim = job, claim
        self._began_s = time.monotonic()
        self._log = job.log
        self._log_stored = job.log

    def stage(self, text: str, fraction: float) -> None:
        self.report(Progress(text, fraction))

    def log(self, line: str) -> None:
        """Add a line; stored at the next beat."""
        self._log = f"{self._log}{line}\n"[-MOST_LOG:]

    def fields(self) -> dict[str, Any]:
        fields = super().fields()
        # Most beats have nothing new to say, and a log is long.
        log = self._log
        if log != self._log_stored:
            fields["log"] = self._log_stored = log
        return fields

    def text(self) -> str:
        return self._log

    def must_stop(self) -> bool:
        return self.should_stop() or self.must_hand_back()

    def must_hand_back(self) -> bool:
        """Whether the job goes on elsewhere, or later: it is nobody's fault, and counts as no attempt."""
        return worker_is_stopping() or time.monotonic() - self._began_s > TURN_S

    def run(
        self,
        command: Sequence[str | Path],
        *,
        on_output: Callable[[str], None] | None = None,
        on_error: Callable[[str], bool] = lambda line: False,
        timeout_s: float | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> int:
        """:func:`programs.run`; what it writes goes to the log, but for its output where ``on_output`` takes it and for
        what ``on_error`` says it has taken."""

        def heard(line: str) -> None:
            if not on_error(line):
                self.log(line)

        return programs.run(
            command,
            on_output=on_output or self.log,
            on_error=heard,
            should_stop=self.must_stop,
            timeout_s=timeout_s,
            environment=environment,
        )

    def store(self, **fields: Any) -> None:
        """Write to the row; raises :class:`ClaimLost` when it is no longer this attempt's."""
        rows = ModelJob.objects.running().filter(pk=self.job.pk, claim=self._claim, cancel_requested_at=None)
        if not rows.update(**fields):
            raise ClaimLost
        for name, value in fields.items():
            setattr(self.job, name, value)
