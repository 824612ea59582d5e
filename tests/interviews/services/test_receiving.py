"""The write loop that uploads and takes share."""

import errno
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError

from interviews.services.receiving import (
    BLOCK_BYTES,
    DISK_FULL,
    SPARE_BYTES,
    BodyTooLong,
    body_write,
    disk_full_refused,
    space_require,
)


def free(monkeypatch, size_bytes: int) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda folder: type("Usage", (), {"free": size_bytes})())


def test_a_body_is_written_in_blocks_and_counted():
    body, file, blocks = bytes(BLOCK_BYTES + 7), BytesIO(), []
    written = body_write(BytesIO(body), file, limit_bytes=len(body), on_block=lambda block: blocks.append(len(block)))
    assert written == len(body)
    assert file.getvalue() == body
    assert blocks == [BLOCK_BYTES, 7]


def test_a_body_beyond_the_limit_is_stopped_at_the_block_that_passes_it():
    file = BytesIO()
    with pytest.raises(BodyTooLong):
        body_write(BytesIO(bytes(3 * BLOCK_BYTES)), file, limit_bytes=2 * BLOCK_BYTES)
    assert len(file.getvalue()) == 2 * BLOCK_BYTES


def test_space_is_required_with_some_to_spare(monkeypatch, tmp_path):
    free(monkeypatch, SPARE_BYTES + 100)
    space_require(tmp_path, 100, field="file")
    with pytest.raises(ValidationError) as error:
        space_require(tmp_path, 101, field="chunk")
    assert error.value.message_dict == {"chunk": [DISK_FULL]}


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_refused_at_the_field(code):
    with pytest.raises(ValidationError) as error, disk_full_refused(field="file"):
        raise OSError(code, "no space")
    assert error.value.message_dict == {"file": [DISK_FULL]}


def test_other_errors_of_the_disk_are_defects():
    with pytest.raises(PermissionError), disk_full_refused(field="file"):
        raise PermissionError(errno.EACCES, "no")
