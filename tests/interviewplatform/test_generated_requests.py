"""Requests that are made from the API's own schema, as it allows them and as it does not: none is an error of ours.

``SCHEMA_EXAMPLES=200 pytest tests/interviewplatform/test_generated_requests.py`` asks for longer.
"""

import json
import os
from typing import Any
from urllib.parse import urlencode

import hypothesis
import pytest
import schemathesis
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from schemathesis.generation import GenerationMode

from analysis.models import Robustness, Transcript
from analysis.services import run_execute, run_request
from interviews.models import Interview, Take
from tests.factories import analyses
from tests.factories.consent import agree
from tests.interviewplatform.test_authorization import cast, things

__all__ = ["cast", "things"]

EXAMPLES = int(os.environ.get("SCHEMA_EXAMPLES", "2"))
REFUSED = {401, 403, 404, 410}
PLAINLY = hypothesis.settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[hypothesis.Phase.generate],
    suppress_health_check=list(hypothesis.HealthCheck),
)


@pytest.fixture
def finished(cast: Any, things: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs and the transcript are done, and a recording arrives in the room."""
    analysis = analyses.analysis_of(analyses.interview_timelines())
    monkeypatch.setattr("analysis.recording_process.supervisor.analyze_confined", analyses.FakePipeline(analysis))
    interview = Interview.objects.get(pk=things["interview_id"])
    agree(interview, "transcript")
    for name in ("before_id", "after_id"):
        things[name] = run_request(recording=interview.recordings.get(), by=cast["owner"]).pk
        run_execute(run_id=things[name])
    things["run_id"] = things["after_id"]
    Robustness.objects.create(run_id=things["run_id"], requested_by=cast["owner"])
    Transcript.objects.update(status="succeeded")
    Take.objects.create(room_id=things["room_id"], number=1, mime_type="video/webm", started_ms=1, offset_s=0)


@pytest.fixture
def browsers(cast: Any, finished: None, things: Any, client_of: Any) -> tuple[Client, Client]:
    """Alice's, who administers the installation too, and the candidate's."""
    alice = cast["owner"]
    alice.is_staff = alice.is_superuser = True
    alice.save()
    both = client_of(alice), Client()
    assert both[1].post(f"/join/{things['token']}/").status_code == 302
    for client in both:
        client.raise_request_exception = False
    return both


def sent(client: Client, case: Any, things: Any) -> Any:
    """The answer to a generated case. What exists is asked for by its own id, where the case allows it."""
    parts = dict(case.path_parameters or {})
    if case.meta.generation.mode == GenerationMode.POSITIVE:
        parts |= {name: things[name] for name in parts if name in things}
        if "level" in parts:
            parts["number"] = 0  # the first tile; takes are counted from 1
    asked = case.as_transport_kwargs(base_url="http://testserver")
    path = case.path
    for name, value in parts.items():
        path = path.replace(f"{{{name}}}", str(value))
    body, content_type = asked.get("data", b""), case.media_type or "application/json"
    if isinstance(asked.get("json"), dict) and "upload_id" in asked["json"]:
        asked["json"]["upload_id"] = str(things["upload_id"])
    if "json" in asked:
        body = json.dumps(asked["json"]).encode()
    if not isinstance(body, bytes | str):
        body = json.dumps(body, default=str)
    query = urlencode(asked.get("params") or {}, doseq=True, errors="replace")
    return client.generic(asked["method"], path, body, content_type, QUERY_STRING=query)


def test_no_request_that_the_schema_describes_is_an_error_of_ours(browsers: tuple[Client, Client], things: Any) -> None:
    document = json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))
    failures: list[str] = []
    asked = 0
    reached: dict[str, set[int]] = {}

    def check(case: Any) -> None:
        nonlocal asked
        asked += 1
        cache.clear()
        with transaction.atomic():
            answer = sent(browsers["/join/" in case.path], case, things)
            transaction.set_rollback(True)
        if answer.streaming:
            answer.close()
        if case.meta.generation.mode == GenerationMode.POSITIVE:
            reached.setdefault(case.operation.label, set()).add(answer.status_code)
        if answer.status_code >= 500:
            failures.append(f"{answer.status_code} {case.as_curl_command()} {getattr(answer, 'exc_info', '')}")

    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            try:
                PLAINLY(hypothesis.given(case=operation.as_strategy(generation_mode=mode))(check))()
            except hypothesis.errors.Unsatisfiable:
                continue  # nothing about it can be wrong
    assert asked > 100
    assert not failures, "\n".join(failures)
    unreached = {label: codes for label, codes in reached.items() if codes <= REFUSED}
    assert not unreached, f"nothing of these was asked about what exists: {unreached}"
