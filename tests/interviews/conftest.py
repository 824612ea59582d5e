"""What the tests of this app share: a real recording, and uploads made through the services."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from interviews import services
from tests.factories.media import make_recording
from tests.factories.rooms import candidate, host, invited, make_room, recorded, room  # noqa: F401  (fixtures)


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of a face with speech, as mp4."""
    return make_recording(tmp_path_factory.mktemp("video") / "interview.mp4", duration_s=2.0)


@pytest.fixture
def uploaded() -> Callable[..., Any]:
    """``uploaded(alice, path)``: a complete upload of a file's bytes, in one piece."""

    def upload(by: Any, path: Path, name: str | None = None) -> Any:
        content = path.read_bytes()
        upload = services.upload_begin(by=by, file_name=name or path.name, size_bytes=len(content))
        return services.upload_append(upload=upload, offset=0, piece=BytesIO(content))

    return upload


@pytest.fixture
def create(uploaded: Callable[..., Any]) -> Callable[..., Any]:
    """``create(alice, upload)``: ``interview_create`` with fields that are right unless overridden."""

    def create_interview(by: Any, upload: Any, **fields: Any) -> Any:
        return services.interview_create(
            **{
                "by": by,
                "upload": upload,
                "candidate_name": "Dana Diaz",
                "candidate_email": "dana@mail.example",
                "position": "Data Engineer",
                "informed_consent": True,
                "consent_evidence": "Signed on paper, in the folder of 2026.",
                **fields,
            }
        )

    return create_interview
