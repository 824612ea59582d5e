"""The real server process: ranges, slow viewers, large bodies."""

import http.client
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from unittest.mock import Mock

import pytest

from interviewplatform.web_server import MAX_BODY_BYTES, BoundedRequest

ROOT = Path(__file__).resolve().parents[2]
SIZE = 256 * 1024**2

APPLICATION = f"""
BLOCK = bytes(256 * 1024)
sent = 0

async def application(scope, receive, send):
    global sent
    await receive()
    await send({{"type": "http.response.start", "status": 200, "headers": []}})
    if scope["path"] == "/sent":
        await send({{"type": "http.response.body", "body": str(sent).encode()}})
        return
    for _ in range({SIZE} // len(BLOCK)):
        await send({{"type": "http.response.body", "body": BLOCK, "more_body": True}})
        sent += len(BLOCK)
    await send({{"type": "http.response.body", "body": b""}})
"""


@pytest.fixture
def port(tmp_path):
    (tmp_path / "endless.py").write_text(APPLICATION)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "interviewplatform.web_server", "-v", "0"),
                *("--fd", str(listener.fileno()), "endless:application"),
            ],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{tmp_path}", "VAR_DIR": str(tmp_path / "var")},
            pass_fds=[listener.fileno()],
        )
        try:
            yield listener.getsockname()[1]
        finally:
            server.terminate()
            server.wait(20)


@contextmanager
def asked(port: int, method: str, path: str, body: bytes | None = None) -> Iterator[http.client.HTTPResponse]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(connection):
        connection.request(method, path, body=body)
        with closing(connection.getresponse()) as response:
            yield response


def test_a_viewer_who_does_not_read_is_not_sent_everything(port):
    with socket.create_connection(("127.0.0.1", port)) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert slow.recv(1000)
        for _ in range(20):  # the server answers others meanwhile, and gets no further than the kernel's buffers
            with asked(port, "GET", "/sent") as response:
                sent = int(response.read())
        assert sent < SIZE / 4


def test_a_viewer_who_reads_gets_everything(port):
    count = 0
    with asked(port, "GET", "/") as response:
        while block := response.read(1024**2):
            count += len(block)
    assert count == SIZE


@pytest.mark.parametrize(("size", "status"), [(MAX_BODY_BYTES, 200), (MAX_BODY_BYTES + 1, 413)])
def test_a_body_larger_than_any_page_sends_is_refused(port, size, status):
    with asked(port, "PUT", "/sent", bytes(size)) as response:
        assert response.status == status
        assert re.search(rb"larger|^\d+$", response.read())


def test_a_body_without_an_end_is_cut_off(port):
    piece = b"100000\r\n" + bytes(1024**2) + b"\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=60) as endless:
        endless.sendall(b"POST /sent HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            endless.sendall(piece * (8 * MAX_BODY_BYTES // len(piece)))


def test_of_a_body_that_is_too_large_no_more_is_kept():
    request = BoundedRequest.__new__(BoundedRequest)
    request.content, request.transport = BytesIO(), Mock()
    for _ in range(20):
        request.handleContentChunk(bytes(MAX_BODY_BYTES // 10))
    assert len(request.content.getvalue()) == MAX_BODY_BYTES + 1
    request.transport.abortConnection.assert_not_called()
    request.handleContentChunk(bytes(100))
    request.transport.abortConnection.assert_called_once()
