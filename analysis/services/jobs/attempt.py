"""One worker's attempt at a job: heartbeat, progress, log, and the conditions to stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from analysis.models import ModelJob
from analysis.pipeline import Progress
from analysis.services.attempts.heartbeat import RowHeartbeat
from analysis.services.attempts.stopping import worker_is_stopping
from analysis.services.errors import ClaimLost
from ml.confinement import programs
from ml.confinement.policy import Policy

MOST_LOG: Final = 200_000
"""Characters of the log that are kept, counted from its end: enough for some hundred epochs."""
TURN_S: Final = 5 * 3600.0
"""After this time a job is handed back to the queue, and a training resumes from its checkpoint.

It is below the time limit of a task, at which the worker would be killed, and lets waiting jobs run.
"""


class JobRefused(Exception):
    """The job cannot succeed, because of its input or options; ``str(error)`` is a sentence."""


class Attempt(RowHeartbeat[ModelJob]):
    """Context manager around the work. Every write is conditional on the claim: after losing it, nothing is written."""

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
        # The log is long, and at most beats it has not changed.
        log = self._log
        if log != self._log_stored:
            fields["log"] = self._log_stored = log
        return fields

    def text(self) -> str:
        return self._log

    def must_stop(self) -> bool:
        return self.should_stop() or self.must_hand_back()

    def must_hand_back(self) -> bool:
        """Whether another worker should continue the job, now or later. This does not count as a failed attempt."""
        return worker_is_stopping() or time.monotonic() - self._began_s > TURN_S

    def run(
        self,
        command: Sequence[str | Path],
        *,
        on_output: Callable[[str], None] | None = None,
        on_error: Callable[[str], bool] = lambda line: False,
    ) -> int:
        """:func:`programs.run` with the program's lines written to the log.

        ``on_output``, if given, receives standard output instead. ``on_error`` receives each line of standard error
        first; lines for which it returns true are not logged.
        """

        def log_unless_taken(line: str) -> None:
            if not on_error(line):
                self.log(line)

        output = on_output or self.log
        return programs.run(command, on_output=output, on_error=log_unless_taken, should_stop=self.must_stop)

    def run_confined(
        self, module: str, arguments: Sequence[str | Path], *, policy: Policy, on_output: Callable[[str], None]
    ) -> int:
        """:func:`programs.run_confined` with standard error written to the log."""
        return programs.run_confined(
            module,
            arguments,
            policy=policy,
            slots=settings.CONFINED_SLOTS,
            on_output=on_output,
            on_error=self.log,
            should_stop=self.must_stop,
        )

    def store(self, **fields: Any) -> None:
        """Write to the row; raises :class:`ClaimLost` when this attempt no longer holds the claim."""
        rows = ModelJob.objects.running().filter(pk=self.job.pk, claim=self._claim, cancel_requested_at=None)
        if not rows.update(**fields):
            raise ClaimLost
        for name, value in fields.items():
            setattr(self.job, name, value)
