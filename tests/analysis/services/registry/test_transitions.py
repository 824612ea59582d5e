"""Versions come into service, go back and retire; every step is logged, and refused with a sentence."""

import shutil
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.model_quality.floors import FLOORS
from analysis.models import ModelChange, ModelVersion, RunModel
from analysis.selectors import model_changes, rollback_target
from analysis.services import (
    ModelRefused,
    model_version_activate,
    model_version_delete,
    model_version_register,
    model_version_retire,
    model_version_rollback,
    model_versions_verify,
    run_request,
)
from tests.factories.models import evaluation, write_weights


def active(modality: str = "facial_expression") -> str:
    return ModelVersion.objects.active().get(modality=modality).version


class TestActivation:
    def test_a_measured_version_replaces_the_active_one(self, make_version, carol):
        old, new = make_version(version="v1", status="active"), make_version(version="v2")
        model_version_activate(version=new, by=carol)
        old.refresh_from_db()
        assert (active(), old.status) == ("v2", "retired")
        change = ModelChange.objects.get()
        assert (change.action, change.by, change.by_name) == ("activated", carol, carol.email)
        assert (change.old_version, change.new_version, change.new_label) == (old, new, f"v2 ({new.sha256[:12]})")

    @pytest.mark.parametrize(
        ("stored", "sentence"),
        [
            ({}, "has no stored evaluation"),
            ({"measured": []}, "has no stored evaluation"),
            ({"measured": [{"uar": None, "n": 3000}]}, "has no stored evaluation"),
            (evaluation(uar=0.2), "is 20%, below the floor of 52%"),
            (evaluation(n=12), "rests on 12 examples"),
        ],
    )
    def test_what_does_not_clear_the_floor_needs_a_written_reason(self, make_version, carol, stored, sentence):
        version = make_version(evaluation=stored)
        for nothing in ("", "   "):
            with pytest.raises(ModelRefused, match=sentence):
                model_version_activate(version=version, by=carol, reason=nothing)
        assert not ModelVersion.objects.active().exists()
        model_version_activate(version=version, by=carol, reason="  The only one for this camera. ")
        assert ModelChange.objects.get().reason == "The only one for this camera."

    def test_a_change_of_gaze_always_needs_a_reason(self, make_version, carol):
        version = make_version("eye_gaze")
        with pytest.raises(ModelRefused, match="needs a written reason"):
            model_version_activate(version=version, by=carol)

    def test_floors_are_clearly_above_chance(self):
        assert all(floor.minimum > 2 * floor.chance for floor in FLOORS.values())

    def test_changed_weights_are_refused_and_noted(self, make_version, carol, weights_dir):
        version = make_version()
        (weights_dir / "facial_expression" / "v1" / "model.tflite").write_bytes(b"other")
        with pytest.raises(ModelRefused, match=r"model.tflite of Facial expression v1 was changed"):
            model_version_activate(version=version, by=carol, reason="Anyway.")
        version.refresh_from_db()
        assert "was changed" in version.problem
        assert not ModelVersion.objects.active().exists()

    def test_the_active_version_is_not_activated_again(self, make_version, carol):
        version = make_version(status="active")
        with pytest.raises(ModelRefused, match="already active"):
            model_version_activate(version=version, by=carol)


class TestRollback:
    def test_goes_back_one_version_at_a_time(self, make_version, carol):
        for name in ("v1", "v2", "v3"):
            model_version_activate(version=make_version(version=name), by=carol)
        assert model_version_rollback(modality="facial_expression", by=carol, reason="Odd.").version == "v2"
        assert model_version_rollback(modality="facial_expression", by=carol).version == "v1"
        with pytest.raises(ModelRefused, match="no earlier version"):
            model_version_rollback(modality="facial_expression", by=carol)
        assert active() == "v1"
        assert [change.action for change in model_changes()[:2]] == ["rolled_back", "rolled_back"]

    def test_needs_no_evaluation_but_whole_weights(self, make_version, carol, weights_dir):
        make_version(version="v1", status="active", evaluation={})
        model_version_activate(version=make_version(version="v2"), by=carol)
        (weights_dir / "facial_expression" / "v1" / "model.tflite").unlink()
        with pytest.raises(ModelRefused, match="is missing"):
            model_version_rollback(modality="facial_expression", by=carol)
        assert active() == "v2"
        (weights_dir / "facial_expression" / "v1" / "model.tflite").write_bytes(b"facial_expression v1")
        assert model_version_rollback(modality="facial_expression", by=carol).version == "v1"

    @given(st.lists(st.one_of(st.sampled_from(["v1", "v2", "v3"]), st.none()), max_size=12))
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_any_history_is_undone_in_the_order_it_was_made(self, make_version, weights_dir, carol, steps):
        """None is a rollback; the others activate that version. A plain stack is the truth."""
        with transaction.atomic():
            shutil.rmtree(weights_dir / "facial_expression", ignore_errors=True)  # of the example before
            versions = {name: make_version(version=name) for name in ("v1", "v2", "v3")}
            past: list[str] = []
            for step in steps:
                if step is None:
                    assert (rollback_target(modality="facial_expression") is None) == (len(past) < 2)
                    if len(past) > 1:
                        past.pop()
                        model_version_rollback(modality="facial_expression", by=carol)
                elif not past or past[-1] != step:
                    past.append(step)
                    model_version_activate(version=versions[step], by=carol)
                assert list(ModelVersion.objects.active().values_list("version", flat=True)) == past[-1:]
            transaction.set_rollback(True)


class TestRetirement:
    def test_a_candidate_retires_and_may_come_back(self, make_version, carol):
        version = make_version()
        model_version_retire(version=version, by=carol, reason="Too slow.")
        assert ModelChange.objects.get().reason == "Too slow."
        with pytest.raises(ModelRefused, match="already retired"):
            model_version_retire(version=version, by=carol)
        model_version_activate(version=version, by=carol)
        assert active() == "v1"

    def test_the_active_version_cannot(self, make_version, carol):
        with pytest.raises(ModelRefused, match="This version is active"):
            model_version_retire(version=make_version(status="active"), by=carol)


class TestDeletion:
    @pytest.fixture
    def uploaded(self, db, weights_dir, tmp_path, carol) -> ModelVersion:
        folder = write_weights(tmp_path / "upload", "facial_expression", "mine", uar=0.6)
        return model_version_register(folder=folder, source="uploaded", by=carol)

    def test_what_nothing_was_made_with_goes_with_its_files(
        self, uploaded, carol, django_capture_on_commit_callbacks, settings
    ):
        files = Path(settings.MEDIA_ROOT) / "models" / "facial_expression" / "mine"
        assert (files / "model.tflite").is_file()
        with django_capture_on_commit_callbacks(execute=True):
            model_version_delete(version=uploaded, by=carol, reason="A test.")
        assert not files.exists()
        assert not ModelVersion.objects.exists()
        log = ModelChange.objects.first()
        assert (log.action, log.old_version, log.old_label[:4]) == ("deleted", None, "mine")

    def test_what_a_run_names_is_refused_in_words_and_by_the_database(self, uploaded, carol, interview, alice):
        model_version_activate(version=uploaded, by=carol)
        run = run_request(recording=interview.recordings.get(), by=alice)
        assert RunModel.objects.get(run=run).model_version == uploaded
        with pytest.raises(ModelRefused, match="is active"):
            model_version_delete(version=uploaded, by=carol)
        ModelVersion.objects.filter(pk=uploaded.pk).update(status="retired")
        with pytest.raises(ModelRefused, match="Retire it instead"):
            model_version_delete(version=uploaded, by=carol)
        with pytest.raises(IntegrityError):
            _delete_past_django(uploaded)
        assert ModelVersion.objects.filter(pk=uploaded.pk).exists()

    def test_what_ships_stays(self, make_version, carol):
        with pytest.raises(ModelRefused, match="ships with Candor"):
            model_version_delete(version=make_version(), by=carol)


def _delete_past_django(version: ModelVersion) -> None:
    key = version.pk.hex if connection.vendor == "sqlite" else str(version.pk)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM analysis_modelversion WHERE id = %s", [key])
        connection.check_constraints()  # what a commit does


class TestRegistration:
    def test_an_upload_becomes_a_candidate_with_its_files_kept(self, db, tmp_path, carol, settings):
        folder = write_weights(tmp_path / "upload", "speech_emotion", "mine", uar=0.4)
        version = model_version_register(folder=folder, source="uploaded", by=carol, latency_ms=1.5)
        assert (version.status, version.created_by, version.latency_ms) == ("candidate", carol, 1.5)
        assert version.evaluation["measured"][0]["uar"] == 0.4
        kept = Path(settings.MEDIA_ROOT) / "models" / "speech_emotion" / "mine"
        assert {path.name for path in kept.iterdir()} == {"manifest.json", "model.tflite", "evaluation.json"}
        assert model_versions_verify() == []
        assert ModelChange.objects.get().action == "registered"

    def test_a_taken_name_is_refused(self, db, tmp_path, carol):
        one = write_weights(tmp_path / "one", "speech_emotion", "mine")
        other = write_weights(tmp_path / "other", "speech_emotion", "mine", content=b"another")
        model_version_register(folder=one, source="uploaded", by=carol)
        for folder in (one, other):
            with pytest.raises(ModelRefused, match="already a version mine of speech emotion"):
                model_version_register(folder=folder, source="uploaded", by=carol)
        assert model_versions_verify() == []

    def test_a_file_that_is_not_the_manifests_leaves_nothing(self, db, tmp_path, carol, settings):
        folder = write_weights(tmp_path / "upload", "speech_emotion", "mine")
        (folder / "model.tflite").write_bytes(b"something else")
        with pytest.raises(ModelRefused, match="was changed"):
            model_version_register(folder=folder, source="uploaded", by=carol)
        assert not ModelVersion.objects.exists()
        assert not (Path(settings.MEDIA_ROOT) / "models" / "speech_emotion" / "mine").exists()

    def test_a_name_that_leads_elsewhere_is_refused(self, db, tmp_path, carol):
        folder = write_weights(tmp_path / "upload", "speech_emotion", "mine")
        text = (folder / "manifest.json").read_text()
        (folder / "manifest.json").write_text(text.replace('"mine"', '"../../mine"'))
        with pytest.raises(ModelRefused, match="is no name for a version"):
            model_version_register(folder=folder, source="uploaded", by=carol)


class TestChangeLog:
    def test_is_only_ever_added_to(self, make_version, carol):
        model_version_activate(version=make_version(), by=carol)
        line = ModelChange.objects.get()
        for change in (line.save, line.delete, ModelChange.objects.all().delete):
            with pytest.raises(TypeError, match="never"):
                change()
        with pytest.raises(TypeError, match="never changed"):
            ModelChange.objects.update(reason="")

    def test_a_refused_change_leaves_no_line(self, make_version, carol):
        with pytest.raises(ModelRefused):
            model_version_activate(version=make_version(evaluation={}), by=carol)
        assert not ModelChange.objects.exists()

    def test_goes_on_naming_who_has_left(self, make_version, carol):
        model_version_activate(version=make_version(), by=carol)
        email = carol.email
        carol.delete()
        line = ModelChange.objects.get()
        assert (line.by, line.by_name) == (None, email)


def test_the_database_itself_refuses_a_second_active_version(make_version):
    make_version(version="v1", status="active")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_version(version="v2", status="active")
