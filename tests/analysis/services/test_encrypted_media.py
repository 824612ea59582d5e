"""Analyses of media that are encrypted at rest."""

import base64
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from analysis.services import run_execute, run_request
from interviews.media_encryption.files import MAGIC

ONE, OTHER = (base64.urlsafe_b64encode(os.urandom(32)).decode() for _ in range(2))


@pytest.fixture
def recording(settings, alice, make_interview):
    settings.MEDIA_ENCRYPTION, settings.MEDIA_KEYS = True, [ONE]
    return make_interview(alice).recordings.get()


def test_an_analysis_reads_and_writes_encrypted_media(recording, alice, pipeline, settings, client_of):
    run = run_request(recording=recording, by=alice)
    run_execute(run_id=run.pk)
    run.refresh_from_db()
    assert run.status == "succeeded"
    stored = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert len(stored) > 1
    assert all(path.read_bytes().startswith(MAGIC) for path in stored)
    assert client_of(alice).get(f"/interviews/{recording.interview_id}/").status_code == 200


@pytest.mark.parametrize("keys", [[], [OTHER]])
def test_without_its_key_nothing_is_read_and_a_sentence_says_so(recording, alice, pipeline, settings, client_of, keys):
    run = run_request(recording=recording, by=alice)
    settings.MEDIA_KEYS = keys
    run_execute(run_id=run.pk)
    run.refresh_from_db()
    assert run.failure_reason.startswith("This file is encrypted with the installation's key")
    answer = client_of(alice).get(f"/media/recordings/{recording.pk}/")
    assert answer.status_code == 503
    assert "MEDIA_KEYS" in answer.content.decode()
    with pytest.raises(CommandError, match="not in MEDIA_KEYS"):
        call_command("media_encryption")
