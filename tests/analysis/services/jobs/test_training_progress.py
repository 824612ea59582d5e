"""The trainer's own output, from the program to the job's progress bar."""

from pathlib import Path
from typing import Any

import pytest

from analysis.services import model_job_execute, model_job_request
from analysis.services.jobs.attempt import Attempt
from tests.factories.data_sets import write_fer2013

pytestmark = [pytest.mark.django_db, pytest.mark.training]


def test_every_epoch_of_a_real_training_moves_the_bar(
    carol: Any, data: Path, weights_dir: Path, monkeypatch: pytest.MonkeyPatch
):
    write_fer2013(data)
    shown = []
    report = Attempt.report
    monkeypatch.setattr(Attempt, "report", lambda self, progress: (shown.append(progress), report(self, progress))[1])
    options = {"version": "mine", "recipe": "paper-v1", "epochs": 2}
    job = model_job_request(kind="train", modality="facial_expression", by=carol, options=options)
    model_job_execute(job_id=job.pk)
    job.refresh_from_db()
    assert job.status == "succeeded", job.failure_reason + job.log
    assert [(progress.stage, progress.fraction) for progress in shown] == [
        ("Reading the data", 0.0),
        ("Training facial_expression paper-v1, epoch 1 of 2", 0.475),
        ("Training facial_expression paper-v1, epoch 2 of 2", 0.95),
        ("Registering the version", 0.99),
    ]
    assert "epoch 2/2" in job.log
    assert "training_epoch" not in job.log
