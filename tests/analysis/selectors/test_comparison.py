"""Analyse again, and see both analyses side by side with what changed."""

import dataclasses

import pytest

from analysis.models import ModelVersion
from analysis.reporting.comparison import signed
from analysis.selectors import run_before, runs_compare
from analysis.services import model_version_activate, run_execute, run_request
from ml.timeline import Timeline


@pytest.fixture
def version_of(make_version, pipeline, make_analysis):
    """Makes a version of facial expression that the fake pipeline then reads with."""

    def make(name: str, timeline: Timeline) -> ModelVersion:
        version = make_version("facial_expression", name)
        analysis = make_analysis()
        reference = dataclasses.replace(
            analysis.modalities["facial_expression"].model, version=name, sha256=version.sha256
        )
        analysis.modalities["facial_expression"] = dataclasses.replace(
            analysis.modalities["facial_expression"], timeline=timeline, model=reference
        )
        pipeline.result = analysis
        return version

    return make


@pytest.fixture
def two_runs(interview, alice, carol, timelines, version_of):
    """The same recording analysed with v1, and again after v2 was activated, which never says "happy"."""
    face = timelines["facial_expression"]
    runs = []
    for name, observations in (
        ("v1", face.observations),
        ("v2", tuple(o for o in face.observations if o.label != "happy")),
    ):
        version = version_of(name, dataclasses.replace(face, observations=observations))
        model_version_activate(version=version, by=carol)
        run = run_request(recording=interview.recordings.get(), by=alice)
        run_execute(run_id=run.pk)
        run.refresh_from_db()
        runs.append(run)
    return runs


def test_says_what_changed(two_runs):
    before, after = two_runs
    comparison = runs_compare(before=before, after=after)
    face = comparison["modalities"][0]
    assert face["model_changed"]
    assert (face["before"]["model"]["version"], face["after"]["model"]["version"]) == ("v1", "v2")
    assert face["after"]["coverage"] < face["before"]["coverage"] == 0.95
    happy = next(row for row in face["shares"] if row["label"] == "happy")
    assert (happy["before"], happy["after"], happy["difference"]) == (0.4474, 0.0, -0.4474)
    assert not any(modality["model_changed"] for modality in comparison["modalities"][1:])
    assert len(comparison["changes"]) == 1
    assert comparison["changes"][0].startswith("Facial expression: v1 (")
    assert len(comparison["metrics"]) == 4
    assert all(metric["before"]["coverage"] is not None for metric in comparison["metrics"])
    assert run_before(run=after) == before
    assert run_before(run=before) is None


def test_each_run_keeps_the_version_it_was_made_with(two_runs):
    versions = [run.modalities.get(modality="facial_expression").model_version.version for run in two_runs]
    assert versions == ["v1", "v2"]
    assert [run.models.get(modality="facial_expression").model_version.version for run in two_runs] == versions


def test_the_page_shows_versions_shares_and_coverage(two_runs, client_of, alice):
    before, after = two_runs
    browser = client_of(alice)
    page = browser.get(f"/runs/{before.pk}/compare/{after.pk}/").content.decode()
    for text in ("What changed", "v1", "v2", "−45 points", "95\N{NO-BREAK SPACE}%", "Attentiveness"):
        assert text in page, text
    report = browser.get(f"/interviews/{before.recording.interview_id}/").content.decode()
    assert f"/runs/{before.pk}/compare/{after.pk}/" in report
    earlier = browser.get(f"/interviews/{before.recording.interview_id}/?run={before.pk}").content.decode()
    assert f"/runs/{before.pk}/compare/{after.pk}/" in earlier
    answer = browser.get(f"/api/v1/runs/{before.pk}/compare/{after.pk}/").json()
    assert answer["modalities"][0]["before"]["model"]["version"] == "v1"


def test_shares_of_too_little_are_muted_in_their_own_column(two_runs, client_of, alice):
    before, after = two_runs
    after.modalities.filter(modality="eye_emotion").update(coverage=0.39)
    page = client_of(alice).get(f"/runs/{before.pk}/compare/{after.pk}/").content.decode()
    eyes = page[page.index('aria-labelledby="compare-eye_emotion"') :].split("</section>")[0]
    assert eyes.count('<td class="num muted">') == eyes.count('<td class="num">') / 2 > 0


def test_others_find_nothing(two_runs, client_of, bob, alice, make_interview, queued_run_of):
    before, after = two_runs
    pages = (f"/runs/{before.pk}/compare/{after.pk}/", f"/api/v1/runs/{before.pk}/compare/{after.pk}/")
    for page in pages:
        assert client_of(bob).get(page).status_code == 404
    stranger = queued_run_of(make_interview(alice, candidate_name="Erin Estrada"))
    for one, other in ((before, before), (before, stranger)):
        assert client_of(alice).get(f"/runs/{one.pk}/compare/{other.pk}/").status_code == 404


@pytest.fixture
def queued_run_of(alice):
    return lambda interview: run_request(recording=interview.recordings.get(), by=alice)


@pytest.mark.parametrize(
    ("difference", "text"), [(0.034, "+3 points"), (-0.3, "−30 points"), (0.004, "±0"), (None, "–"), (-0.0, "±0")]
)
def test_differences_carry_their_sign(difference, text):
    assert signed(difference, 100, "{:.0f} points", 1) == text
