"""`make pin`: digests of the images of compose.yaml, with a docker that says what the test decides."""

import os

import pytest

from interviewplatform.modes import IMAGES, unpinned_images
from interviewplatform.pin_images import ROOT, NotPinned, env_pinned, images_named, images_pin, pinned_name

ONE, OTHER = (f"sha256:{digit * 64}" for digit in "ab")
DOCKER = f"""#!/bin/sh
for image; do :; done
case "$1 $image" in
  pull*) ;;
  "image redis:7") test -z "$BUILT" && echo '["mirror.example:5000/redis@{OTHER}"]' || echo '[]';;
  image*) echo "[\\"${{image%:*}}@{ONE}\\"]";;
esac
"""


@pytest.fixture
def docker(tmp_path, monkeypatch):
    program = tmp_path / "bin" / "docker"
    program.parent.mkdir()
    program.write_text(DOCKER)
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)


@pytest.fixture
def env(tmp_path):
    env = tmp_path / ".env"
    env.write_text("SECRET=1\nREDIS_IMAGE=redis:7\n# PYTHON_IMAGE=python\nREDIS_IMAGE=redis:6\nPORT=8000")
    env.chmod(0o600)
    return env


def test_compose_names_every_image_that_is_checked():
    assert tuple(images_named((ROOT / "compose.yaml").read_text())) == IMAGES


def test_digests_are_written_in_place_and_preparing_goes_on(docker, env):
    pins = images_pin(compose=ROOT / "compose.yaml", env=env)
    lines = env.read_text().splitlines()
    assert lines[:4] == ["SECRET=1", f"REDIS_IMAGE=redis:7@{OTHER}", "# PYTHON_IMAGE=python", "PORT=8000"]
    assert lines[4:] == [f"PYTHON_IMAGE=python:3.12-slim@{ONE}", f"POSTGRES_IMAGE=postgres:17@{ONE}"]
    assert env.stat().st_mode & 0o777 == 0o600
    assert unpinned_images(pins) == []
    assert env_pinned(env.read_text(), pins) == env.read_text(), "again changes nothing"


def test_an_image_without_a_digest_leaves_everything_as_it_was(docker, env, monkeypatch):
    before = env.read_text()
    monkeypatch.setenv("BUILT", "1")
    with pytest.raises(NotPinned, match="no digest of redis:7"):
        images_pin(compose=ROOT / "compose.yaml", env=env)
    assert env.read_text() == before
    assert [path.name for path in env.parent.glob(".env*")] == [".env"]


@pytest.mark.parametrize("answer", ["", "null", "[]", "[1]", f'["other@{ONE}"]', '["redis@sha256:short"]'])
def test_no_answer_of_docker_is_taken_for_a_digest(answer):
    with pytest.raises(NotPinned):
        pinned_name("redis:7", answer)


def test_without_docker_one_sentence_says_so(env, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotPinned, match="not installed"):
        images_pin(compose=ROOT / "compose.yaml", env=env)
