"""The installation as a whole: health, seed, security settings of a deployed one."""

import fcntl
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from analysis.management.commands import seed_demo
from analysis.models import AnalysisRun, Modality, ModelVersion
from interviewplatform import celery_app, health
from interviews.models import Interview, Membership, User
from tests.factories.media import make_recording

ROOT = Path(__file__).resolve().parents[2]
DEPLOYED = {
    "CANDOR_MODE": "deployed",
    "SECRET_KEY": "k9#mQ2$vX7!pL4@wZ8^tR1&nB6*hJ3(cF5)dG0-sY_aE=uI+oP",
    "ALLOWED_HOSTS": "candor.example",
    "CSRF_TRUSTED_ORIGINS": "https://candor.example",
    "DATABASE_URL": "postgres://candor:secret@127.0.0.1:1/candor",
    "REDIS_URL": "redis://:secret@127.0.0.1:1/0",
    "EMAIL_URL": "smtp://mail.example:25",
    "MEDIA_KEYS": "uN0x3Zt1eW5rYH7qkJ2vQm9sLp4cDf6gTb8nXa0iVyE=",
}


def in_a_process(*arguments: str, tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**environment, "VAR_DIR": str(tmp_path), **variables},
        capture_output=True,
        text=True,
    )


def test_a_deployed_installation_passes_djangos_deployment_checks(tmp_path):
    # The first two tags connect to nothing; the database is somebody else's test.
    result = in_a_process("manage.py", "check", "--deploy", "--fail-level", "WARNING", tmp_path=tmp_path, **DEPLOYED)
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


def test_an_embedded_installation_says_that_it_is_one(tmp_path):
    result = in_a_process("manage.py", "check", "--deploy", tmp_path=tmp_path)
    assert "Candor runs embedded" in result.stderr


def test_the_embedded_key_is_made_once_and_private(tmp_path):
    ask = "from interviewplatform.settings import SECRET_KEY, EMBEDDED; print(SECRET_KEY, EMBEDDED)"
    first, second = (in_a_process("-c", ask, tmp_path=tmp_path).stdout for _ in range(2))
    assert first == second
    assert first.endswith(" True\n")
    assert len(first) > 60
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_a_remote_store_is_configured_by_variables_and_no_page_may_load_from_it(tmp_path):
    ask = (
        "import json; from interviewplatform import settings as s;"
        "print(json.dumps([s.STORAGES['default'], s.CONTENT_SECURITY_POLICY['DIRECTIVES']['media-src']]))"
    )
    variables = {"S3_BUCKET": "recordings", "S3_ENDPOINT_URL": "https://store.example"}
    result = in_a_process("-c", ask, tmp_path=tmp_path, **DEPLOYED, **variables)
    storage, media_sources = json.loads(result.stdout)
    assert storage["BACKEND"] == "interviews.object_store.ObjectStore"
    assert storage["OPTIONS"]["bucket_name"] == "recordings"
    assert media_sources == ["'self'", "blob:"]


def test_the_demo_logins_are_never_made_on_a_deployed_installation(settings, db):
    settings.EMBEDDED = False
    with pytest.raises(CommandError, match="everybody knows"):
        call_command("seed_demo")
    assert not User.objects.exists()


def test_the_demo_people_are_made_once_and_keep_changed_passwords(db):
    call_command("seed_demo")
    rita = User.objects.get(email="rita@northwind.example")
    demo = {"username": rita.email, "password": "candor-demo"}
    assert Client().post("/login/", demo).status_code == 302
    assert Client().post("/login/", demo, REMOTE_ADDR="192.0.2.7").status_code == 200, "not from another machine"
    assert b"candor-demo" not in Client().get("/login/", REMOTE_ADDR="192.0.2.7").content
    rita.set_password("another phrase")
    rita.save()
    call_command("seed_demo")
    rita.refresh_from_db()
    assert rita.check_password("another phrase")
    assert sorted(Membership.objects.values_list("organization__name", "role")) == [
        ("Harbor Talent", "recruiter"),
        ("Northwind Hiring", "administrator"),
        ("Northwind Hiring", "recruiter"),
        ("Northwind Hiring", "recruiter"),
    ]
    assert list(User.objects.filter(is_staff=True).values_list("email", flat=True)) == ["admin@northwind.example"]


def test_the_demo_recording_is_made_once_and_stays_deleted(db, settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path
    made = []

    def make(command, output):
        made.append(command)
        make_recording(Path(output), duration_s=12.0)

    monkeypatch.setattr(seed_demo, "call_command", make)
    call_command("seed_demo")
    call_command("seed_demo", recording=True, verbosity=0)
    interview = Interview.objects.get()
    assert (interview.candidate.name, interview.owner.email) == ("Demo Candidate", "rita@northwind.example")
    assert "synthetic" in interview.consent_events.first().statement
    assert interview.recordings.get().runs.get().status == "queued"
    assert list(interview.questions.values_list("at_s", flat=True)) == [0.5, 11.2]
    AnalysisRun.objects.all().delete()
    call_command("seed_demo", recording=True, verbosity=0)
    assert AnalysisRun.objects.get().status == "queued"
    Interview.objects.all().delete()
    call_command("seed_demo", recording=True, verbosity=0)
    assert not Interview.objects.exists()
    assert made == ["make_demo_recording"]


def test_two_sets_of_workers_never_share_a_folder(tmp_path):
    with (tmp_path / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = in_a_process("manage.py", "run_platform", tmp_path=tmp_path)
    assert result.returncode == 1
    assert f"already running on {tmp_path}" in result.stderr


def test_health_names_the_part_that_fails_and_models_to_administrators_alone(client, carol, monkeypatch):
    assert client.get("/health/").json() == {"status": "ok", "database": True, "queue": True}
    carol.is_staff = carol.is_superuser = True
    carol.save()
    client.force_login(carol)
    monkeypatch.setattr(health, "confinement_gaps", lambda: ["This kernel is old."])
    answer = client.get("/health/").json()
    assert answer.pop("model_problems").keys() == set(Modality.values)
    assert (answer.pop("confined"), answer.pop("confinement_gaps")) == (False, ["This kernel is old."])
    assert answer == {"status": "ok", "database": True, "queue": True, "models": False}
    for modality in Modality:
        ModelVersion.objects.create(modality=modality, name="net", version="v1", sha256="0" * 64, status="active")
    answer = client.get("/health/").json()
    assert (answer["models"], answer["model_problems"]) == (True, {})
    monkeypatch.setattr(health, "queue_works", lambda: False)
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()["queue"]) == (503, False)


def test_a_port_in_use_is_named_before_anything_starts(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = in_a_process("manage.py", "run_platform", "--port", str(port), tmp_path=tmp_path)
    assert result.returncode == 1
    assert f"Port {port} of 127.0.0.1 cannot be used" in result.stderr
    assert f"PORT={port + 1} make run" in result.stderr
    assert not (tmp_path / "db.sqlite3").exists()


def test_every_answer_carries_the_security_headers(client, db):
    answer = client.get("/login/")
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    policy = answer["Permissions-Policy"].split(", ")
    assert {"camera=(self)", "microphone=(self)", "geolocation=()"} <= set(policy)
    assert not answer.cookies["csrftoken"]["httponly"]
    assert not Interview.objects.exists()


def test_the_schema_is_for_people_who_are_logged_in(client, client_of, alice):
    assert client.get("/api/v1/schema/").status_code == 403
    assert client_of(alice).get("/api/v1/schema/").status_code == 200


def test_what_is_about_people_is_stored_nowhere(client_of, alice, interview):
    browser = client_of(alice)
    for path in ("/interviews/", f"/interviews/{interview.pk}/", f"/api/v1/interviews/{interview.pk}/"):
        answer = browser.get(path)
        assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store"), path
    recording = browser.head(f"/media/recordings/{interview.recordings.get().pk}/")
    assert recording["Cache-Control"] == "private, no-store"


def test_every_scheduled_task_exists(settings):
    celery_app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert len(scheduled) >= 6
    assert scheduled <= celery_app.tasks.keys()


def test_what_candor_writes_is_its_own_users_alone(tmp_path):
    code = (
        "import django; django.setup(); from pathlib import Path; from django.conf import settings;"
        "file = Path(settings.VAR_DIR) / 'made'; file.touch(); print(oct(file.stat().st_mode & 0o777))"
    )
    made = in_a_process("-c", code, tmp_path=tmp_path, DJANGO_SETTINGS_MODULE="interviewplatform.settings")
    assert made.stdout.split() == ["0o600"], made.stderr
    folders = [path for path in tmp_path.rglob("*") if path.is_dir()]
    assert folders
    assert all(path.stat().st_mode & 0o077 == 0 for path in folders)
