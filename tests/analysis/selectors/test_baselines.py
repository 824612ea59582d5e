"""A report relative to a calm stretch of the person: one reader's view, asked for in the address and never stored."""

import pytest
from django.urls import reverse

from analysis.metrics.baseline import Calm
from analysis.models import AnalysisRun, ModalityResult, ModelVersion
from analysis.selectors import run_report
from tests.factories.analyses import FACE_LABELS, timeline

NEUTRAL = (0.1, 0.01, 0.1, 0.04, 0.2, 0.01, 0.54)


@pytest.fixture
def timelines(timelines):
    """The face rests for 9.5 s in a way that is read, weakly, as angry, then smiles."""
    face = timeline("facial_expression", FACE_LABELS, (0, 9.5, "angry", 0.45), (9.5, 19, "happy", 0.8))
    return timelines | {"facial_expression": face}


@pytest.fixture
def run(succeeded_run):
    """The run, whose face version knows what it says of neutral people."""
    version = ModelVersion.objects.create(
        modality="facial_expression", name="net", version="v9", sha256="ab" * 32, manifest={"neutral": NEUTRAL}
    )
    ModalityResult.objects.filter(run=succeeded_run, modality="facial_expression").update(model_version=version)
    return succeeded_run


def report(client, run, **asked):
    return client.get(reverse("api_run_report", args=[run.pk]), asked)


def relative_of(client, run, modality="facial_expression", **asked):
    answer = report(client, run, **asked)
    assert answer.status_code == 200, answer.content
    return answer.json()["modalities"][modality].get("relative")


def evidence_at(run, start_s, end_s, kind="unsteady"):
    item = {"start_s": start_s, "end_s": end_s, "kind": kind, "text": "voice read as sad for 1.0 s", "spans": []}
    run.metrics.filter(metric="confidence").update(evidence=[item])


def test_a_report_is_shown_as_it_was_read_until_somebody_asks(run, alice, client_of):
    assert relative_of(client_of(alice), run) is None


def test_a_found_calm_stretch_takes_the_anger_out_of_a_resting_face(run, alice, client_of):
    relative = relative_of(client_of(alice), run, calm="found")
    assert relative["calm"]["is_marked"] is False
    assert relative["calm"]["end_s"] <= 9.5
    assert relative["shares"]["angry"] == 0
    assert relative["shares"]["happy"] == pytest.approx(0.5, abs=0.01)


def test_the_metrics_and_what_was_read_stay(run, alice, client_of):
    client = client_of(alice)
    before, after = report(client, run).json(), report(client, run, calm="found").json()
    assert after["metrics"] == before["metrics"]
    for key, modality in after["modalities"].items():
        assert modality["shares"] == before["modalities"][key]["shares"]


def test_a_marked_stretch_is_one_readers_view_and_leaves_nothing(run, alice, carol, client_of):
    relative = relative_of(client_of(alice), run, calm_from="0:01.0", calm_to="8")
    assert relative["calm"] == {"start_s": 1.0, "end_s": 8.0, "is_marked": True}
    assert relative_of(client_of(alice), run) is None
    assert relative_of(client_of(carol), run) is None
    assert AnalysisRun.objects.get(pk=run.pk).options == run.options


def test_a_version_without_a_reference_says_so(run, alice, client_of):
    relative = relative_of(client_of(alice), run, "speech_emotion", calm_from="1", calm_to="8")
    assert relative["available"] is False
    assert "no neutral reference" in relative["reason"]


def test_gaze_has_no_relative_reading(run, alice, client_of):
    assert relative_of(client_of(alice), run, "eye_gaze", calm="found") is None


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"calm_from": "1", "calm_to": "3"}, "must last 5 s or more"),
        ({"calm_from": "9", "calm_to": "4"}, "ends before it begins"),
        ({"calm_from": "15", "calm_to": "99"}, "must lie within the recording"),
        ({"calm_from": "1"}, "such as 0:05 and 0:15"),
        ({"calm_from": "soon", "calm_to": "9"}, "such as 0:05 and 0:15"),
    ],
)
def test_what_is_no_calm_stretch_is_refused_with_a_sentence(run, alice, client_of, asked, sentence):
    answer = report(client_of(alice), run, **asked)
    assert answer.status_code == 409
    assert sentence in answer.json()["detail"]


def test_a_stretch_with_evidence_in_it_is_refused_and_not_found(run, alice, client_of):
    evidence_at(run, 4.0, 5.0)
    client = client_of(alice)
    refused = report(client, run, calm_from="1", calm_to="8")
    assert refused.status_code == 409
    assert "at 0:04.0 there is evidence in it (voice read as sad for 1.0 s)" in refused.json()["detail"]
    evidence_at(run, 0.5, 8.0)
    assert "No calm stretch without evidence" in report(client, run, calm="found").json()["detail"]


def test_a_look_away_does_not_spoil_a_calm_stretch(run):
    evidence_at(run, 4.0, 5.0, kind="look_away")
    assert run_report(run=run, calm=Calm(1.0, 8.0))["modalities"]["facial_expression"]["relative"]["available"]


def test_the_page_shows_both_what_was_read_and_what_is_relative_to_who_asks(run, alice, client_of):
    client = client_of(alice)
    url = reverse("interview_detail", args=[run.recording.interview_id])
    before = client.get(url).content.decode()
    assert "Compare with the person" in before
    assert "As read" not in before
    after = " ".join(client.get(url, {"calm_from": "1", "calm_to": "8"}).content.decode().split())
    assert "Shown to you relative to a calm stretch" in after
    assert "relative to 0:01.0 to 0:08.0, marked" in after
    assert "As read" in after
    assert "they are not relative to the calm stretch" in after
    refused = client.get(url, {"calm_from": "8", "calm_to": "1"}).content.decode()
    assert "ends before it begins" in refused
    assert "As read" not in refused
