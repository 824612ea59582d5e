"""The same import from the command line and through the API; jobs are for administrators of the installation."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from analysis.models import ModelChange, ModelJob, ModelVersion
from tests.ml.imports import factory

pytestmark = pytest.mark.django_db

LABELS = ",".join(factory.SPEECH_LABELS)


@pytest.fixture
def admin(client_of: Any, carol: Any) -> Any:
    carol.is_staff = True
    carol.save()
    return client_of(carol)


def call(path: Path, *more: str) -> str:
    out = StringIO()
    call_command(
        "model_import", "speech_emotion", str(path), "--version", "mine", "--labels", LABELS, *more, stdout=out
    )
    return out.getvalue()


def test_a_file_is_imported_from_the_command_line(tmp_path: Path):
    path = tmp_path / "network.tflite"
    path.write_bytes(factory.litert_bytes())
    assert "mine (" in call(path, "--data", "Random numbers")
    version = ModelVersion.objects.get(version="mine")
    assert (version.status, version.manifest["data"]) == ("candidate", "Random numbers")
    assert ModelChange.objects.get(action="registered").by_name.endswith("at the command line")


def test_the_command_line_refuses_in_the_same_words(tmp_path: Path):
    path = tmp_path / "network.tflite"
    path.write_bytes(b"hello, I am a text\n" * 9)
    with pytest.raises(CommandError, match="text file"):
        call(path)
    with pytest.raises(CommandError, match="cannot be read"):
        call(tmp_path / "nowhere.tflite")
    assert not ModelVersion.objects.exists()


def test_a_file_is_sent_through_the_api(admin: Any):
    sent = {"modality": "speech_emotion", "name": "Mine", "version": "mine", "labels": LABELS}
    file = SimpleUploadedFile("network.tflite", factory.litert_bytes())
    answer = admin.post("/api/v1/models/import/", {**sent, "file": file})
    assert (answer.status_code, answer.json()["status"]) == (201, "queued")
    job = f"/api/v1/models/jobs/{answer.json()['id']}/"
    assert admin.get(job).json()["kind"] == "import"
    assert admin.post(f"{job}cancel/").json()["status"] == "cancelled"
    assert admin.get("/api/v1/models/jobs/").json()["count"] == 1
    gaze = {**sent, "modality": "eye_gaze", "file": SimpleUploadedFile("network.tflite", b"x")}
    refused = admin.post("/api/v1/models/import/", gaze)
    assert (refused.status_code, refused.json()["code"]) == (409, "model_refused")


def test_work_without_data_is_refused(admin: Any):
    asked = {"kind": "train", "modality": "speech_emotion"}
    answer = admin.post("/api/v1/models/jobs/", asked, content_type="application/json")
    assert answer.status_code == 409
    assert "No data folder is configured" in answer.json()["detail"]


def test_recruiters_are_kept_out(client_of: Any, alice: Any):
    browser = client_of(alice)
    assert browser.get("/api/v1/models/jobs/").status_code == 403
    assert browser.post("/api/v1/models/import/", {}).status_code == 403
    assert not ModelJob.objects.exists()
