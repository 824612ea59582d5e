"""From what the pipeline found to rows: nothing is saved here."""

import dataclasses

import pytest

from analysis.models import AnalysisRun, ModelVersion
from analysis.reasons import NARROW_BAND_VOICE
from analysis.results import agreement_of, confidences_of, results_of
from ml.timeline import UNKNOWN, Observation, Timeline

FACE = "facial_expression"


def test_numbers_are_computed_from_the_timelines_as_they_are_stored(make_analysis):
    """0.49996 is stored as 0.5 and must count as 0.5 from the first report on, not only after a recomputation."""
    observation = Observation(0.00004, 0.1, "happy", 0.49996, (0.49996, 0.50004))
    analysis = make_analysis()
    face = dataclasses.replace(
        analysis.modalities["facial_expression"],
        timeline=Timeline("facial_expression", ("happy", "sad"), (observation,)),
    )
    analysis = make_analysis(modalities={"facial_expression": face})
    assert results_of(analysis, run=AnalysisRun()).timelines["facial_expression"].observations[0] == Observation(
        0.0, 0.1, "happy", 0.5, (0.5, 0.5)
    )


@pytest.mark.parametrize("narrow_band", [True, False])
def test_metrics_that_rest_on_a_narrow_band_voice_are_marked_and_keep_their_value(make_analysis, narrow_band):
    wide = {row.metric: row for row in results_of(make_analysis(), run=AnalysisRun()).metrics(())}
    found = {
        row.metric: row for row in results_of(make_analysis(narrow_band=narrow_band), run=AnalysisRun()).metrics(())
    }
    marked = {key for key, row in found.items() if row.reason == NARROW_BAND_VOICE}
    assert marked == ({"confidence", "potential_lie"} if narrow_band else set())
    assert {key: row.value for key, row in found.items()} == {key: row.value for key, row in wide.items()}
    assert found["attentiveness"].reason == wide["attentiveness"].reason


class TestChosenVersion:
    def test_a_result_is_linked_to_the_version_whose_weights_read_it(self, make_analysis):
        analysis = make_analysis()
        version = ModelVersion(modality=FACE, sha256=analysis.modalities[FACE].model.sha256)
        results = results_of(analysis, run=AnalysisRun(), versions={FACE: version})
        linked = {result.modality: result.model_version for result in results.modalities}
        assert linked == {FACE: version, "eye_emotion": None, "eye_gaze": None, "speech_emotion": None}

    def test_other_weights_are_logged_and_keep_their_own_hash(self, make_analysis, caplog):
        analysis = make_analysis()
        version = ModelVersion(modality=FACE, sha256="0" * 64)
        face = results_of(analysis, run=AnalysisRun(), versions={FACE: version}).modalities[0]
        assert face.model_version is None
        assert face.model_sha256 == analysis.modalities[FACE].model.sha256
        assert "facial_expression was not read by the chosen version" in caplog.text


class TestShadows:
    def test_a_shadow_is_compared_with_the_timeline_of_the_report(self, make_analysis):
        analysis = make_analysis()
        shadow = dataclasses.replace(analysis.modalities[FACE], reason="little light")
        analysis = make_analysis(shadows={FACE: shadow})
        (row,) = results_of(analysis, run=AnalysisRun(), shadows={FACE: ModelVersion(modality=FACE)}).shadows
        assert (row.available, row.reason, row.agreement) == (True, "little light", 1.0)
        assert row.compared_s == pytest.approx(shadow.timeline.observed_s)

    def test_a_shadow_whose_weights_could_not_be_used_says_so(self, make_analysis):
        version = ModelVersion(modality=FACE)
        (row,) = results_of(make_analysis(), run=AnalysisRun(), shadows={FACE: version}).shadows
        assert (row.available, row.agreement, row.compared_s) == (False, None, 0.0)
        assert row.reason == "The weights of this version could not be used."


class TestAgreement:
    def timeline(self, *spans) -> Timeline:
        return Timeline(FACE, ("a", "b"), tuple(Observation(s, e, label, c) for s, e, label, c in spans))

    def test_only_time_that_both_observed_counts(self):
        one = self.timeline((0, 2, "a", 0.9), (2, 3, UNKNOWN, 0.0), (3, 5, "b", 0.5))
        other = self.timeline((1, 4, "a", 0.8), (6, 7, "b", 0.7))
        assert agreement_of(one, other) == (pytest.approx(2.0), pytest.approx(1.0))
        assert agreement_of(one, self.timeline()) == (0.0, 0.0)
        assert agreement_of(one, one) == (pytest.approx(4.0), pytest.approx(4.0))

    def test_confidences_over_observed_time(self):
        found = confidences_of(self.timeline((0, 1, "a", 1.0), (1, 3, "b", 0.55), (3, 9, UNKNOWN, 0.0)))
        assert found["mean_confidence"] == pytest.approx(2.1 / 3)
        assert found["confidence_histogram"] == [0, 0, 0, 0, 0, 2.0, 0, 0, 0, 1.0]
        assert confidences_of(self.timeline())["mean_confidence"] is None
