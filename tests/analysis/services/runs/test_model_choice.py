"""Which version reads a run: what is in service when it is requested, trials included, and kept for ever."""

import dataclasses
import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import InMemoryStorage
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from analysis.models import AnalysisRun, Canary, Modality, ModelChange, ShadowResult
from analysis.selectors import (
    canary_comparison,
    model_problems,
    model_usage,
    model_versions_in_service,
)
from analysis.selectors.model_versions import _is_included
from analysis.services import (
    ModelRefused,
    WeightsUnavailable,
    canary_end,
    canary_start,
    model_folders,
    model_version_activate,
    model_version_register,
    model_version_retire,
    model_versions_verify,
    run_execute,
    run_request,
    run_retry,
    runs_delete,
    weights_folder,
)
from interviews.models import Organization
from tests.factories.models import write_weights

FACE = "facial_expression"


class Remote:
    """A store that is no folder of this machine."""

    def __init__(self) -> None:
        self._store = InMemoryStorage()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def path(self, name: str) -> str:
        raise NotImplementedError


@pytest.fixture
def in_service(make_version):
    """All four modalities with an active v1."""
    return {modality: make_version(modality, "v1", status="active") for modality in Modality.values}


def chosen(run: AnalysisRun, role: str = "primary") -> dict[str, str]:
    return {row.modality: row.model_version.version for row in run.models.filter(role=role)}


class TestARunKeepsItsVersions:
    def test_chosen_at_the_request_whatever_comes_later(
        self, in_service, make_version, interview, alice, carol, pipeline, weights_dir
    ):
        run = run_request(recording=interview.recordings.get(), by=alice)
        model_version_activate(version=make_version(FACE, "v2"), by=carol)
        run_execute(run_id=run.pk)
        assert chosen(run) == dict.fromkeys(Modality.values, "v1")
        assert run.models.get(modality=FACE).sha256 == in_service[FACE].sha256
        models, shadows = pipeline.models[0]
        assert models == {modality: weights_dir / modality / "v1" for modality in Modality.values}
        assert shadows == {}

    def test_a_retry_keeps_them_and_a_new_analysis_does_not(
        self, in_service, make_version, interview, alice, carol, pipeline
    ):
        recording = interview.recordings.get()
        run = run_request(recording=recording, by=alice)
        AnalysisRun.objects.update(status="failed")
        run.refresh_from_db()
        model_version_activate(version=make_version(FACE, "v2"), by=carol)
        again = run_retry(run=run, by=alice)
        assert chosen(again)[FACE] == "v1"
        AnalysisRun.objects.update(status="succeeded")
        assert chosen(run_request(recording=recording, by=alice))[FACE] == "v2"

    def test_a_run_from_before_the_registry_chooses_when_it_begins(self, queued_run, make_version, pipeline):
        assert chosen(queued_run) == {}
        make_version(FACE, "v1", status="active")
        run_execute(run_id=queued_run.pk)
        assert chosen(queued_run) == {FACE: "v1"}

    def test_everything_goes_with_the_interview(self, in_service, make_version, interview, alice, carol, pipeline):
        canary_start(version=make_version(FACE, "v2"), by=carol, organization=interview.organization)
        run = run_request(recording=interview.recordings.get(), by=alice)
        run_execute(run_id=run.pk)
        assert ShadowResult.objects.exists()
        runs_delete(interview=interview)
        assert not ShadowResult.objects.exists()
        assert model_usage(version=in_service[FACE])["runs"] == 0


class TestTrials:
    def test_an_organization_tries_a_candidate_and_nobody_else(
        self, in_service, make_version, northwind, southwind, carol
    ):
        candidate = make_version(FACE, "v2")
        canary_start(version=candidate, by=carol, organization=northwind, reason="Their cameras.")
        ours = model_versions_in_service(organization=northwind, key="a")[FACE]
        assert (ours.primary, ours.shadow) == (candidate, in_service[FACE])
        theirs = model_versions_in_service(organization=southwind, key="a")[FACE]
        assert (theirs.primary, theirs.shadow) == (in_service[FACE], None)
        line = ModelChange.objects.get(action="canary_started")
        assert line.reason == "On all new runs of Northwind. Their cameras."

    def test_an_organizations_trial_goes_before_one_on_a_share(self, in_service, make_version, northwind, carol):
        canary_start(version=make_version(FACE, "v2"), by=carol, share=0.999)
        canary_start(version=make_version(FACE, "v3"), by=carol, organization=northwind)
        assert model_versions_in_service(organization=northwind, key="a")[FACE].primary.version == "v3"

    def test_ends_when_it_is_ended_activated_or_retired(self, in_service, make_version, northwind, carol):
        def start(name: str) -> Canary:
            return canary_start(version=make_version(FACE, name), by=carol, organization=northwind)

        ended = start("v2")
        canary_end(canary=ended, by=carol, reason="Enough.")
        with pytest.raises(ModelRefused, match="already ended"):
            canary_end(canary=ended, by=carol)
        activated = start("v3")
        model_version_activate(version=activated.model_version, by=carol)
        model_version_retire(version=start("v4").model_version, by=carol)
        assert not Canary.objects.running().exists()
        assert ModelChange.objects.filter(action="canary_ended").count() == 3
        assert model_versions_in_service(organization=northwind, key="a")[FACE].shadow is None

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"share": 0.0}, "above 0"),
            ({"share": 1.5}, "above 0"),
            ({"share": float("nan")}, "above 0"),
            ({"share": 1.0}, "is no trial"),
        ],
    )
    def test_a_share_that_is_none_is_refused(self, make_version, carol, fields, sentence):
        with pytest.raises(ModelRefused, match=sentence):
            canary_start(version=make_version(), by=carol, **fields)

    def test_only_candidates_and_one_at_a_time(self, in_service, make_version, northwind, carol):
        with pytest.raises(ModelRefused, match="Only a candidate"):
            canary_start(version=in_service[FACE], by=carol, organization=northwind)
        canary_start(version=make_version(FACE, "v2"), by=carol, organization=northwind)
        canary_start(version=make_version(FACE, "v3"), by=carol, share=0.5)
        for fields in ({"organization": northwind}, {"share": 0.1}):
            with pytest.raises(ModelRefused, match="is being tried"):
                canary_start(version=make_version(FACE, f"w{len(fields)}{next(iter(fields))}"), by=carol, **fields)

    def test_both_read_the_same_recording_and_are_compared(
        self, in_service, make_version, make_analysis, interview, alice, carol, pipeline, timelines, weights_dir
    ):
        candidate = make_version(FACE, "v2")
        canary = canary_start(version=candidate, by=carol, organization=interview.organization)
        analysis = make_analysis()
        face = analysis.modalities[FACE]
        other = [o._replace(label="sad") if o.label == "happy" else o for o in face.timeline.observations]
        shadow = dataclasses.replace(face, timeline=dataclasses.replace(face.timeline, observations=tuple(other)))
        pipeline.result = dataclasses.replace(analysis, shadows={FACE: shadow})
        run = run_request(recording=interview.recordings.get(), by=alice)
        run_execute(run_id=run.pk)
        run.refresh_from_db()
        assert run.status == "succeeded", run.failure_reason
        models, shadows = pipeline.models[0]
        assert (models[FACE], shadows) == (weights_dir / FACE / "v2", {FACE: weights_dir / FACE / "v1"})
        row = ShadowResult.objects.get()
        assert row.model_version == in_service[FACE]
        assert row.agreement == pytest.approx(10.5 / 19)
        comparison = canary_comparison(canary=canary)
        assert comparison["recordings"] == 1
        assert comparison["agreement"] == pytest.approx(10.5 / 19)
        sad = next(row for row in comparison["labels"] if row["label"] == "sad")
        assert (sad["trial"], sad["active"]) == (0.0, pytest.approx(8.5 / 19))
        assert model_usage(version=in_service[FACE])["shadows"] == 1

    def test_a_shadow_without_weights_says_so_and_harms_nothing(
        self, in_service, make_version, interview, alice, carol, pipeline, weights_dir
    ):
        canary_start(version=make_version(FACE, "v2"), by=carol, organization=interview.organization)
        shutil.rmtree(weights_dir / FACE / "v1")
        run = run_request(recording=interview.recordings.get(), by=alice)
        run_execute(run_id=run.pk)
        run.refresh_from_db()
        assert run.status == "succeeded"
        row = ShadowResult.objects.get()
        assert (row.available, row.agreement) == (False, None)
        assert row.reason == "The weights of this version could not be used."


@given(share=st.floats(0.01, 1.0), keys=st.lists(st.uuids(), min_size=1, max_size=5))
def test_the_same_key_is_always_inside_or_always_outside(share, keys):
    canary = Canary(share=share)
    for key in keys:
        assert _is_included(canary, str(key)) == _is_included(canary, str(key))
        assert _is_included(Canary(pk=canary.pk, share=1.0), str(key))
        if _is_included(canary, str(key)):
            assert _is_included(Canary(pk=canary.pk, share=min(1.0, share * 1.5)), str(key))


def test_a_share_is_about_that_share():
    canary = Canary(share=0.2)
    included = sum(_is_included(canary, f"recording {number}") for number in range(5000))
    assert 850 < included < 1150


class TestWeights:
    def test_a_changed_file_takes_only_its_modality_out_of_service(
        self, in_service, interview, alice, pipeline, weights_dir, admin_client
    ):
        (weights_dir / FACE / "v1" / "model.tflite").write_bytes(b"bits rot")
        run = run_request(recording=interview.recordings.get(), by=alice)
        run_execute(run_id=run.pk)
        models, _ = pipeline.models[0]
        assert set(models) == set(Modality.values) - {FACE}
        assert list(model_problems()) == [FACE]
        health = admin_client.get("/health/").json()
        assert (health["status"], health["models"]) == ("ok", False)
        assert "model.tflite of Facial expression v1 was changed" in health["model_problems"][FACE]
        (weights_dir / FACE / "v1" / "model.tflite").write_bytes(b"facial_expression v1")
        assert model_versions_verify() == []
        assert admin_client.get("/health/").json()["models"] is True

    def test_a_file_changed_together_with_its_manifest_is_found(self, in_service, weights_dir):
        shutil.rmtree(weights_dir / FACE / "v1")
        write_weights(weights_dir, FACE, "v1", content=b"another network")
        with pytest.raises(WeightsUnavailable, match="was changed"):
            weights_folder(version=in_service[FACE])

    @pytest.mark.parametrize(
        ("key", "value"), [("labels", ["b", "a"]), ("temperature", 3.0), ("preprocessing", {"mean": 1.0})]
    )
    def test_a_manifest_that_would_change_what_the_same_network_says_is_found(
        self, in_service, weights_dir, admin_client, key, value
    ):
        path = weights_dir / FACE / "v1" / "manifest.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), key: value}))
        assert model_versions_verify() == [in_service[FACE]]
        assert f"its {key} is not what was registered" in admin_client.get("/health/").json()["model_problems"][FACE]

    def test_weights_in_a_remote_store_are_copied_once_and_verified(
        self, db, tmp_path, carol, settings, monkeypatch, northwind
    ):
        settings.MODEL_CACHE_DIR = tmp_path / "cache"
        remote = Remote()
        monkeypatch.setattr("analysis.services.registry.store.default_storage", remote)
        folder = write_weights(tmp_path / "upload", FACE, "mine", uar=0.7)
        version = model_version_register(folder=folder, source="uploaded", by=carol)
        model_version_activate(version=version, by=carol)
        local = model_folders(model_versions_in_service(organization=northwind, key="a"))[FACE]
        assert local.is_relative_to(tmp_path / "cache")
        assert (local.parent.name, local.name) == (FACE, "mine")
        fetched = (local / "model.tflite").stat().st_mtime_ns
        assert weights_folder(version=version) == local
        assert (local / "model.tflite").stat().st_mtime_ns == fetched
        (local / "model.tflite").write_bytes(b"rot")
        assert (weights_folder(version=version) / "model.tflite").read_bytes() == b"facial_expression mine"
        shutil.rmtree(local)
        remote.delete(f"models/{FACE}/mine/model.tflite")
        with pytest.raises(WeightsUnavailable, match="is missing"):
            weights_folder(version=version)
        assert [path for path in Path(settings.MODEL_CACHE_DIR).rglob(".*")] == []


def test_where_a_version_is_used(in_service, interview, alice, bob, make_interview, pipeline):
    for owner, one in ((alice, interview), (bob, make_interview(bob)), (bob, make_interview(bob))):
        run_execute(run_id=run_request(recording=one.recordings.get(), by=owner).pk)
    run_request(recording=make_interview(alice, candidate_name="Erin Estrada").recordings.get(), by=alice)
    usage = model_usage(version=in_service[FACE])
    assert (usage["runs"], usage["reports"], usage["active_runs"]) == (4, 3, 1)
    assert [(row["name"], row["runs"]) for row in usage["organizations"]] == [("Northwind", 2), ("Southwind", 2)]
    assert usage["last_used_at"] > timezone.now() - timedelta(minutes=5)
    assert Organization.objects.count() == 2
