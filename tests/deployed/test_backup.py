"""Backup, erasure and restore on PostgreSQL, with encrypted media: what was erased since stays erased."""

import json
import subprocess
import sys
from pathlib import Path

from tests.deployed.conftest import ROOT

BACK_UP_ERASE_RESTORE = """
import json, shutil, sys
import django
django.setup()
from pathlib import Path
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from analysis.models import ModelVersion
from analysis.services import interview_erase
from interviews.media_storage import MediaLocked
from interviews.models import (
    AuditEntry, Candidate, ConsentEvent, FileKey, Interview, Membership, Organization, Recording, User
)
from interviews.services.audit import audit_append
from interviews.services.consent import consent_record

folder = Path(sys.argv[1])
organization = Organization.objects.create(name="Southwind", slug="southwind")
user = User.objects.create_user("bob@southwind.example", "four kettles climb north", full_name="Bob")
Membership.objects.create(user=user, organization=organization, role="administrator")

def add(name):
    candidate = Candidate.objects.create(organization=organization, name=name, email=f"{name}@mail.example")
    interview = Interview.objects.create(organization=organization, candidate=candidate, owner=user)
    consent_record(interview=interview, answers={"recording": (True, "Yes.")}, how="recorded", recorded_by=user)
    recording = Recording(interview=interview, uploaded_by=user, original_name="a.mp4", sha256=name * 8, size_bytes=9,
                          container="mp4", duration_s=1, fps=25, width=64, height=64, has_audio=False)
    recording.file.save(f"{name}.mp4", ContentFile(b"recording of " + name.encode()))
    audit_append(action=AuditEntry.Action.INTERVIEW_ADDED, by=user, interview=interview)
    return interview

kept, erased = add("dana"), add("eve")
entries, versions = AuditEntry.objects.count(), ModelVersion.objects.count()
call_command("backup", folder / "candor.tar")
interview_erase(interview=erased, by=user)
receipts = shutil.copytree(Path(settings.MEDIA_ROOT) / "erased", folder / "receipts")

call_command("flush", interactive=False, verbosity=0)
shutil.rmtree(settings.MEDIA_ROOT)
call_command("restore", folder / "candor.tar", "--receipts", receipts, stdout=sys.stderr)

recording = Recording.objects.get(interview__organization__slug="southwind")
with default_storage.open(recording.file.name) as file:
    content = file.read().decode()
after = consent_record(interview=kept, answers={"transcript": (True, "Yes.")}, how="recorded", recorded_by=user)
keys = list(FileKey.objects.filter(name__startswith="recordings/").values_list("name", flat=True))
settings.MEDIA_KEYS = []
try:
    default_storage.open(recording.file.name)
    locked = False
except MediaLocked:
    locked = True
print(json.dumps({
    "interviews": [str(one.pk) for one in Interview.objects.filter(organization__slug="southwind")],
    "kept": str(kept.pk), "content": content, "locked": locked,
    "entries": AuditEntry.objects.count() - entries, "versions": ModelVersion.objects.count() == versions,
    "new_answer": after[0].pk > ConsentEvent.objects.order_by("pk").first().pk,
    "keys_of_the_erased": sum("eve" in key for key in keys),
    "files_of_the_erased": [str(path) for path in Path(settings.MEDIA_ROOT).rglob("*eve*")],
}))
"""


def test_a_backup_comes_back_without_what_was_erased_since(deployment: dict[str, str], tmp_path: Path):
    result = subprocess.run(
        [sys.executable, "-c", BACK_UP_ERASE_RESTORE, str(tmp_path)],
        cwd=ROOT,
        env={**deployment, "DJANGO_SETTINGS_MODULE": "interviewplatform.settings"},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr[-3000:]
    assert "1 of them were erased again" in result.stderr
    found = json.loads(result.stdout.splitlines()[-1])
    assert found["interviews"] == [found["kept"]]
    assert found["content"] == "recording of dana"
    assert found["locked"], "without MEDIA_KEYS the restored media are of no use"
    assert (found["entries"], found["versions"]) == (1, True), "the erasure, once more"
    assert found["new_answer"], "sequences go on where they were"
    assert (found["keys_of_the_erased"], found["files_of_the_erased"]) == (0, [])
