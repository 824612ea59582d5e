"""The deployed path: the same run, with rows in PostgreSQL and the message through Redis."""

import json
import subprocess
import sys
from pathlib import Path

from tests.analysis.services.registry.test_concurrency import check_activations_at_once
from tests.deployed.conftest import ROOT
from tests.factories.media import make_recording

REQUEST_AND_WAIT = """
import json, sys, threading, time
import django
django.setup()
from pathlib import Path
from analysis.models import AnalysisRun
from analysis.services import run_request
from interviews.models import Membership, Organization, User
from interviews.services import interview_create, upload_append, upload_begin

organization = Organization.objects.create(name="Northwind", slug="northwind", jurisdiction="elsewhere",
                                           usual_purpose="research", usual_jurisdiction="elsewhere")
user = User.objects.create_user("rita@northwind.example", "correct horse", full_name="Rita")
Membership.objects.create(user=user, organization=organization, role="recruiter")
path = Path(sys.argv[1])
upload = upload_begin(by=user, file_name="talk.mp4", size_bytes=path.stat().st_size)
with path.open("rb") as piece:
    upload_append(upload=upload, offset=0, piece=piece)
upload.refresh_from_db()
interview = interview_create(by=user, candidate_name="Dana", candidate_email="dana@mail.example", position="",
                             upload=upload, informed_consent=True, consent_evidence="Signed.")
run = run_request(recording=interview.recordings.get(), by=user)
deadline = time.monotonic() + 90
while run.status not in AnalysisRun.TERMINAL and time.monotonic() < deadline:
    threading.Event().wait(0.2)
    run.refresh_from_db()
print(json.dumps({
    "status": run.status, "reason": run.failure_reason, "attempts": run.attempts,
    "faces": run.modalities.get(modality="eye_gaze").coverage if run.status == "succeeded" else None,
    "metrics": run.metrics.count(),
}))
"""


def test_an_upload_becomes_a_report(deployment: dict[str, str], worker: subprocess.Popen, tmp_path: Path):
    recording = make_recording(tmp_path / "talk.mp4", duration_s=4)
    result = subprocess.run(
        [sys.executable, "-c", REQUEST_AND_WAIT, str(recording)],
        cwd=ROOT,
        env={**deployment, "DJANGO_SETTINGS_MODULE": "interviewplatform.settings"},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr[-2000:]
    answer = json.loads(result.stdout.splitlines()[-1])
    assert worker.poll() is None
    assert (answer["status"], answer["reason"], answer["attempts"]) == ("succeeded", "", 1)
    assert answer["faces"] > 0.5
    assert answer["metrics"] == 3, "one is off by policy"


def test_production_settings_pass_djangos_own_deployment_checks(deployment: dict[str, str]):
    result = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=deployment,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr


def test_activations_at_the_same_time_leave_exactly_one_active(deployment: dict[str, str]):
    check_activations_at_once(deployment)
