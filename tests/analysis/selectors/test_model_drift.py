"""Does a version still read what it read at activation? A plain warning where it does not, none where it does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from analysis.model_quality.drift import MINIMUM_REPORTS
from analysis.models import AnalysisRun, ModalityResult
from analysis.selectors.model_drift import WINDOW, model_drift

SURE = [0.0] * 8 + [2.0, 8.0]
UNSURE = [0.0] * 3 + [8.0, 2.0] + [0.0] * 5


@pytest.fixture
def version(make_version):
    return make_version(status="active", activated_at=timezone.now() - timedelta(days=100))


@pytest.fixture
def add_reports(interview, version):
    """``add_reports(days=3, happy=0.2)``: as many reports as are needed, so many days after activation."""
    recording = interview.recordings.get()

    def add(*, days: float, happy: float, histogram=SURE, count: int = MINIMUM_REPORTS) -> None:
        for _ in range(count):
            run = AnalysisRun.objects.create(
                recording=recording, status="succeeded", finished_at=version.activated_at + timedelta(days=days)
            )
            ModalityResult.objects.create(
                run=run,
                modality=version.modality,
                model_version=version,
                available=True,
                shares={"happy": happy, "neutral": 1 - happy},
                observed_s=10.0,
                mean_confidence=0.9,
                confidence_histogram=histogram,
            )

    return add


def test_the_same_labels_give_no_warning(version, add_reports):
    add_reports(days=3, happy=0.2)
    add_reports(days=90, happy=0.22)
    drift = model_drift(version=version)
    assert (drift.at_activation.reports, drift.recent.reports) == (MINIMUM_REPORTS, MINIMUM_REPORTS)
    assert drift.label_index < 0.01
    assert drift.confidence_index == 0
    assert drift.warning == ""
    assert drift.note
    assert drift.recent.mean_confidence == pytest.approx(0.9)


def test_other_labels_are_a_marked_difference(version, add_reports):
    add_reports(days=3, happy=0.2)
    add_reports(days=90, happy=0.8)
    drift = model_drift(version=version)
    assert drift.recent.labels["happy"] == pytest.approx(0.8)
    assert "the labels it gives differed markedly" in drift.warning
    assert drift.note == ""


def test_another_certainty_is_named(version, add_reports):
    add_reports(days=3, happy=0.2)
    add_reports(days=90, happy=0.2, histogram=UNSURE)
    assert "how sure it is differed markedly" in model_drift(version=version).warning


def test_too_little_is_said_and_not_compared(version, add_reports):
    add_reports(days=3, happy=0.2)
    add_reports(days=90, happy=0.9, count=MINIMUM_REPORTS - 1)
    drift = model_drift(version=version)
    assert (drift.label_index, drift.warning) == (None, "")
    assert f"and {MINIMUM_REPORTS - 1} in the last four" in drift.note


def test_a_young_version_says_when(make_version):
    drift = model_drift(version=make_version(status="active", activated_at=timezone.now() - WINDOW))
    assert drift.note.startswith("The first comparison is possible on ")
    assert "never active" in model_drift(version=make_version(version="v9")).note
