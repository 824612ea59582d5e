"""The JSON of a report: exactly what design and contract name, and consistent with its own intervals."""

import dataclasses

import pytest

from analysis.models import AnalysisRun
from analysis.reporting.report import report_build
from analysis.reporting.terminal import report_text
from analysis.results import results_of
from analysis.selectors import run_report, run_timelines
from ml.class_prior import ClassPrior
from ml.timeline import Gap, Observation, Timeline


def test_a_report_has_the_keys_of_the_contract(succeeded_run):
    report = run_report(run=succeeded_run)
    parts = {"run", "recording", "modalities", "metrics", "live", "people", "notes", "timing", "statement", "questions"}
    parts |= {"left_out"}
    assert set(report) == parts
    assert report["live"] is None, "an upload has no live readings"
    assert set(report["recording"]) == {"duration_s", "fps", "width", "height", "has_audio", "sha256"}
    assert list(report["modalities"]) == ["facial_expression", "eye_emotion", "eye_gaze", "speech_emotion"]
    assert list(report["metrics"]) == ["attentiveness", "deep_thinking", "confidence", "potential_lie"]
    for modality in report["modalities"].values():
        measured = {"available", "reason", "counts", "shares", "observed_s", "coverage", "enough", "gaps_s"}
        assert set(modality) == measured | {"model", "class_prior"}
        assert set(modality["model"]) == {"name", "version", "sha256"}
    for metric in report["metrics"].values():
        assert set(metric) == {"value", "reason", "definition", "coverage", "evidence"}
    assert set(report["timing"]) == {"wall_s", "decode_s", "realtime_factor"}
    evidence = report["metrics"]["attentiveness"]["evidence"]
    assert [(entry["start_s"], entry["end_s"], entry["kind"]) for entry in evidence] == [(10.0, 14.0, "look_away")]
    assert set(evidence[0]) == {"start_s", "end_s", "kind", "text", "spans"}


def test_counts_shares_and_coverage_follow_from_the_intervals(succeeded_run):
    report, lanes = run_report(run=succeeded_run), run_timelines(run=succeeded_run)
    assert lanes["duration_s"] == report["recording"]["duration_s"]
    for key, modality in report["modalities"].items():
        intervals = lanes["modalities"][key]["intervals"]
        seconds: dict[str, float] = {}
        counts: dict[str, int] = {}
        for start_s, end_s, label, _ in intervals:
            seconds[label] = seconds.get(label, 0.0) + end_s - start_s
            counts[label] = counts.get(label, 0) + 1
        unknown_s = seconds.pop("unknown", 0.0)
        observed_s = sum(seconds.values())
        assert {label: count for label, count in modality["counts"].items() if count} == counts
        assert modality["observed_s"] == pytest.approx(observed_s, abs=0.001)
        assert modality["coverage"] == pytest.approx(observed_s / lanes["duration_s"], abs=1e-4)
        assert sum(modality["shares"].values()) == pytest.approx(1.0, abs=0.001)
        assert "unknown" not in modality["shares"]
        for label, second in seconds.items():
            assert modality["shares"][label] == pytest.approx(second / observed_s, abs=1e-4)
        assert unknown_s == pytest.approx(0.2 if key == "eye_gaze" else 0.0)


def report_of(analysis) -> dict:
    run = AnalysisRun(timing=analysis.timing)
    results = results_of(analysis, run=run)
    run.media_info = results.media_info
    return report_build(run=run, modalities=results.modalities, metrics=results.metrics([]))


def test_a_report_without_a_database_says_the_same(succeeded_run, make_analysis):
    analysis = make_analysis()
    report = report_of(analysis)
    stored = run_report(run=succeeded_run)
    assert report == {key: stored[key] for key in report}


def test_what_was_not_measured_says_why_and_names_no_model(make_analysis):
    analysis = make_analysis()
    silent = dataclasses.replace(
        analysis.modalities["speech_emotion"],
        timeline=Timeline("speech_emotion", ("calm", "sad"), gaps=(Gap(0.0, 12.5, "silence"),)),
        available=False,
        reason="The recording has no audio track.",
        model=None,
    )
    analysis = make_analysis(modalities={**analysis.modalities, "speech_emotion": silent})
    report = report_of(analysis)
    assert report["modalities"]["speech_emotion"] == {
        "available": False,
        "reason": "The recording has no audio track.",
        "counts": {"calm": 0, "sad": 0},
        "shares": {"calm": 0.0, "sad": 0.0},
        "observed_s": 0,
        "coverage": 0.0,
        "enough": False,
        "gaps_s": {"silence": 12.5},
        "model": None,
        "class_prior": None,
    }
    assert report["metrics"]["confidence"]["value"] is None
    assert "not enough data" in report["metrics"]["confidence"]["reason"]
    assert report["metrics"]["attentiveness"]["value"] is not None


@pytest.mark.parametrize(("faces", "said"), [(0, False), (1, False), (2, True), (5, True)])
def test_an_analysis_without_people_mentions_several_faces_and_not_one(succeeded_run, faces: int, said: bool):
    del succeeded_run.media_info["people"]
    succeeded_run.media_info["max_simultaneous_faces"] = faces
    notes = run_report(run=succeeded_run)["notes"]
    assert [f"Up to {faces} faces were in view at once" in note for note in notes] == ([True] if said else [])


def test_seconds_without_a_reading_are_added_up_by_reason(make_analysis):
    analysis = make_analysis()
    face = analysis.modalities["facial_expression"]
    gaps = (Gap(0.0, 1.0, "no_face"), Gap(1.0, 3.5, "too_dark"), Gap(5.0, 6.0, "no_face"))
    dark = dataclasses.replace(face, timeline=Timeline("facial_expression", face.timeline.labels, gaps=gaps))
    report = report_of(make_analysis(modalities={**analysis.modalities, "facial_expression": dark}))
    assert report["modalities"]["facial_expression"]["gaps_s"] == {"too_dark": 2.5, "no_face": 2.0}
    assert "Not read: too dark 2.5 s, no face in view 2.0 s" in report_text(report)


def test_shares_need_what_the_metrics_need(make_analysis):
    analysis = make_analysis()
    duration_s = analysis.info.duration_s

    def of(key, label, seconds):
        timeline = Timeline(key, (label,), (Observation(0.0, seconds, label, 0.9),))
        return {key: dataclasses.replace(analysis.modalities[key], timeline=timeline)}

    for key, label, least_s in (("eye_gaze", "center", 0.4 * duration_s), ("speech_emotion", "calm", 10.0)):
        for seconds, enough in ((least_s, True), (least_s - 0.1, False)):
            report = report_of(make_analysis(modalities={**analysis.modalities, **of(key, label, seconds)}))
            assert report["modalities"][key]["enough"] is enough
            only = {**report, "modalities": {key: report["modalities"][key]}}
            assert ("Too little was observed" in report_text(only)) is not enough


def test_the_class_prior_that_was_corrected_for_is_told_by_label(make_analysis, succeeded_run, client_of, alice):
    analysis = make_analysis()
    face = analysis.modalities["facial_expression"]
    shares = (0.1, 0.1, 0.1, 0.2, 0.1, 0.1, 0.3)
    prior = ClassPrior(training=shares, use=shares[::-1], source="a survey")
    corrected = dataclasses.replace(face, class_prior=prior)
    report = report_of(make_analysis(modalities={**analysis.modalities, "facial_expression": corrected}))
    told = report["modalities"]["facial_expression"]["class_prior"]
    assert (told["training"]["neutral"], told["use"]["neutral"], told["source"]) == (0.3, 0.1, "a survey")
    succeeded_run.modalities.filter(modality="facial_expression").update(class_prior=prior.to_json())
    page = client_of(alice).get(f"/interviews/{succeeded_run.recording.interview_id}/").content.decode()
    assert "how often expressions occur in conversation" in page
