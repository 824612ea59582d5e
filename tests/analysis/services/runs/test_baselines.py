"""A report read relative to the person's own calm stretch: an option of the run, computed without a model."""

import pytest
from django.urls import reverse

from analysis.models import AnalysisRun, ModalityResult, ModelVersion
from analysis.selectors import run_report
from tests.factories.analyses import FACE_LABELS, timeline

NEUTRAL = (0.1, 0.01, 0.1, 0.04, 0.2, 0.01, 0.54)


@pytest.fixture
def timelines(timelines):
    """The face rests for 9.5 s in a way that is read as angry, then smiles."""
    face = timeline("facial_expression", FACE_LABELS, (0, 9.5, "angry", 0.6), (9.5, 19, "happy", 0.8))
    return timelines | {"facial_expression": face}


@pytest.fixture
def run(succeeded_run):
    """The run, whose face version knows what it says of neutral people."""
    version = ModelVersion.objects.create(
        modality="facial_expression", name="net", version="v9", sha256="ab" * 32, manifest={"neutral": NEUTRAL}
    )
    ModalityResult.objects.filter(run=succeeded_run, modality="facial_expression").update(model_version=version)
    return succeeded_run


def relative_of(run, modality="facial_expression"):
    return run_report(run=AnalysisRun.objects.get(pk=run.pk))["modalities"][modality].get("relative")


def put(client, run, data=None):
    return client.put(reverse("api_run_baseline", args=[run.pk]), data or {}, content_type="application/json")


def test_a_report_is_shown_as_it_was_read_until_somebody_asks(run):
    assert relative_of(run) is None


def test_a_found_calm_stretch_takes_the_anger_out_of_a_resting_face(run, alice, client_of):
    answer = put(client_of(alice), run)
    assert answer.status_code == 200, answer.content
    relative = relative_of(run)
    assert relative["calm"]["is_marked"] is False
    assert relative["calm"]["end_s"] <= 9.5
    assert relative["shares"]["angry"] == 0
    assert relative["shares"]["happy"] == pytest.approx(0.5, abs=0.01)


def test_the_metrics_and_what_was_read_stay(run, alice, client_of):
    before = run_report(run=run)
    after = put(client_of(alice), run).json()
    assert after["metrics"] == before["metrics"]
    for key, modality in after["modalities"].items():
        assert modality["shares"] == before["modalities"][key]["shares"]


def test_a_marked_stretch_is_kept_with_the_run(run, alice, client_of):
    assert put(client_of(alice), run, {"start_s": 1.0, "end_s": 8.0}).status_code == 200
    assert relative_of(run)["calm"] == {"start_s": 1.0, "end_s": 8.0, "is_marked": True}


def test_a_version_without_a_reference_says_so(run, alice, client_of):
    put(client_of(alice), run, {"start_s": 1.0, "end_s": 8.0})
    relative = relative_of(run, "speech_emotion")
    assert relative["available"] is False
    assert "no neutral reference" in relative["reason"]


def test_gaze_has_no_relative_reading(run, alice, client_of):
    put(client_of(alice), run)
    assert relative_of(run, "eye_gaze") is None


def test_the_option_goes_off_again(run, alice, client_of):
    client = client_of(alice)
    put(client, run)
    assert client.delete(reverse("api_run_baseline", args=[run.pk])).status_code == 200
    assert relative_of(run) is None
    assert "baseline" not in AnalysisRun.objects.get(pk=run.pk).options


@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [
        ({"start_s": 1.0, "end_s": 3.0}, 409, "must last 5 s or more"),
        ({"start_s": 9.0, "end_s": 4.0}, 409, "must lie within the recording"),
        ({"start_s": 15.0, "end_s": 99.0}, 409, "must lie within the recording"),
        ({"start_s": 1.0}, 400, "both seconds"),
        ({"start_s": "soon", "end_s": 9}, 400, ""),
    ],
)
def test_what_is_no_calm_stretch_is_refused_with_a_sentence(run, alice, client_of, data, status, sentence):
    answer = put(client_of(alice), run, data)
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert relative_of(run) is None


def test_another_organizations_run_does_not_exist(run, bob, client_of):
    assert put(client_of(bob), run).status_code == 404
    assert relative_of(run) is None


def test_a_run_without_a_report_has_no_baseline(run, alice, client_of):
    AnalysisRun.objects.filter(pk=run.pk).update(status=AnalysisRun.Status.FAILED)
    assert put(client_of(alice), run).status_code == 409
    assert client_of(alice).delete(reverse("api_run_baseline", args=[run.pk])).status_code == 409


def test_the_page_shows_both_what_was_read_and_what_is_relative(run, alice, client_of):
    client = client_of(alice)
    url = reverse("interview_detail", args=[run.recording.interview_id])
    before = client.get(url).content.decode()
    assert "Compare with the person" in before
    assert "As read" not in before
    put(client, run, {"start_s": 1.0, "end_s": 8.0})
    after = " ".join(client.get(url).content.decode().split())
    assert "Facial expression: relative to 0:01.0 to 0:08.0, marked, weight 64" in after
    assert after.count(">As read</th>") == 1
    assert "As read: This model version has no neutral reference" in after
