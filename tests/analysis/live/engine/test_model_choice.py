"""A live session is read by the versions in service when it begins, and they stay its own until it ends."""

import shutil
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async

from analysis.live.engine.worker_process import WorkerLost
from analysis.services import model_version_activate
from ml.artifacts import WEIGHTS, find
from ml.modalities import FACIAL_EXPRESSION as FACE
from tests.factories.models import make_version

JPEG = b"\xff\xd8 a picture"


@pytest.fixture
def other(room, settings, tmp_path):
    """A second version of faces."""
    settings.WEIGHTS_DIR = tmp_path / "weights"
    shutil.copytree(WEIGHTS, settings.WEIGHTS_DIR)
    return make_version(settings.WEIGHTS_DIR, FACE, "v2")


async def frame(candidate):
    await candidate.hear("frame_ack", sequence=await candidate.frame(JPEG))


async def test_the_next_session_is_read_by_what_was_activated_meanwhile(fake_pool, join, other, alice):
    candidate = await join()
    await frame(candidate)
    assert Path(fake_pool.opened[0]["models"][FACE]).name == find(FACE).manifest.version
    await sync_to_async(model_version_activate)(version=other, by=alice, reason="A test")
    fake_pool.error = WorkerLost("the worker died")
    await candidate.frame(JPEG)
    await frame(candidate)
    assert fake_pool.opened[1]["models"] == fake_pool.opened[0]["models"]  # it ends on what it began with
    await candidate.close()
    await frame(await join())
    assert Path(fake_pool.opened[-1]["models"][FACE]).name == "v2"
