"""The registry of recognisers agrees with the packages, the installed versions and the keys."""

import subprocess
import sys

import pytest

from ml import artifacts
from ml.inputs import InputSpec, match_signature
from ml.modalities import EYE_GAZE, MODALITIES
from ml.recognizers import NETWORKS, RECOGNIZERS


def test_every_modality_has_a_recogniser_in_the_order_of_the_keys():
    assert tuple(RECOGNIZERS) == MODALITIES
    assert set(MODALITIES) - set(NETWORKS) == {EYE_GAZE}


@pytest.mark.parametrize("modality", MODALITIES)
def test_the_shipped_version_loads_and_has_the_labels_of_the_registry(modality: str):
    recognizer = RECOGNIZERS[modality].load()
    assert recognizer.artifact.manifest.modality == modality
    assert sorted(recognizer.labels) == sorted(RECOGNIZERS[modality].labels)


@pytest.mark.parametrize("modality", NETWORKS)
def test_installed_networks_have_an_input_of_the_registry_in_their_manifest(modality: str):
    known = [(spec.shape, spec.description) for spec in RECOGNIZERS[modality].inputs]
    for artifact in artifacts.installed():
        manifest = artifact.manifest
        if manifest.modality == modality:
            assert (tuple(manifest.input["shape"]), manifest.input["description"]) in known


def test_a_signature_is_matched_without_the_batch_and_falls_back_to_the_first():
    usual, other = InputSpec((1, 4), "four numbers"), InputSpec((1, 2, 2), "a square")
    assert match_signature((usual, other), (None, 2, 2)) is other
    assert match_signature((usual, other), (8, 4)) is usual
    assert match_signature((usual, other), (1, 9)) is usual


def test_the_registry_is_read_without_loading_a_recogniser():
    code = "import sys, ml.recognizers; print('numpy' in sys.modules, 'ml.eye_gaze.recognizer' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "False"]
