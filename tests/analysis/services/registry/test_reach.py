"""A change of the active version reaches processes that run already: real processes, one database, no restart."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
REACHES_WITHIN_S = 10.0
# What web nodes do when somebody asks for an analysis, and rooms when a session begins.
PROCESS = """
import sys, django
django.setup()
from analysis.selectors import model_versions_in_service
from interviews.models import Organization
organization = Organization.objects.create(name="Northwind")
for line in sys.stdin:
    choices = model_versions_in_service(organization=organization, key="a recording")
    print(choices["eye_gaze"].primary.version, flush=True)
"""
SECOND_VERSION = """
import django
django.setup()
from analysis.models import ModelVersion
first = ModelVersion.objects.get(modality="eye_gaze", status="active")
ModelVersion.objects.filter(pk=first.pk).update(status="retired")
ModelVersion.objects.create(
    modality="eye_gaze", name="Before", version="before-v1", sha256="0" * 64, status="active", manifest={}
)
"""


def test_a_running_process_takes_the_next_run_with_what_was_activated(own_installation: Path):
    environment = {
        **os.environ, "VAR_DIR": str(own_installation), "DJANGO_SETTINGS_MODULE": "interviewplatform.settings",
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip

    def program(*arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, check=True, capture_output=True)

    program("-c", SECOND_VERSION)
    shipped = json.loads((ROOT / "ml" / "weights" / "index.json").read_text())["eye_gaze"]
    with subprocess.Popen(
        [sys.executable, "-c", PROCESS], cwd=ROOT, env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as running:  # fmt: skip
        assert running.stdin is not None
        assert running.stdout is not None

        def answer() -> str:
            print("now", file=running.stdin, flush=True)
            return running.stdout.readline().strip()

        assert answer() == "before-v1"
        program("manage.py", "model_activate", "eye_gaze", shipped, "--reason", "A test")
        activated_s = time.monotonic()
        while (found := answer()) != shipped and time.monotonic() - activated_s < REACHES_WITHIN_S:
            time.sleep(0.1)
        assert found == shipped
        running.stdin.close()
