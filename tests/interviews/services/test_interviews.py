"""A complete upload becomes an interview, or nothing is left behind."""

import hashlib
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage, InMemoryStorage
from django.utils import timezone

from interviews import services
from interviews.errors import DuplicateRecording
from interviews.models import Candidate, ConsentEvent, Interview, Position, Recording, Upload, User
from interviews.services import erasing
from ml.confinement import programs
from ml.confinement.policy import OUT_OF_MEMORY
from tests.factories import media


def stored_files(settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def assert_nothing_left(settings) -> None:
    assert not any(
        model.objects.exists() for model in (Interview, Recording, Candidate, Position, ConsentEvent, Upload)
    )
    assert stored_files(settings) == []


def test_a_recording_is_stored_under_a_name_of_ours_with_its_facts_and_consent(
    alice, uploaded, create, video, settings
):
    interview = create(alice, uploaded(alice, video, "../../Dana's talk.MP4"), candidate_name="  Dana   Diaz ")
    recording = interview.recordings.get()
    assert recording.original_name == "Dana's talk.MP4"
    assert recording.file.name.startswith("recordings/")
    assert "Dana" not in recording.file.name
    assert stored_files(settings) == [Path(recording.file.path)]
    assert recording.sha256 == hashlib.sha256(video.read_bytes()).hexdigest()
    assert recording.duration_s == pytest.approx(2.0, abs=0.15)
    assert (recording.width, recording.height, recording.has_audio) == (320, 240, True)
    events = interview.consent_events.all()
    assert {event.purpose: event.given for event in events} == {
        **dict.fromkeys(("recording", "face", "eyes", "voice"), True),
        "transcript": False,
    }
    assert all((event.recorded_by, event.how) == (alice, "recorded") for event in events)
    assert "informed" in events[0].statement
    assert (interview.candidate.name, interview.position.title, interview.owner) == (
        "Dana Diaz",
        "Data Engineer",
        alice,
    )
    assert not Upload.objects.exists()


def test_a_file_that_is_the_installations_own_becomes_no_interview(alice, uploaded, create, video):
    upload = uploaded(alice, video)
    upload.organization = None
    upload.save()
    with pytest.raises(ValidationError, match="not sent as a recording"):
        create(alice, upload)
    assert not Interview.objects.exists()


def test_storing_renames_instead_of_copying(alice, uploaded, create, video):
    upload = uploaded(alice, video)
    inode = upload.path.stat().st_ino
    assert Path(create(alice, upload).recordings.get().file.path).stat().st_ino == inode


def test_a_remote_storage_gets_a_copy_and_the_upload_is_gone(alice, uploaded, create, video, settings, monkeypatch):
    monkeypatch.setattr(Recording._meta.get_field("file"), "storage", InMemoryStorage())
    recording = create(alice, uploaded(alice, video)).recordings.get()
    with recording.file.open("rb") as file:
        assert file.read() == video.read_bytes()
    assert stored_files(settings) == []


@pytest.mark.parametrize(
    ("make", "name", "words"),
    [
        (media.make_text_file, "letter.mp4", "not a video recording"),
        (media.make_image_file, "picture.mp4", "picture"),
        (media.make_audio_only, "voice.mp4", "sound but no picture"),
        (media.make_truncated, "cut.mp4", "its end is missing"),
    ],
)
def test_a_file_that_is_no_recording_is_named_and_leaves_nothing(
    alice, uploaded, create, tmp_path, settings, make, name, words, django_capture_on_commit_callbacks
):
    upload = uploaded(alice, make(tmp_path / name))
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ValidationError) as error:
        create(alice, upload)
    [sentence] = error.value.message_dict["file"]
    assert words in sentence
    assert sentence.endswith(".")
    assert_nothing_left(settings)


def test_a_recording_over_the_time_limit_is_refused(
    alice, uploaded, create, video, settings, django_capture_on_commit_callbacks
):
    settings.MAX_DURATION_S = 1
    upload = uploaded(alice, video)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ValidationError) as error:
        create(alice, upload)
    assert "limit is 1 s" in error.value.message_dict["file"][0]
    assert_nothing_left(settings)


def test_a_probe_that_takes_too_long_keeps_the_upload(alice, uploaded, create, video, monkeypatch):
    def ask(*arguments, **options):
        raise programs.ProgramTimeout

    upload = uploaded(alice, video)
    with monkeypatch.context() as patched:
        patched.setattr(programs, "ask", ask)
        with pytest.raises(ValidationError) as error:
            create(alice, upload)
    assert "took too long" in error.value.message_dict["upload_id"][0]
    assert create(alice, upload).recordings.exists()


@pytest.mark.parametrize(("status", "words"), [(-11, "damaged"), (OUT_OF_MEMORY, "more memory than")])
def test_a_probe_that_breaks_off_refuses_the_file(
    alice, uploaded, create, video, settings, monkeypatch, django_capture_on_commit_callbacks, status, words
):
    def ask(*arguments, **options):
        raise programs.ProgramKilled("ml.track_selection", status)

    upload = uploaded(alice, video)
    monkeypatch.setattr(programs, "ask", ask)
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ValidationError) as error:
        create(alice, upload)
    assert words in error.value.message_dict["file"][0]
    assert_nothing_left(settings)


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("candidate_name", {"candidate_name": "  "}),
        ("candidate_name", {"candidate_name": "x" * 151}),
        ("candidate_email", {"candidate_email": "dana"}),
        ("candidate_email", {"candidate_email": f"dana@{'mail.' * 50}example"}),
        ("position", {"position": "x" * 151}),
        ("informed_consent", {"informed_consent": False}),
    ],
)
def test_a_wrong_field_is_named_and_the_upload_is_kept(alice, uploaded, create, video, field, fields):
    upload = uploaded(alice, video)
    with pytest.raises(ValidationError) as error:
        create(alice, upload, **fields)
    assert list(error.value.message_dict) == [field]
    assert upload.path.exists()
    assert not Interview.objects.exists()
    assert create(alice, upload).recordings.exists()


def test_an_unfinished_upload_is_refused_and_kept(alice, create):
    upload = services.upload_begin(by=alice, file_name="talk.mp4", size_bytes=10)
    with pytest.raises(ValidationError) as error:
        create(alice, upload)
    assert list(error.value.message_dict) == ["upload_id"]
    assert Upload.objects.filter(pk=upload.pk).exists()


def test_an_upload_whose_file_lost_bytes_is_not_taken_for_complete(alice, uploaded, create, video):
    upload = uploaded(alice, video)
    os.truncate(upload.path, 100)
    with pytest.raises(ValidationError) as error:
        create(alice, upload)
    assert "not complete" in error.value.message_dict["upload_id"][0]


@pytest.mark.parametrize("moment", ["before the fields", "before the hash", "during the probe"])
def test_an_upload_that_another_request_takes_meanwhile_was_submitted_already(
    alice, uploaded, create, video, monkeypatch, moment
):
    upload = uploaded(alice, video)
    module = "interviews.services.interviews"
    if moment == "before the fields":
        upload.path.unlink()
    elif moment == "before the hash":
        monkeypatch.setattr(f"{module}._check_fields", lambda *fields: upload.path.unlink())
    else:
        monkeypatch.setattr(f"{module}._refuse_duplicate", lambda *fields: upload.path.unlink())
    with pytest.raises(ValidationError) as error:
        create(alice, upload)
    assert error.value.message_dict == {"upload_id": ["This recording has been submitted already."]}


def test_what_has_to_be_added_is_added_in_the_same_transaction(alice, uploaded, create, video, settings):
    upload = uploaded(alice, video)

    def fail(recording):
        assert recording.interview.consent_events.exists()
        raise ConnectionError("killed here")

    with pytest.raises(ConnectionError):
        create(alice, upload, then=fail)
    assert not Interview.objects.exists()
    assert stored_files(settings) == [upload.path]


def test_the_same_file_again_names_the_first_and_keeps_the_upload(alice, carol, uploaded, create, video):
    first = create(alice, uploaded(alice, video))
    again = uploaded(carol, video, "other-name.mov")
    with pytest.raises(DuplicateRecording) as error:
        create(carol, again, candidate_name="Eve Ekman")
    assert error.value.recording == first.recordings.get()
    assert "already uploaded on" in str(error.value)
    assert "Dana Diaz" in str(error.value)
    assert again.path.exists()
    assert create(carol, again, candidate_name="Eve Ekman", allow_duplicate=True).pk != first.pk


def test_another_organization_learns_nothing_of_the_file(alice, bob, uploaded, create, video):
    create(alice, uploaded(alice, video))
    assert create(bob, uploaded(bob, video)).organization.name == "Southwind"


def test_candidates_and_positions_are_not_doubled(alice, uploaded, create, video):
    create(alice, uploaded(alice, video))
    create(
        alice,
        uploaded(alice, video),
        candidate_email="DANA@mail.example",
        position="data  engineer",
        allow_duplicate=True,
    )
    assert Candidate.objects.count() == 1
    assert Position.objects.count() == 1


def test_a_storage_that_fails_leaves_the_upload_as_it_was(alice, uploaded, create, video, settings, monkeypatch):
    upload = uploaded(alice, video)

    def fail(*args, **options):
        raise OSError("bucket unreachable")

    monkeypatch.setattr(FileSystemStorage, "save", fail)
    with pytest.raises(OSError, match="bucket"):
        create(alice, upload)
    assert not Interview.objects.exists()
    assert stored_files(settings) == [upload.path]


def test_the_sweep_removes_old_files_that_no_recording_names(interview, settings):
    recording = interview.recordings.get()
    fresh, stray = (Path(recording.file.path).with_name(name) for name in ("fresh.mp4", "stray.mp4"))
    fresh.touch()
    stray.touch()
    yesterday = (timezone.now() - timedelta(hours=25)).timestamp()
    for path in (stray, Path(recording.file.path)):
        os.utime(path, (yesterday, yesterday))
    assert services.recordings_sweep() == 1
    assert set(stored_files(settings)) == {fresh, Path(recording.file.path)}


def test_the_sweep_removes_nothing_for_a_database_without_recordings(db, settings):
    assert services.recordings_sweep() == 0
    stray = Path(settings.MEDIA_ROOT) / "recordings" / "stray.mp4"
    stray.parent.mkdir(parents=True)
    stray.touch()
    os.utime(stray, (0, 0))
    assert services.recordings_sweep() == 0
    assert stray.exists()


def test_deleting_an_interview_leaves_nothing_personal(
    alice, uploaded, create, video, settings, django_capture_on_commit_callbacks
):
    interview = create(alice, uploaded(alice, video))
    services.question_add(interview=interview, by=alice, at_s=1.0, text="Why us?")
    with django_capture_on_commit_callbacks(execute=True):
        services.interview_delete(interview=interview, by=interview.owner)
    assert [path.parent.name for path in stored_files(settings)] == ["erased"], "the receipt, which is empty"
    assert not any(model.objects.exists() for model in (Interview, Recording, Candidate, ConsentEvent))


def test_a_candidate_with_another_interview_stays(alice, uploaded, create, video):
    first = create(alice, uploaded(alice, video))
    create(alice, uploaded(alice, video), allow_duplicate=True)
    services.interview_delete(interview=first, by=first.owner)
    assert Candidate.objects.count() == 1


def test_the_file_of_the_last_recording_is_swept_if_it_could_not_be_erased(interview):
    path = Path(interview.recordings.get().file.path)
    yesterday = (timezone.now() - timedelta(hours=25)).timestamp()
    os.utime(path, (yesterday, yesterday))
    User.objects.update(created_at=timezone.now() - timedelta(days=9))
    interview.recordings.all().delete()
    assert services.recordings_sweep() == 1
    assert not path.exists()


def test_a_folder_that_cannot_be_erased_is_told_and_left_to_the_sweep(tmp_path, monkeypatch, caplog):
    def refuse(path):
        raise PermissionError(path)

    monkeypatch.setattr(erasing.shutil, "rmtree", refuse)
    assert erasing.folder_erase(tmp_path) is False
    assert "could not be erased" in caplog.text
