"""What a hold has kept of what was changed while it stood."""

from collections import Counter
from typing import Any

from django.apps import apps

from interviews.models import HeldRevision, Interview
from interviews.policy import Decision
from interviews.selectors.consent import consents_of
from interviews.selectors.policy import MODALITIES, interview_policy


def held_counts(*, interview: Interview) -> list[tuple[str, int]]:
    """How many earlier states are kept of what kind of row."""
    counted = Counter(interview.held_revisions.values_list("model", flat=True))
    return sorted((str(apps.get_model(model)._meta.verbose_name), count) for model, count in counted.items())


def held_document(*, interview: Interview) -> dict[str, Any]:
    """The earlier states with their fields, the oldest first: what each row was until ``replaced_at``.

    Results that the candidate took back, and those that policy does not show, are kept and not in it: ``left_out`` is
    how many.
    """
    policy, transcript = interview_policy(interview=interview), consents_of(interview_id=interview.pk).transcript
    kept = list(interview.held_revisions.select_related("replaced_by"))
    shown = [one for one in kept if _is_shown(one, policy, transcript=transcript)]
    return {
        "interview": interview.pk,
        "left_out": len(kept) - len(shown),
        "before_changes": [
            {
                "model": one.model,
                "row": one.row,
                "fields": one.fields,
                "replaced_at": one.replaced_at,
                "replaced_by": one.replaced_by.email if one.replaced_by else None,
            }
            for one in shown
        ],
    }


def _is_shown(revision: HeldRevision, policy: Decision, *, transcript: bool) -> bool:
    shows = policy.shows_organization
    match revision.model:
        case "analysis.metricresult":
            return shows and policy.allows(revision.fields["metric"])
        case "analysis.robustness":
            return shows and all(policy.allows(key) for keys in MODALITIES.values() for key in keys)
        case "analysis.transcriptsentence":
            return shows and policy.transcript and transcript
        case "interviews.gazecalibration":
            return policy.allows("eye_gaze")
        case _:
            return True
