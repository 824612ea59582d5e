"""``manage.py backup`` and ``restore``: everything comes back, and what was erased since does not."""

import shutil
import tarfile
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from analysis.models import AnalysisRun, MetricResult
from analysis.services import interview_erase, run_execute, run_request
from interviews.models import AuditEntry, Interview, Note, User


def call(*arguments: object) -> str:
    out = StringIO()
    call_command(*map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_a_backup_comes_back_without_what_was_erased_since(
    interview: Any, make_interview: Any, alice: Any, pipeline: Any, settings: Any, tmp_path: Path
) -> None:
    run = run_request(recording=interview.recordings.get(), by=alice)
    run_execute(run_id=run.pk)
    Note.objects.create(interview=interview, author=alice, text="Ask about the bridge.")
    erased = make_interview(alice, candidate_name="Eve Evans")
    entries, metrics = AuditEntry.objects.count(), MetricResult.objects.count()
    archive = tmp_path / "candor.tar"
    assert "2 interviews" in call("backup", archive)
    assert archive.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="overwrite nothing"):
        call("backup", archive)
    with pytest.raises(CommandError, match="has accounts"):
        call("restore", archive)

    interview_erase(interview=erased, by=alice)
    receipts = shutil.copytree(Path(settings.MEDIA_ROOT) / "erased", tmp_path / "receipts")
    shutil.rmtree(settings.MEDIA_ROOT)
    call_command("flush", interactive=False, verbosity=0)
    said = call("restore", archive, "--receipts", receipts)

    assert "1 of them were erased again" in said
    assert [one.pk for one in Interview.objects.all()] == [interview.pk]
    assert Note.objects.get().text == "Ask about the bridge."
    restored = AnalysisRun.objects.get(pk=run.pk)
    assert restored.timeline_file.storage.exists(restored.timeline_file.name)
    with interview.recordings.get().file.open() as file:
        assert len(file.read()) == 2048
    assert MetricResult.objects.count() == metrics
    assert AuditEntry.objects.count() == entries + 1, "the erasure, once more"
    assert User.objects.get(pk=alice.pk).check_password("correct horse battery")


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_what_is_no_backup_is_refused_in_a_sentence(db: None, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "backup.tar").write_bytes(content)
    with pytest.raises(CommandError, match="no backup that can be read"):
        call("restore", tmp_path / "backup.tar")


def test_a_backup_of_another_version_is_refused(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as other:
        other.setattr("interviews.services.backups._migrations", lambda: ["interviews.0001_first"])
        call("backup", tmp_path / "backup.tar")
    with tarfile.open(tmp_path / "backup.tar") as archive:
        assert {"manifest.json", "rows.jsonl"} <= set(archive.getnames())
    with pytest.raises(CommandError, match="another version"):
        call("restore", tmp_path / "backup.tar")
