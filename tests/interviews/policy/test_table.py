"""The table of rules, row by row: what each leaves out where, and that nothing else does."""

from datetime import date

import pytest

from analysis.metrics.computing import metrics_compute
from analysis.metrics.definitions import METRICS
from analysis.models import MetricKey, Modality
from interviews.policy import TABLE, Jurisdiction, Purpose, Setting, decide
from ml.modalities import MODALITIES
from tests.factories.analyses import interview_timelines

EMOTIONS = ("facial_expression", "eye_emotion", "speech_emotion")
FACE = ("facial_expression", "eye_emotion", "eye_gaze")
ON_EMOTIONS = ("deep_thinking", "confidence", "potential_lie")
LIE = ("potential_lie",)
WORK = ("recruitment", "employment")

# By rule: the purposes and a place that it covers, what it leaves out there, and a place and a purpose beside it.
ROWS = {
    "eu-emotion-at-work": (WORK, "eu", (*EMOTIONS, *ON_EMOTIONS), "uk", "research"),
    "own-training": (("training",), "elsewhere", (), None, "recruitment"),
    "us-lie-detector": (WORK, "us_massachusetts", LIE, "uk", "research"),
    "us-illinois-video-interview": (("recruitment",), "us_illinois", (), "us", "research"),
    "us-illinois-biometrics": (("recruitment", "research"), "us_illinois", (), "us", None),
    "us-maryland-waiver": (("recruitment",), "us_maryland", (*FACE, *METRICS), "us", "research"),
    "us-new-york-city-audit": (WORK, "us_newyorkcity", (*MODALITIES, *METRICS), "us", "research"),
    "us-new-york-city-notice": (WORK, "us_newyorkcity", (), "us", "research"),
    "candor-lie-at-work": (WORK, "elsewhere", LIE, None, "research"),
    "candor-lie-off": (("training", "research"), "elsewhere", LIE, None, "recruitment"),
}


def left_out(rule_id: str, *, purpose: str, candidate: str, organization: str = "elsewhere") -> set[str] | None:
    decision = decide(candidate=candidate, organization=organization, purpose=purpose)
    if rule_id not in {rule.id for rule in decision.rules}:
        return None
    return {key for one in decision.left_out if one.rule.id == rule_id for key in one.keys}


def test_every_row_of_the_table_is_tested() -> None:
    assert set(ROWS) == {rule.id for rule in TABLE.rules}


@pytest.mark.parametrize("rule_id", ROWS)
def test_a_rule_applies_where_it_says_and_nowhere_else(rule_id: str) -> None:
    purposes, place, keys, other_place, other_purpose = ROWS[rule_id]
    for purpose in purposes:
        assert left_out(rule_id, purpose=purpose, candidate=place) == set(keys)
        assert left_out(rule_id, purpose=purpose, candidate="elsewhere", organization=place) == set(keys)
        if other_place:
            assert left_out(rule_id, purpose=purpose, candidate=other_place) is None
        assert left_out(rule_id, purpose=purpose, candidate="unknown") == set(keys)
    if other_purpose:
        assert left_out(rule_id, purpose=other_purpose, candidate=place) is None
    assert left_out(rule_id, purpose="unknown", candidate=place) == set(keys)


@pytest.mark.parametrize("rule", TABLE.rules, ids=lambda rule: rule.id)
def test_a_rule_says_what_it_rests_on(rule) -> None:
    assert rule.title
    assert rule.sentence.endswith(".")
    assert rule.source.endswith(".")
    assert rule.url.startswith("https://") or rule.source.startswith("Candor's own")
    assert date(2026, 1, 1) < TABLE.checked_on <= date.today()


def test_the_keys_are_those_of_recognisers_and_metrics() -> None:
    assert set(TABLE.modalities) == set(MODALITIES)
    assert tuple(TABLE.metrics) == METRICS
    labels = {str(key): key.label for key in (*Modality, *MetricKey)}
    assert TABLE.names == {**labels, "transcript": "Transcript"}
    assert set(TABLE.retention_days) == set(Purpose.values) - {"unknown"}


@pytest.mark.parametrize("metric", METRICS)
def test_a_metric_needs_nothing_but_what_it_is_said_to_be_built_on(metric: str) -> None:
    timelines = interview_timelines()
    own = {key: timelines[key] for key in TABLE.metrics[metric]}
    every, alone = (metrics_compute(timelines=t, questions_s=[9.0], duration_s=20.0)[metric] for t in (timelines, own))
    assert (every.value, every.evidence) == (alone.value, alone.evidence)


@pytest.mark.parametrize("place", ["eu", "eea"])
def test_recruitment_in_the_european_union_has_gaze_and_what_is_built_on_it(place: str) -> None:
    decision = decide(candidate=place, organization="us", purpose="recruitment")
    assert decision.modalities == ("eye_gaze",)
    assert decision.metrics == ("attentiveness",)


def test_nothing_known_is_the_strictest() -> None:
    strictest = decide(candidate="unknown", organization="unknown", purpose="unknown")
    assert not strictest.modalities
    assert not strictest.metrics
    assert not strictest.shows_organization
    for purpose in Purpose.values:
        for place in Jurisdiction.values:
            decision = decide(candidate=place, organization="elsewhere", purpose=purpose)
            assert strictest.retention_days <= decision.retention_days
            assert strictest.notice_business_days >= decision.notice_business_days


def test_research_has_everything_once_the_lie_is_switched_on() -> None:
    settings = {"research": Setting(lifted=("candor-lie-off",))}
    decision = decide(candidate="elsewhere", organization="elsewhere", purpose="research", settings=settings)
    assert decision.modalities
    assert not decision.left_out
    assert decision.metrics == METRICS
    assert decision.transcript
    assert decision.shows_organization


def test_law_cannot_be_lifted_by_a_setting() -> None:
    settings = {"recruitment": Setting(lifted=("eu-emotion-at-work", "candor-lie-at-work"))}
    decision = decide(candidate="eu", organization="eu", purpose="recruitment", settings=settings)
    assert decision.modalities == ("eye_gaze",)


def test_an_organization_can_leave_out_more_and_keep_for_less() -> None:
    settings = {"research": Setting(blocked=("eye_gaze", "transcript"), retention_days=7)}
    decision = decide(candidate="elsewhere", organization="elsewhere", purpose="research", settings=settings)
    assert "eye_gaze" not in decision.modalities
    assert not decision.transcript
    assert decision.retention_days == 7
    assert "attentiveness" not in decision.metrics
    assert "deep_thinking" not in decision.metrics
    illinois = decide(
        candidate="us_illinois",
        organization="us_illinois",
        purpose="research",
        settings={"research": Setting(retention_days=3650)},
    )
    assert illinois.retention_days == 1095
