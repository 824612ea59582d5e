"""Uploads that begin at once, on PostgreSQL: the limit of a person holds."""

import subprocess
import sys

from interviews.services.uploads import MAXIMUM_UNFINISHED
from tests.deployed.conftest import ROOT

BEGIN = """
import threading
import django
django.setup()
from django.core.exceptions import ValidationError
from django.db import connection
from interviews.models import Membership, Organization, Upload, User
from interviews.services import upload_begin

organization = Organization.objects.create(name="Eastwind", slug="eastwind")
user = User.objects.create_user("eve@eastwind.example", "correct horse", full_name="Eve")
Membership.objects.create(user=user, organization=organization, role="recruiter")
barrier = threading.Barrier(20)

def begin():
    barrier.wait()
    try:
        upload_begin(by=user, file_name="talk.mp4", size_bytes=5)
    except ValidationError:
        pass
    finally:
        connection.close()

threads = [threading.Thread(target=begin) for _ in range(20)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(Upload.objects.filter(created_by=user).count())
"""


def test_twenty_uploads_at_once_are_as_many_as_one_person_may_have(deployment: dict[str, str]):
    result = subprocess.run(
        [sys.executable, "-c", BEGIN],
        cwd=ROOT,
        env={**deployment, "DJANGO_SETTINGS_MODULE": "interviewplatform.settings"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr[-2000:]
    assert int(result.stdout.split()[-1]) == MAXIMUM_UNFINISHED
