"""Changing what is allowed: tightening is free, loosening asks for a reason, and the log has both."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from interviews.models import AuditEntry
from interviews.selectors.policy import interview_policy, organization_policy
from interviews.services import policy as services


def set_research(organization: Any, by: Any, **fields: Any) -> None:
    services.policy_setting_set(organization=organization, by=by, purpose="research", **fields)


def test_tightening_needs_no_reason_and_loosening_again_does(northwind: Any, carol: Any, interview: Any) -> None:
    set_research(northwind, carol, lifted=["candor-lie-off"], blocked=["eye_gaze"], retention_days=30)
    policy = interview_policy(interview=interview)
    assert "eye_gaze" not in policy.modalities
    assert policy.retention_days == 30

    for looser in ({"lifted": ["candor-lie-off"]}, {"blocked": ["eye_gaze"], "retention_days": 31}):
        with pytest.raises(ValidationError) as refused:
            set_research(northwind, carol, **looser)
        assert "reason" in refused.value.message_dict
    set_research(northwind, carol, blocked=[], retention_days=60, reason="The study  goes on.")

    entry = AuditEntry.objects.filter(action="policy_changed").first()
    assert entry
    assert entry.details["reason"] == "The study goes on."
    assert entry.details["change"] == "loosened"
    assert entry.actor == carol.pk
    assert entry.organization == northwind.pk


def test_a_rule_of_the_law_cannot_be_lifted(northwind: Any, carol: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        services.policy_setting_set(
            organization=northwind, by=carol, purpose="recruitment", lifted=["eu-emotion-at-work"], reason="Please."
        )
    assert "lifted" in refused.value.message_dict


@pytest.mark.parametrize("days", [0, 3651])
def test_retention_has_limits(northwind: Any, carol: Any, days: int) -> None:
    with pytest.raises(ValidationError):
        set_research(northwind, carol, retention_days=days, reason="Long.")


def test_moving_to_a_place_with_fewer_rules_needs_a_reason(northwind: Any, carol: Any) -> None:
    def move(place: str, reason: str = "") -> None:
        services.organization_places_set(
            organization=northwind,
            by=carol,
            jurisdiction=place,
            usual_purpose="recruitment",
            usual_jurisdiction="uk",
            reason=reason,
        )

    move("eu")
    assert organization_policy(
        organization=northwind, purpose="recruitment", candidate_jurisdiction="uk"
    ).modalities == ("eye_gaze",)
    with pytest.raises(ValidationError):
        move("uk")
    move("uk", "The office has moved.")


def test_an_interview_that_is_not_stated_is_strict_until_it_is(interview: Any, alice: Any) -> None:
    interview.purpose = interview.candidate_jurisdiction = "unknown"
    interview.save()
    assert not interview_policy(interview=interview).modalities

    stated = {"interview": interview, "by": alice, "purpose": "research", "candidate_jurisdiction": "elsewhere"}
    assert len(services.interview_purpose_set(**stated).modalities) == 4
    services.interview_purpose_set(**{**stated, "purpose": "recruitment", "candidate_jurisdiction": "eu"})
    with pytest.raises(ValidationError):
        services.interview_purpose_set(**stated)
    services.interview_purpose_set(**stated, reason="It was entered wrongly.")


def test_interviews_from_before_are_stated_together_with_a_reason(interview: Any, carol: Any) -> None:
    interview.purpose, interview.kept_from = "unknown", None
    interview.save()
    fields = {"purpose": "research", "candidate_jurisdiction": "elsewhere"}
    with pytest.raises(ValidationError):
        services.interviews_purpose_state(organization=interview.organization, by=carol, reason=" ", **fields)
    assert (
        services.interviews_purpose_state(organization=interview.organization, by=carol, reason="Ours.", **fields) == 1
    )
    assert services.interviews_clock_start(organization=interview.organization, by=carol) == 1
    interview.refresh_from_db()
    assert interview.purpose == "research"
    assert interview.kept_from is not None


def test_what_was_stated_does_not_become_unstated_so_that_loosening_needs_its_reason(
    interview: Any, alice: Any, northwind: Any, carol: Any
) -> None:
    with pytest.raises(ValidationError) as refused:
        services.interview_purpose_set(
            interview=interview, by=alice, purpose="unknown", candidate_jurisdiction="unknown"
        )
    assert set(refused.value.message_dict) == {"purpose", "candidate_jurisdiction"}
    with pytest.raises(ValidationError) as refused:
        services.organization_places_set(
            organization=northwind, by=carol, jurisdiction="unknown", usual_purpose="unknown", usual_jurisdiction="eu"
        )
    assert set(refused.value.message_dict) == {"jurisdiction"}

    interview.purpose, interview.candidate_jurisdiction = "recruitment", "unknown"
    interview.save()
    stated = {"interview": interview, "by": alice, "candidate_jurisdiction": "elsewhere"}
    with pytest.raises(ValidationError, match="Say why"):
        services.interview_purpose_set(**stated, purpose="research")
    services.interview_purpose_set(**stated, purpose="recruitment")
