"""Runs with a pipeline whose outcome the test decides; everything around it is real."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from ml.artifacts import WEIGHTS
from ml.timeline import Timeline
from tests.factories import analyses
from tests.factories import models as models_factory
from tests.factories.analyses import FakePipeline


@pytest.fixture
def timelines() -> dict[str, Timeline]:
    """20 s: a surprised face at 9.5 s, a look to the left from 10 to 14 s, a blink, and a calm voice to 15 s."""
    return analyses.interview_timelines()


@pytest.fixture
def make_analysis(timelines: dict[str, Timeline]) -> Callable[..., Any]:
    """What the pipeline returns for ``timelines``; keyword arguments replace fields."""
    return functools.partial(analyses.analysis_of, timelines)


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch, make_analysis: Callable[..., Any]) -> FakePipeline:
    fake = FakePipeline(make_analysis())
    monkeypatch.setattr("analysis.recording_process.supervisor.analyze_confined", fake)
    return fake


@pytest.fixture
def queued_run(interview: Any, alice: Any) -> Any:
    from analysis.services import run_request

    return run_request(recording=interview.recordings.get(), by=alice)


@pytest.fixture
def succeeded_run(queued_run: Any, pipeline: FakePipeline) -> Any:
    from analysis.services import run_execute

    run_execute(run_id=queued_run.pk)
    queued_run.refresh_from_db()
    assert queued_run.status == "succeeded", queued_run.failure_reason
    return queued_run


@pytest.fixture
def weights_dir(settings: Any, tmp_path: Path) -> Path:
    """An empty folder in place of ``ml/weights``."""
    settings.WEIGHTS_DIR = tmp_path / "weights"
    settings.WEIGHTS_DIR.mkdir()
    settings.MODEL_CACHE_DIR = tmp_path / "cache"
    return settings.WEIGHTS_DIR


@pytest.fixture(scope="session")
def rows_of_shipped() -> list[list[Any]]:
    """What ``sync_model_versions`` writes of the shipped versions, as soon as a test has had it written."""
    return []


@pytest.fixture
def record_installed(
    settings: Any, monkeypatch: pytest.MonkeyPatch, rows_of_shipped: list[list[Any]]
) -> Callable[[], None]:
    """``record_installed()``: the rows of the installed versions, without timing their networks."""
    from analysis.models import ModelChange, ModelVersion

    monkeypatch.setattr("analysis.management.commands.sync_model_versions._latency_ms", lambda artifact: 1.0)

    def record() -> None:
        is_shipped = settings.WEIGHTS_DIR == WEIGHTS
        if is_shipped and rows_of_shipped:
            for rows in rows_of_shipped:
                type(rows[0]).objects.bulk_create(rows)
            return
        call_command("sync_model_versions", verbosity=0)
        if is_shipped:
            rows_of_shipped.extend((list(ModelVersion.objects.all()), list(ModelChange.objects.all())))

    return record


@pytest.fixture
def make_version(db: None, weights_dir: Path) -> Callable[..., Any]:
    """``make_version("speech_emotion", "v2", status="active")``: a row with whole weights and a good evaluation."""
    return functools.partial(models_factory.make_version, weights_dir)
