"""The same import from the command line and through the API; jobs are for administrators of the installation."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from analysis.models import ModelChange, ModelJob, ModelVersion
from interviews.models import Upload
from tests.factories import model_files

pytestmark = pytest.mark.django_db

LABELS = ",".join(model_files.SPEECH_LABELS)
JSON = "application/json"


@pytest.fixture
def admin(client_of: Any, carol: Any) -> Any:
    carol.is_staff = carol.is_superuser = True
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
    path.write_bytes(model_files.litert_bytes())
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
    file = SimpleUploadedFile("network.tflite", model_files.litert_bytes())
    answer = admin.post("/api/v1/models/import/", {**sent, "file": file})
    assert (answer.status_code, answer.json()["status"]) == (201, "queued")
    job = f"/api/v1/models/jobs/{answer.json()['id']}/"
    assert admin.get(job).json()["kind"] == "import"
    assert admin.post(f"{job}cancel/").json()["status"] == "cancelled"
    assert admin.get("/api/v1/models/jobs/").json()["count"] == 1
    gaze = {**sent, "modality": "eye_gaze", "file": SimpleUploadedFile("network.tflite", b"x")}
    refused = admin.post("/api/v1/models/import/", gaze)
    assert (refused.status_code, refused.json()["code"]) == (409, "model_refused")


def announced(admin: Any, content: bytes) -> str:
    """The id of a file that was sent in two pieces."""
    begun = admin.post(
        "/api/v1/models/uploads/", {"file_name": "n.tflite", "size_bytes": len(content)}, content_type=JSON
    )
    assert begun.status_code == 201
    at, half = f"/api/v1/uploads/{begun.json()['id']}/", len(content) // 2
    for offset, piece in ((0, content[:half]), (half, content[half:])):
        sent = admin.put(f"{at}?offset={offset}", piece, content_type="application/octet-stream")
        assert sent.status_code == 200
    return str(begun.json()["id"])


def test_a_large_file_is_sent_in_pieces_by_somebody_of_no_organization(admin: Any, carol: Any, client_of: Any):
    carol.memberships.all().delete()
    content = model_files.litert_bytes()
    upload_id = announced(admin, content)
    sent = {"modality": "speech_emotion", "name": "Mine", "version": "mine", "labels": LABELS, "upload_id": upload_id}
    refused = admin.post("/api/v1/models/import/", {**sent, "version": "no name"}, content_type=JSON)
    assert refused.status_code == 409  # and the file is kept for another try
    answer = admin.post("/api/v1/models/import/", sent, content_type=JSON)
    assert answer.status_code == 201
    with ModelJob.objects.get().upload.open() as stored:
        assert stored.read() == content
    assert not Upload.objects.exists()


def test_a_file_of_pieces_is_its_senders_alone_and_no_recording(admin: Any, alice: Any, client_of: Any):
    upload_id = announced(admin, model_files.litert_bytes())
    assert client_of(alice).get(f"/api/v1/uploads/{upload_id}/").status_code == 404
    consent = {"candidate_name": "Dana", "candidate_email": "d@example.com", "informed_consent": True}
    made = admin.post("/api/v1/interviews/", {**consent, "upload_id": upload_id}, content_type=JSON)
    assert made.status_code == 404


@pytest.mark.parametrize(("size", "words"), [(0, "empty"), (200 * 1024**2, "may have 128 MB")])
def test_a_file_of_no_size_or_too_much_is_refused_before_it_is_sent(admin: Any, size: int, words: str):
    asked = {"file_name": "n.keras", "size_bytes": size}
    answer = admin.post("/api/v1/models/uploads/", asked, content_type=JSON)
    assert answer.status_code == 409
    assert words in answer.json()["detail"]


def test_half_a_file_is_not_imported(admin: Any):
    begun = admin.post("/api/v1/models/uploads/", {"file_name": "n.tflite", "size_bytes": 9}, content_type=JSON)
    sent = {"modality": "speech_emotion", "name": "Mine", "version": "mine", "labels": LABELS}
    answer = admin.post("/api/v1/models/import/", {**sent, "upload_id": begun.json()["id"]}, content_type=JSON)
    assert "not arrived as a whole" in answer.json()["detail"]


def test_work_without_data_is_refused(admin: Any):
    asked = {"kind": "train", "modality": "speech_emotion"}
    answer = admin.post("/api/v1/models/jobs/", asked, content_type="application/json")
    assert answer.status_code == 409
    assert "No data folder is configured" in answer.json()["detail"]


def test_recruiters_are_kept_out(client_of: Any, alice: Any):
    browser = client_of(alice)
    assert browser.get("/api/v1/models/jobs/").status_code == 403
    assert browser.post("/api/v1/models/import/", {}).status_code == 403
    assert browser.post("/api/v1/models/uploads/", {}).status_code == 403
    assert not ModelJob.objects.exists()
