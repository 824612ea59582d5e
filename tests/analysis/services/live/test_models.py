"""Which versions read a live session."""

import shutil
from pathlib import Path

import pytest

from analysis.models import ModelVersion
from analysis.services import (
    canary_start,
    live_models_choose,
    model_version_activate,
    model_version_delete,
    model_version_rollback,
)
from analysis.services.errors import ModelRefused
from interviews.models import Room
from ml.artifacts import WEIGHTS, find
from ml.modalities import FACIAL_EXPRESSION as FACE
from ml.modalities import MODALITIES
from tests.factories.models import make_version


@pytest.fixture
def weights_dir(db, settings, tmp_path, record_installed):
    """A copy of what ships, which a test may change."""
    settings.WEIGHTS_DIR = tmp_path / "weights"
    shutil.copytree(WEIGHTS, settings.WEIGHTS_DIR)
    record_installed()
    return settings.WEIGHTS_DIR


@pytest.fixture
def room(weights_dir, alice, make_interview):
    return Room.objects.create(interview=make_interview(alice), host=alice)


@pytest.fixture
def other(room, weights_dir):
    """A second version of faces."""
    return make_version(weights_dir, FACE, "v2")


def test_a_trial_reads_live_as_it_reads_the_recording(room, other, alice):
    canary_start(version=other, by=alice, organization=room.interview.organization)
    assert Path(live_models_choose(room_id=room.pk)[FACE] or "").name == "v2"


def test_changed_weights_take_only_their_modality_out_of_service(room, weights_dir):
    (weights_dir / FACE / find(FACE).manifest.version / "model.tflite").write_bytes(b"bits rot")
    chosen = live_models_choose(room_id=room.pk)
    assert chosen[FACE] is None
    assert all(chosen[modality] for modality in MODALITIES if modality != FACE)


def test_what_was_in_service_is_never_deleted(room, other, alice):
    """Live readings name a version by its name alone."""
    model_version_activate(version=other, by=alice, reason="A test")
    model_version_rollback(modality=FACE, by=alice)
    other.refresh_from_db()
    other.source = ModelVersion.Source.UPLOADED
    with pytest.raises(ModelRefused, match="has been in service"):
        model_version_delete(version=other, by=alice)
