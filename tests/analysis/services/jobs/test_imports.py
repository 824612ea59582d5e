"""A file comes in, is imported by the real program, and becomes a candidate, or is refused with a sentence."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from analysis.models import ModelJob, ModelVersion
from analysis.services import ModelRefused, model_job_execute, model_job_resume, weights_verify
from analysis.services.jobs import uploads
from ml.confinement.programs import ProgramKilled
from ml.imports import inspect
from tests.factories import model_files

pytestmark = pytest.mark.django_db


def stored_uploads() -> list[str]:
    try:
        return default_storage.listdir(uploads.UPLOADS)[1]
    except FileNotFoundError:
        return []


def test_a_whole_file_becomes_a_candidate(
    receive: Callable[..., Any], carol: Any, published: list[Any], django_capture_on_commit_callbacks: Any
):
    with django_capture_on_commit_callbacks(execute=True):
        job = receive(model_files.litert_bytes(), data="Random numbers", licence="None")
    assert published == [("analysis.tasks.model_job_execute", (str(job.pk),))]
    assert "evil" not in job.upload.name
    model_job_execute(job_id=job.pk)
    job.refresh_from_db()
    assert job.status == "succeeded", job.failure_reason
    version = job.model_version
    assert (version.status, version.source, version.version) == ("candidate", "uploaded", "small-v1")
    assert version.created_by == carol
    assert version.latency_ms > 0
    assert version.manifest["data"] == "Random numbers"
    assert weights_verify(version=version) == ""
    assert (job.progress, job.stage) == (1.0, "")
    assert "Trying the network" in job.log
    assert stored_uploads() == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"hello, I am a text\n" * 9, "text file"),
        (model_files.pickle.dumps([1, 2, 3]), "Python pickle"),
        (model_files.litert_bytes(model_files.litert_model(custom="FlexAdd")), "custom operators"),
    ],
)
def test_a_bad_file_is_refused_with_the_inspections_sentence(receive: Callable[..., Any], content: bytes, words: str):
    job = receive(content)
    model_job_execute(job_id=job.pk)
    job.refresh_from_db()
    assert job.status == "failed"
    assert words in job.failure_reason
    assert not ModelVersion.objects.filter(version="small-v1").exists()
    assert stored_uploads() == []
    assert not job.is_resumable
    with pytest.raises(ModelRefused, match="nothing to go on with"):
        model_job_resume(job=job, by=None)


def test_a_malicious_keras_file_is_refused_and_nothing_in_it_runs(receive: Callable[..., Any], tmp_path: Path):
    canary = tmp_path / "canary"
    path = model_files.keras_file(tmp_path / "m.keras", config=model_files.lambda_config(canary))
    job = receive(path.read_bytes(), modality="facial_expression", labels=model_files.FACE_LABELS)
    model_job_execute(job_id=job.pk)
    job.refresh_from_db()
    assert "Lambda layer" in job.failure_reason
    assert not canary.exists()


@pytest.mark.parametrize(("status", "words"), [(-11, "break off"), (-9, "more memory"), (1, "break off")])
def test_a_program_that_gives_no_answer_refuses_the_file(
    receive: Callable[..., Any], program: Any, status: int, words: str
):
    def script(command: list[str], **options: Any) -> int:
        assert options["policy"].readable == (command[1],)
        assert options["policy"].writable == (str(Path(command[1]).parent),)
        if status < 0:
            raise ProgramKilled("ml.imports.convert", status)
        return status

    program.script = script
    job = receive(model_files.litert_bytes())
    model_job_execute(job_id=job.pk)
    job.refresh_from_db()
    assert words in job.failure_reason


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"file": SimpleUploadedFile("m.keras", b"")}, "empty (0 bytes)"),
        ({"modality": "eye_gaze"}, "computed from geometry"),
        ({"modality": "palmistry"}, "no such modality"),
        ({"version": "../up"}, "A version is named with letters"),
        ({"version": ""}, "A version is named with letters"),
        ({"name": "  "}, "Give the version a name"),
    ],
)
def test_what_can_be_refused_at_once_is(receive: Callable[..., Any], changes: dict[str, Any], words: str):
    with pytest.raises(ModelRefused) as refusal:
        receive(b"x", **changes)
    assert words in str(refusal.value)
    assert stored_uploads() == []
    assert not ModelJob.objects.exists()


def test_an_oversized_file_is_refused_before_it_is_stored(receive: Callable[..., Any], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uploads, "LARGEST_BYTES", 10)
    with pytest.raises(ModelRefused, match="a model may have"):
        receive(b"x" * 11)
    assert stored_uploads() == []


def test_both_sides_agree_on_the_largest_file():
    assert uploads.LARGEST_BYTES == inspect.LARGEST_BYTES


def test_a_name_is_taken_by_a_job_under_way(receive: Callable[..., Any]):
    receive(b"x")
    with pytest.raises(ModelRefused, match="under way"):
        receive(b"x")


def test_a_second_import_of_the_same_name_is_refused(receive: Callable[..., Any]):
    job = receive(model_files.litert_bytes())
    model_job_execute(job_id=job.pk)
    with pytest.raises(ModelRefused, match="already a version small-v1"):
        receive(model_files.litert_bytes())


def test_with_data_the_candidate_is_measured_too(receive: Callable[..., Any], data: Path):
    """The data folder is empty, so measuring fails: the candidate stays, and says why it has no evaluation."""
    job = receive(model_files.litert_bytes())
    model_job_execute(job_id=job.pk)
    job.refresh_from_db()
    assert job.status == "succeeded", job.failure_reason
    assert job.result["evaluation_problem"]
    assert job.model_version.evaluation == {}
